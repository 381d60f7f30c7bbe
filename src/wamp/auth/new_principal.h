#pragma once
// [[wamp.principal]] for somebody new: what `crosspoint principal` prints and people paste into their file.
// Of a secret only what the router verifies by stands there, and from that the secret is slow to find, where
// the method has a way.
//
//   ticket      ticket-hash          $argon2id$… or $pbkdf2-sha256$…
//   wampcra     wampcra-key          by PBKDF2, with its salt; whoever has it can come in with it
//   scram       [wamp.principal.scram], or wamp-scram: the two dialects, told apart by the method's name
//   cryptosign  cryptosign-keys      the public half
//
// Pure: salts are arguments. What slow hashes cost is bounded by the rows that read them (setting_rows.h).

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/password_hash.h"
#include "wamp/auth/cryptosign.h"
#include "wamp/auth/scram.h"

namespace crosspoint::wamp::auth {

// The keys that every principal has. An empty realm: it may join each.
struct NewPrincipal {
  std::string authid = {}, role = {}, realm = {};
};
// The error is a sentence that begins with the option: "--authid is missing". What makes blocks asks it
// first.
Result<void, std::string> check_new_principal(const NewPrincipal& who);

// How slowly a secret is made into what is stored.
struct SlowHash {
  ScramKdf kdf = ScramKdf::argon2id;
  std::uint32_t iterations = 0;      // of argon2id: passes; 0: what is usual for the method
  std::uint32_t memory_kib = 65536;  // argon2id only
};
// Passes of Argon2id (RFC 9106 section 4 has three for 64 MiB); rounds of PBKDF2 where the router computes
// them, and where a browser has to, in JavaScript.
inline constexpr std::uint32_t new_principal_passes = 3;
inline constexpr std::uint32_t new_principal_rounds = 600'000;
inline constexpr std::uint32_t new_principal_rounds_of_clients = 20'000;

using Salt = std::span<const std::byte, crypto::argon2_salt_bytes>;

// The block, with a line's end. The error is a sentence, and holds nothing of the secret.
using PrincipalBlock = Result<std::string, std::string>;
PrincipalBlock new_ticket_principal(const NewPrincipal& who, std::string_view ticket, const SlowHash& slow,
                                    Salt salt);
// By PBKDF2, whatever `slow` says: the method knows nothing else.
PrincipalBlock new_wampcra_principal(const NewPrincipal& who, std::string_view secret, const SlowHash& slow,
                                     Salt salt);
PrincipalBlock new_scram_principal(const NewPrincipal& who, std::string_view password, ScramDialect dialect,
                                   const SlowHash& slow, Salt salt);
PrincipalBlock new_cryptosign_principal(const NewPrincipal& who, Bytes public_key);

}  // namespace crosspoint::wamp::auth
