#include "wamp/auth/principal.h"

namespace crosspoint::wamp::auth {
namespace {

ByteVector all_of(const WampCraCredential& credential) {
  ByteVector all = to_vector(credential.key.bytes());
  append(all, credential.salt);
  return all;
}

ByteVector all_of(const ScramCredential& credential) {
  ByteVector all = to_vector(Bytes(credential.keys.stored));
  append(all, Bytes(credential.keys.server));
  append(all, credential.salt);
  return all;
}

}  // namespace

Fingerprint fingerprint_of(Method method, Bytes credential) {
  ByteVector all = to_vector(as_bytes(to_string(method)));
  append(all, ":");
  append(all, credential);
  const auto fingerprint = crypto::sha256(all);
  crypto::wipe(all);
  return fingerprint;
}

Methods Principal::methods() const {
  Methods methods;
  if (ticket) methods.add(Method::ticket);
  if (wampcra) methods.add(Method::wampcra);
  if (scram) methods.add(Method::scram);
  if (wamp_scram) methods.add(Method::wamp_scram);
  if (!cryptosign_keys.empty()) methods.add(Method::cryptosign);
  if (!certificates.empty()) methods.add(Method::tls);
  return methods;
}

std::vector<Fingerprint> Principal::fingerprints(Method method) const {
  std::vector<Fingerprint> out;
  const auto add = [&](Bytes credential) { out.push_back(fingerprint_of(method, credential)); };
  if (method == Method::ticket && ticket) add(ticket->fingerprint());
  if (method == Method::wampcra && wampcra) add(all_of(*wampcra));
  if (method == Method::scram && scram) add(all_of(*scram));
  if (method == Method::wamp_scram && wamp_scram) add(all_of(*wamp_scram));
  if (method == Method::cryptosign) {
    for (const auto& key: cryptosign_keys) add(key);
  }
  if (method == Method::tls) {
    for (const auto& certificate: certificates) add(certificate);
  }
  return out;
}

}  // namespace crosspoint::wamp::auth
