#pragma once
// Tokens that must be accepted, and many more that nobody may accept, for the tests of this room and for the
// comparison with another implementation (tests/token). Rows C1 to C5.

#include <string>
#include <string_view>
#include <vector>

#include "token/verifier.h"

namespace crosspoint::token::test_tokens {

// What the verifier that a token is shown to has been configured with.
enum class Keys {
  secret,  // crypto::test_keys::secret, for HS256
  rsa,     // one PEM file
  p256,
  ed25519,
  key_set,  // crypto::test_keys::key_set, for everything
};
inline constexpr Keys all_keys[] = {Keys::secret, Keys::rsa, Keys::p256, Keys::ed25519, Keys::key_set};
std::string_view to_string(Keys keys);

KeySet key_set_of(Keys keys);
// As every row wants it: no leeway, this audience.
Policy policy();
inline constexpr std::string_view audience = "https://lab.example/access";
// The verifier's time: later than `exp`s called past, earlier than `nbf`s called future, by many years either
// way.
inline constexpr WallTime now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

struct Row {
  std::string name;
  Keys keys;
  std::string token;
};

// Each accepted.
std::vector<Row> good_tokens();
// Each refused. `expected` is the cause that the row is about.
struct HostileRow : Row {
  Refusal expected;
};
std::vector<HostileRow> hostile_tokens();

// A genuine token with these texts for header and claims.
std::string genuine(Keys keys, std::string_view header, std::string_view claims);
// base64url of a text, of a signature.
std::string encoded(std::string_view text);
// The header that belongs to a kind of keys, and claims that are good for every policy above.
std::string header_for(Keys keys);
std::string good_claims();

}  // namespace crosspoint::token::test_tokens
