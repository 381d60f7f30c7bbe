#pragma once
// What HELLO.authextra and AUTHENTICATE.Extra may bring, of all methods together. A key that is absent, or
// null, is empty here; keys that no method knows have been left out. Texts are as the client sent them:
// nothing has been decoded yet.

#include <string>

namespace crosspoint::wamp::auth {

struct HelloExtra {
  std::string pubkey = {};           // cryptosign: hex
  std::string channel_binding = {};  // cryptosign, scram: "tls-unique", …
  std::string challenge = {};        // cryptosign: hex, to be signed by the router
  std::string nonce = {};            // scram: base64
};

struct AuthenticateExtra {
  std::string nonce = {};            // scram
  std::string channel_binding = {};  // scram
  std::string cbind_data = {};       // scram: base64
};

}  // namespace crosspoint::wamp::auth
