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
#include "base/result.h"
#include "crypto/sha.h"
#include "wamp/auth/extra.h"
#include "wamp/auth/fields.h"
#include "wamp/auth/transport_facts.h"

namespace crosspoint::wamp::auth {

enum class ScramDialect : std::uint8_t { specification, autobahn };
enum class ScramKdf : std::uint8_t { pbkdf2, argon2id };

inline constexpr std::size_t scram_nonce_bytes = 16;  // of ours, and the least of a client's
inline constexpr std::size_t scram_nonce_text_max = 256;

struct ScramKeys {
  crypto::Sha256Digest stored{}, server{};
};

struct ScramCredential {
  std::string salt = {};  // base64, as CHALLENGE has it
  ScramKdf kdf = ScramKdf::pbkdf2;
  std::uint32_t iterations = 4096;
  std::uint32_t memory_kib = 0;  // argon2id only
  ScramKeys keys = {};
};

// A salt as people write it, in the form that CHALLENGE has: base64, or 32 digits of hex, as Autobahn's
// derive_scram_credential prints one and Crossbar.io's configuration has it. Nothing: it is neither.
std::optional<std::string> read_scram_salt(std::string_view text);

// What to store for a password. Nothing: the salt is no base64 (argon2id: of 16 bytes), or a cost is none.
// The password as typed: SASLprep, which clients apply, changes nothing of ASCII.
std::optional<ScramKeys> scram_keys(std::string_view password, const ScramCredential& costs,
                                    ScramDialect dialect);

// What both proofs are over.
struct ScramTexts {
  std::string_view authid = {}, client_nonce = {}, nonce = {}, salt = {};
  std::uint32_t iterations = 0;
  std::string_view channel = {};  // after "c="
};
std::string scram_auth_message(const ScramTexts& texts);
// Our proof, if the client's is good.
std::optional<crypto::Sha256Digest> scram_check(const ScramKeys& keys, std::string_view auth_message,
                                                Bytes proof);

// One opening, from HELLO to WELCOME.
class ScramExchange {
 public:
  // The error is a sentence for whoever runs the client.
  static Result<ScramExchange, std::string> begin(ScramDialect dialect, ScramCredential credential,
                                                  std::string authid, const HelloExtra& hello,
                                                  const TransportFacts& facts,
                                                  std::span<const std::byte, scram_nonce_bytes> ours);

  Fields challenge() const;
  // WELCOME's authextra, if the answer proves the password.
  std::optional<Fields> verify(std::string_view signature, const AuthenticateExtra& extra) const;

 private:
  ScramExchange() = default;

  ScramDialect dialect_{};
  ScramCredential credential_;
  std::string authid_, client_nonce_, nonce_;
  std::string binding_;       // its name; empty: none
  ByteVector binding_bytes_;  // what both ends must have seen
};

}  // namespace crosspoint::wamp::auth
