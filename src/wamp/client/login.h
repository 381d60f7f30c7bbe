#pragma once
// How a client shows who it is: what HELLO offers, what it answers to a CHALLENGE, and what it wants to see
// in WELCOME. The router's halves are in auth/, with which the tests compare these; what both compute is in
// proof/.
//
// There is no downgrade: a client that has a secret offers the methods that use it and no other, so that a
// router cannot make it come in anonymously, or show its secret in clear.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/secret_text.h"
#include "crypto/signature.h"
#include "data/format.h"
#include "data/value.h"
#include "wamp/proof/channel.h"
#include "wamp/proof/scram_proof.h"

namespace crosspoint::wamp::client {

// The router chooses how much work a proof costs, and we do it: more than this is refused.
inline constexpr std::uint32_t wampcra_iterations_max = 1'000'000;  // and of SCRAM by PBKDF2
inline constexpr std::uint32_t wampcra_key_bytes_max = 64;
inline constexpr std::uint32_t argon2_passes_max = 10'000;
inline constexpr std::uint32_t argon2_memory_kib_max = 256 * 1024;
inline constexpr std::uint64_t argon2_work_kib_max = std::uint64_t{4} << 20;  // passes times memory

// At most one of ticket, secret, password, key and certificate; none: anonymous.
struct Login {
  std::string authid = {};  // empty: the router chooses, or knows the key
  std::optional<crypto::SecretText> ticket = {};
  std::optional<crypto::SecretText> secret = {};    // of WAMP-CRA
  std::optional<crypto::SecretText> password = {};  // of SCRAM, which needs an authid
  std::optional<crypto::PrivateKey> key = {};       // of cryptosign: Ed25519
  bool certificate = false;                         // the connection has shown it: TLS
  // Of key and password: "tls-unique" or "tls-exporter". Empty: the proof would be good on another
  // connection.
  std::string channel_binding = {};
  // Methods that the program answers itself; they are offered first.
  std::vector<std::string> others = {};
  std::optional<data::Value> extra = {};  // HELLO.Details.authextra, where no method of ours has one: a map
};

// What is of one connection alone.
struct Channel {
  proof::ChannelBindings bindings;
  std::array<std::byte, proof::scram_nonce_bytes> nonce{};  // random
};

// HELLO.Details.authmethods.
std::vector<std::string> methods_of(const Login& login);

// One opening, from HELLO to WELCOME. Sentences hold nothing secret.
class LoginExchange {
 public:
  // `login` outlives it.
  LoginExchange(const Login& login, const Channel& channel);

  // Why this login cannot be shown on this connection; empty: it can.
  std::string trouble() const;
  // HELLO.Details.authextra, a map in `format`; empty: none.
  ByteVector hello_extra(data::Format format) const;
  // AUTHENTICATE. `extra` is CHALLENGE.Extra; ours is a map in `format`, or empty.
  struct Answer {
    crypto::SecretText signature;
    ByteVector extra = {};
  };
  Result<Answer, std::string> answer(std::string_view method, data::Format format, Bytes extra);
  bool is_others(std::string_view method) const;
  // WELCOME.Details.authextra: whether the router has proven itself, where the method says that it must. The
  // error is a sentence.
  Result<void, std::string> check_welcome(std::string_view authmethod, const data::Value* authextra) const;

 private:
  Result<Answer, std::string> scram(proof::ScramDialect dialect, data::Format format,
                                    const data::Value& extra);
  Result<Answer, std::string> cryptosign(const data::Value& extra) const;

  const Login& login_;
  const proof::ChannelBindings bindings_;
  const std::string nonce_;        // of ours, base64
  std::string expected_;           // the router's proof, base64; empty: none is due
  std::string_view expected_key_;  // under which WELCOME has it
};

// An Ed25519 key from the text of a file: PEM (PKCS #8), or the 64 hexadecimal digits of the seed, as
// Autobahn's tools write it. The error is a sentence that completes "the file …".
Result<crypto::PrivateKey, std::string> read_login_key(std::string_view text);

}  // namespace crosspoint::wamp::client
