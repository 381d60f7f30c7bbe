#pragma once
// A password or ticket in the form in which it can be recognised, and not read. Three forms:
//
//   "$argon2id$v=19$m=65536,t=2,p=1$SALT$HASH"      libsodium, argon2(1)
//   "$pbkdf2-sha256$i=600000$SALT$HASH"             base64, with or without its padding
//   clear                                           what a configuration of Crossbar.io has; only its
//                                                   SHA-256 is kept
//
// The first two are slow on purpose: tens of milliseconds, and Argon2id takes the memory that it names. They
// are checked away from the loops (PasswordJob).

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/secret_text.h"
#include "crypto/sha.h"

namespace crosspoint::wamp::auth {

inline constexpr std::uint32_t argon2_memory_kib_max = 1024 * 1024;
inline constexpr std::uint32_t argon2_time_cost_max = 64;
inline constexpr std::uint32_t pbkdf2_iterations_max = 10'000'000;

class StoredPassword {
 public:
  static StoredPassword from_clear(std::string_view password);
  // The two slow forms. The error is the rest of a sentence that begins with the setting's name; nothing of
  // the text is in it.
  static Result<StoredPassword, std::string> parse(std::string_view encoded);

  bool is_slow() const { return kind_ != Kind::digest; }
  // Takes the same time wherever it differs.
  bool matches(Bytes password) const;
  // The same for the same stored password only: tells whether it has been changed.
  crypto::Sha256Digest fingerprint() const;

 private:
  enum class Kind { digest, argon2id, pbkdf2 };
  Kind kind_ = Kind::digest;
  crypto::Sha256Digest digest_{};
  std::string encoded_;
  std::uint32_t iterations_ = 0;
  ByteVector salt_, hash_;
};

// One comparison, whole: may be moved to another thread, run there, and forgotten.
struct PasswordJob {
  StoredPassword stored;
  crypto::SecretText presented;

  bool run() const { return stored.matches(presented.bytes()); }
};

}  // namespace crosspoint::wamp::auth
