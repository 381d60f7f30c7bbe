#pragma once
// A password or key for as long as somebody needs it: its memory is overwritten when it goes. Moving hands
// the same memory on, so no copy stays behind. Never printed: it has no operator<< and no formatter.

#include <string_view>
#include <utility>

#include "base/bytes.h"

namespace crosspoint::crypto {

// Overwrites, also where the compiler sees that nobody reads it again.
void wipe(MutableBytes bytes);

class SecretText {
 public:
  SecretText() = default;
  explicit SecretText(std::string_view text) : bytes_(to_vector(as_bytes(text))) {}
  SecretText(const SecretText&) = default;
  SecretText(SecretText&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  SecretText& operator=(SecretText other) noexcept {
    bytes_.swap(other.bytes_);
    return *this;
  }
  ~SecretText() { wipe(bytes_); }

  std::string_view view() const { return as_text(bytes_); }
  Bytes bytes() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }

 private:
  ByteVector bytes_;
};

}  // namespace crosspoint::crypto
