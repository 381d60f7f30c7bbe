#pragma once
// What the procedure of a dynamic authenticator said about somebody. A text alone is the role; a dictionary
// may hold all of these.

#include <optional>
#include <string>

#include "wamp/auth/cryptosign.h"
#include "wamp/auth/fields.h"
#include "wamp/auth/scram.h"
#include "wamp/auth/wampcra.h"

namespace crosspoint::wamp::auth {

struct DynamicAnswer {
  std::string role = {};
  std::string realm = {};                         // another than was asked for; empty: that one
  std::string authid = {};                        // likewise
  std::optional<WampCraCredential> wampcra = {};  // secret, salt, iterations, keylen
  std::optional<ScramCredential> scram = {};
  std::optional<CryptosignKey> pubkey = {};
  Fields extra = {};  // for WELCOME.authextra
};

}  // namespace crosspoint::wamp::auth
