#pragma once
// How a client shows who it is: what HELLO offers, and what it answers to a CHALLENGE. The router's halves
// are in auth/, with which the tests compare these.
//
// There is no downgrade: a client that has a secret offers the methods that use it and no other, so that a
// router cannot make it come in anonymously, or show its secret in clear.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/secret_text.h"
#include "crypto/signature.h"
#include "data/format.h"

namespace crosspoint::wamp::client {

// WAMP-CRA with a salt: more rounds of PBKDF2 than this are refused, since the router chooses them and we do
// the work.
inline constexpr std::uint32_t wampcra_iterations_max = 1'000'000;
inline constexpr std::uint32_t wampcra_key_bytes_max = 64;

// At most one of ticket, secret and key; none: anonymous.
struct Login {
  std::string authid;  // empty: the router chooses, or knows the key
  std::optional<crypto::SecretText> ticket;
  std::optional<crypto::SecretText> secret;  // of WAMP-CRA
  std::optional<crypto::PrivateKey> key;     // of cryptosign: Ed25519
};

// HELLO.Details.authmethods.
std::vector<std::string> methods_of(const Login& login);
// HELLO.Details.authextra, a map in `format`; empty: none.
ByteVector hello_extra(const Login& login, data::Format format);

// AUTHENTICATE.Signature. `extra` is CHALLENGE.Extra. The error is a sentence, which holds nothing secret.
Result<crypto::SecretText, std::string> answer_challenge(const Login& login, std::string_view method,
                                                         data::Format format, Bytes extra);

// An Ed25519 key from the text of a file: PEM (PKCS #8), or the 64 hexadecimal digits of the seed, as
// Autobahn's tools write it. The error is a sentence that completes "the file …".
Result<crypto::PrivateKey, std::string> read_login_key(std::string_view text);

}  // namespace crosspoint::wamp::client
