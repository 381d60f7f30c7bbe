#pragma once
// Somebody who may join, as the configuration has it: a name, a role, and for each method by which it may
// come in, what proves that it is the one. There is no way in but those.

#include <optional>
#include <string>
#include <vector>

#include "crypto/sha.h"
#include "wamp/auth/cryptosign.h"
#include "wamp/auth/method.h"
#include "wamp/auth/scram.h"
#include "wamp/auth/stored_password.h"
#include "wamp/auth/wampcra.h"

namespace crosspoint::wamp::auth {

using Fingerprint = crypto::Sha256Digest;

struct Principal {
  std::string authid = {}, role = {};
  std::optional<StoredPassword> ticket = {};
  std::optional<WampCraCredential> wampcra = {};
  std::optional<ScramCredential> scram = {}, wamp_scram = {};
  std::vector<CryptosignKey> cryptosign_keys = {};
  std::vector<ByteVector> certificates = {};  // SHA-1 or SHA-256 of the client's certificate

  Methods methods() const;
  const std::optional<ScramCredential>& scram_of(ScramDialect dialect) const {
    return dialect == ScramDialect::autobahn ? scram : wamp_scram;
  }
  // Which secret, key or certificate a session came in with, without telling what it is: when none of
  // these is among those of the next configuration, the session has to go.
  std::vector<Fingerprint> fingerprints(Method method) const;
};

Fingerprint fingerprint_of(Method method, Bytes credential);

}  // namespace crosspoint::wamp::auth
