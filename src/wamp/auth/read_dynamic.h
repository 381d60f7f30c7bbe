#pragma once
// What the procedures of dynamic authenticators and authorizers say (wamp-router 11.7), from the bytes of
// their result. It is the first positional result; without one, the keyword results.
//
// Of an authenticator: the role as a text, or a map with
//   role                                     always
//   realm, authid                            others than were asked for
//   secret, salt, iterations, keylen         wampcra: the secret itself; with a salt the client derives a key
//   key, salt, iterations, keylen            wampcra: what was derived from it, in base64
//   pubkey                                   cryptosign: 64 hexadecimal digits
//   stored-key, server-key, salt, kdf, iterations, memory     scram, as in [wamp.principal.scram]
//   extra                                    a map of plain values, for WELCOME.authextra
// Of an authorizer: true or false, or a map with allow, disclose, cache.
//
// Keys may have '_' for '-'. Unknown ones are passed over, null is absent. The error is a sentence for who
// runs the procedure, and holds nothing of what it said.

#include <string>

#include "base/result.h"
#include "wamp/auth/authorizer.h"
#include "wamp/auth/dynamic_answer.h"
#include "wamp/payload.h"

namespace crosspoint::wamp::auth {

// A clear secret with a salt is made into a key on the router's loop: in no more rounds than this.
inline constexpr std::uint32_t dynamic_secret_iterations_max = 100'000;
inline constexpr std::size_t dynamic_extra_fields_max = 64;

Result<DynamicAnswer, std::string> read_dynamic_answer(const Payload& result);
Result<DynamicVerdict, std::string> read_dynamic_verdict(const Payload& result);

}  // namespace crosspoint::wamp::auth
