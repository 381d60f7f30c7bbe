#pragma once
// SCRAM, the router's half: one opening, and what is stored for a password. The dialects and the arithmetic
// are the client's as well (proof/scram_proof.h).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "wamp/auth/extra.h"
#include "wamp/auth/fields.h"
#include "wamp/auth/transport_facts.h"
#include "wamp/proof/scram_proof.h"

namespace crosspoint::wamp::auth {

using proof::scram_auth_message;
using proof::scram_check;
using proof::scram_nonce_bytes;
using proof::ScramDialect;
using proof::ScramKdf;
using proof::ScramKeys;

inline constexpr std::size_t scram_nonce_text_max = 256;

// What is stored for a password.
struct ScramCredential {
  std::string salt = {};  // base64, as CHALLENGE has it
  ScramKdf kdf = ScramKdf::pbkdf2;
  std::uint32_t iterations = 4096;
  std::uint32_t memory_kib = 0;  // argon2id only
  ScramKeys keys = {};

  proof::ScramCosts costs() const { return {salt, kdf, iterations, memory_kib}; }
};

// A salt as people write it, in the form that CHALLENGE has: base64, or 32 digits of hex, as Autobahn's
// derive_scram_credential prints one and Crossbar.io's configuration has it. Nothing: it is neither.
std::optional<std::string> read_scram_salt(std::string_view text);

// What to store for a password. Nothing: the salt is no base64 (argon2id: of 16 bytes), or a cost is none.
std::optional<ScramKeys> scram_keys(std::string_view password, const ScramCredential& costs,
                                    ScramDialect dialect);

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
