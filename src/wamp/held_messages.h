#pragma once
// What a client said while an earlier message of its waits for the gate (gate.h), that message in front:
// whole messages, in their order, bounded. There while something waits, and not otherwise.

#include <cstddef>
#include <deque>
#include <utility>

#include "base/bytes.h"

namespace crosspoint::wamp {

class HeldMessages {
 public:
  // What keeping a message costs beside its bytes.
  static constexpr std::size_t overhead = 64;

  explicit HeldMessages(Bytes waiting) { put_back(to_vector(waiting)); }

  // False: more would wait behind the first than `bytes_max`. The first may be as long as a message may be.
  [[nodiscard]] bool add(Bytes message, std::size_t bytes_max) {
    if (behind_ + message.size() + overhead > bytes_max) return false;
    behind_ += message.size() + overhead;
    messages_.push_back(to_vector(message));
    return true;
  }

  // The first, to be said once more; what was behind it is then in front.
  ByteVector take() {
    auto first = std::move(messages_.front());
    messages_.pop_front();
    if (!messages_.empty()) behind_ -= messages_.front().size() + overhead;
    return first;
  }
  // It waits again, in front.
  void put_back(ByteVector message) {
    if (!messages_.empty()) behind_ += messages_.front().size() + overhead;
    messages_.push_front(std::move(message));
  }

  bool empty() const { return messages_.empty(); }
  std::size_t bytes_behind() const { return behind_; }

 private:
  std::deque<ByteVector> messages_;
  std::size_t behind_ = 0;
};

}  // namespace crosspoint::wamp
