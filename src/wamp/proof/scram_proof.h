#pragma once
// SCRAM (RFC 5802, RFC 7677) as WAMP spells it: the client proves that it knows the password, the router that
// it knows what the password was made into, and neither sends anything from which it could be found. Two
// dialects, told apart by the name of the method:
//
//                       specification ("wamp-scram")              Autobahn, Crossbar.io ("scram")
//   nonce of CHALLENGE  client's text + ours                      base64(client's bytes + ours)
//   kdf                 "pbkdf2", "argon2id13"                    "pbkdf2", "argon2id-13"
//   salted password     the KDF's 32 bytes                        with Argon2id, their base64 text unpadded
//   c=                  base64(GS2 header + binding)              nothing
//   AUTHENTICATE.extra  nonce, channel_binding, cbind_data        nothing
//   our proof           WELCOME.authextra.verifier                WELCOME.authextra.scram_server_signature
//
// So what is stored for a password with Argon2id is good for one of the dialects only.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "crypto/sha.h"

namespace crosspoint::wamp::proof {

enum class ScramDialect : std::uint8_t { specification, autobahn };
enum class ScramKdf : std::uint8_t { pbkdf2, argon2id };

inline constexpr std::size_t scram_nonce_bytes = 16;  // of the router's, and the least of a client's

std::string_view kdf_name(ScramKdf kdf, ScramDialect dialect);
std::optional<ScramKdf> find_kdf(std::string_view name, ScramDialect dialect);

// How a password becomes keys.
struct ScramCosts {
  std::string salt = {};  // base64, as CHALLENGE has it
  ScramKdf kdf = ScramKdf::pbkdf2;
  std::uint32_t iterations = 4096;
  std::uint32_t memory_kib = 0;  // argon2id only
};

// What a password is made into: the client's, which opens the session, ...
struct ScramSecret {
  crypto::Sha256Digest client{}, server{};
};
// ... and the router's, from which it cannot be found.
struct ScramKeys {
  crypto::Sha256Digest stored{}, server{};
};

// Nothing: the salt is no base64 (argon2id: of 16 bytes), or a cost is none. The password as typed: SASLprep,
// which clients apply, changes nothing of ASCII.
std::optional<ScramSecret> scram_secret(std::string_view password, const ScramCosts& costs,
                                        ScramDialect dialect);
ScramKeys scram_keys(const ScramSecret& secret);

// What both proofs are over.
struct ScramTexts {
  std::string_view authid = {}, client_nonce = {}, nonce = {}, salt = {};
  std::uint32_t iterations = 0;
  std::string_view channel = {};  // after "c="
};
std::string scram_auth_message(const ScramTexts& texts);

struct ScramProofs {
  crypto::Sha256Digest client{};  // what the client says
  crypto::Sha256Digest server{};  // and is to be answered
};
ScramProofs scram_prove(const ScramSecret& secret, std::string_view auth_message);
// The router's proof, if the client's is good.
std::optional<crypto::Sha256Digest> scram_check(const ScramKeys& keys, std::string_view auth_message,
                                                Bytes proof);

}  // namespace crosspoint::wamp::proof
