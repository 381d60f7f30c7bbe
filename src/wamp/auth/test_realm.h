#pragma once
// A realm for tests: "lab", with a principal for each method, and roles that all may use.

#include <memory>

#include "base/hex.h"
#include "wamp/auth/realm_book.h"

namespace crosspoint::wamp::auth::test_realm {

inline constexpr std::string_view seed = "4d57d97a68f555696620a6d849c0ce582568518d729eb753dc7c732de2804510";
inline constexpr std::string_view pubkey = "1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d";

inline Principal named(std::string authid, std::string role = "user") {
  Principal principal;
  principal.authid = std::move(authid);
  principal.role = std::move(role);
  return principal;
}
inline Principal with_ticket(std::string authid, std::string_view ticket) {
  Principal principal = named(std::move(authid));
  principal.ticket = StoredPassword::from_clear(ticket);
  return principal;
}
inline Principal with_wampcra(std::string authid, std::string_view secret, std::string salt = {}) {
  Principal principal = named(std::move(authid));
  principal.wampcra = wampcra_from_secret(secret, std::move(salt));
  return principal;
}
inline Principal with_scram(std::string authid, std::string_view password) {
  Principal principal = named(std::move(authid));
  principal.wamp_scram = ScramCredential{.salt = "W22ZaJ0SNY7soEsUEjb6gQ=="};
  principal.wamp_scram->keys = *scram_keys(password, *principal.wamp_scram, ScramDialect::specification);
  return principal;
}
inline Principal with_key(std::string authid) {
  Principal principal = named(std::move(authid));
  principal.cryptosign_keys.push_back(*parse_cryptosign_key(pubkey));
  return principal;
}
inline Principal with_certificate(std::string authid, ByteVector fingerprint) {
  Principal principal = named(std::move(authid));
  principal.certificates.push_back(std::move(fingerprint));
  return principal;
}

// Without a single principal.
inline WampSettings empty_lab() {
  WampSettings settings;
  settings.realms.push_back({.name = "lab"});
  for (const char* role: {"user", "guest", "operator"}) settings.roles.push_back({.name = role});
  return settings;
}
inline WampSettings lab(std::vector<Principal> principals) {
  WampSettings settings = empty_lab();
  for (auto& principal: principals) settings.principals.push_back({"lab", std::move(principal)});
  return settings;
}

inline std::shared_ptr<const RealmBook> book(WampSettings settings) {
  return std::make_shared<const RealmBook>(std::move(settings));
}

}  // namespace crosspoint::wamp::auth::test_realm
