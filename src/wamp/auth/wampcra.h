#pragma once
// WAMP-CRA: the router says something new, and the client proves with a shared secret that it read it
// (specification, "Challenge-Response Authentication").
//
//   challenge  {"authid":"peter","authrole":"user","authmethod":"wampcra","authprovider":"static",
//               "nonce":"…","timestamp":"2026-01-02T03:04:05.678Z","session":3251278072152162}
//   signature  base64(HMAC-SHA256(key, challenge))
//
// The key is the secret's own bytes; or, when there is a salt, the base64 *text* of what PBKDF2 makes of the
// secret, which the client makes as well: CHALLENGE carries salt, iterations and keylen.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "crypto/secret_text.h"
#include "wamp/auth/fields.h"
#include "wamp/ids.h"

namespace crosspoint::wamp::auth {

inline constexpr std::uint32_t wampcra_iterations_default = 1000;
inline constexpr std::uint32_t wampcra_key_bytes_default = 32;

struct WampCraCredential {
  crypto::SecretText key;  // of the HMAC
  std::string salt;        // empty: the client takes the secret as it is
  std::uint32_t iterations = wampcra_iterations_default;
  std::uint32_t key_bytes = wampcra_key_bytes_default;
};

// With a salt, the key is derived here and now, and the clear secret can be forgotten.
WampCraCredential wampcra_from_secret(std::string_view secret, std::string salt,
                                      std::uint32_t iterations = wampcra_iterations_default,
                                      std::uint32_t key_bytes = wampcra_key_bytes_default);

struct WampCraSubject {
  std::string_view authid = {}, authrole = {}, authprovider = {};
  SessionId session{};
};
std::string wampcra_challenge(const WampCraSubject& subject, std::string_view nonce, WallTime now);
Fields wampcra_extra(const WampCraCredential& credential, const std::string& challenge);
std::string wampcra_signature(const WampCraCredential& credential, std::string_view challenge);

// "2026-01-02T03:04:05.678Z"
std::string utc_milliseconds(WallTime time);

}  // namespace crosspoint::wamp::auth
