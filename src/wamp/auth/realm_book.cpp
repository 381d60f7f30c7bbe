#include "wamp/auth/realm_book.h"

#include <algorithm>

#include "base/assert.h"
#include "crypto/hmac.h"

namespace crosspoint::wamp::auth {
namespace {

template <class Map, class Key>
auto pointer_in(const Map& map, const Key& key) -> typename Map::mapped_type {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : found->second;
}

bool belongs(const std::string& entry_realm, const RealmSettings& realm) {
  return entry_realm.empty() || entry_realm == realm.name;
}

}  // namespace

const Realm::RoleEntry* Realm::find_role(std::string_view name) const {
  const auto found = roles_.find(name);
  return found == roles_.end() ? nullptr : &found->second;
}

const Principal* Realm::find_principal(std::string_view authid) const {
  return pointer_in(by_authid_, authid);
}

const Principal* Realm::find_by_key(const CryptosignKey& key) const { return pointer_in(by_key_, key); }

const Principal* Realm::find_by_certificate(Bytes sha256, Bytes sha1) const {
  if (sha256.empty() && sha1.empty()) return nullptr;
  if (const Principal* found = pointer_in(by_certificate_, to_vector(sha256))) return found;
  return pointer_in(by_certificate_, to_vector(sha1));
}

const DynamicAuthenticator* Realm::find_authenticator(Method method) const {
  for (const auto& authenticator: settings_.authenticators) {
    if (authenticator.methods.has(method)) return &authenticator;
  }
  return nullptr;
}

bool Realm::has_authorizer(std::string_view procedure, Match match) const {
  return std::ranges::any_of(roles_, [&](const auto& entry) {
    const std::string& authorizer = entry.second.role->authorizer;
    return !authorizer.empty() && matches(authorizer, procedure, match);
  });
}

bool Realm::discloses(bool Rule::* to) const {
  return std::ranges::any_of(roles_, [&](const auto& entry) {
    const Role& role = *entry.second.role;
    return !role.authorizer.empty() || std::ranges::any_of(role.rules, to);
  });
}
bool Realm::discloses_publishers() const { return discloses(&Rule::disclose_publisher); }
bool Realm::discloses_callers() const { return discloses(&Rule::disclose_caller); }

const Principal* Realm::model_for(std::string_view authid, Bytes disguise_key) const {
  if (all_.empty()) return nullptr;
  const auto hash = crypto::hmac_sha256(disguise_key, as_bytes(authid));
  return all_[read_big_endian(Bytes(hash).first(8)) % all_.size()];
}

RealmBook::RealmBook(WampSettings settings) : settings_(std::move(settings)) {
  for (const RealmSettings& realm_settings: settings_.realms) {
    auto realm = std::make_unique<Realm>(realm_settings);
    // A realm's own role goes before the one of the same name that all realms have.
    for (const bool own: {true, false}) {
      for (const Role& role: settings_.roles) {
        if (role.realm.empty() == own || !belongs(role.realm, realm_settings)) continue;
        realm->roles_.try_emplace(role.name, role);
      }
    }
    for (const PrincipalEntry& entry: settings_.principals) {
      if (!belongs(entry.realm, realm_settings)) continue;
      const Principal& principal = entry.principal;
      if (!realm->by_authid_.try_emplace(principal.authid, &principal).second) continue;
      realm->all_.push_back(&principal);
      for (const auto& key: principal.cryptosign_keys) realm->by_key_.try_emplace(key, &principal);
      for (const auto& hash: principal.certificates) realm->by_certificate_.try_emplace(hash, &principal);
    }
    realms_.push_back(std::move(realm));
  }
}

const Realm* RealmBook::find_realm(std::string_view name) const {
  const Realm* best = nullptr;
  for (const auto& realm: realms_) {
    const auto& settings = realm->settings();
    if (!settings.is_template && settings.name == name) return realm.get();
    if (!settings.is_template || !takes_realm(settings.name, name)) continue;
    if (best == nullptr || settings.name.size() > best->settings().name.size()) best = realm.get();
  }
  return best;
}

bool takes_realm(std::string_view pattern, std::string_view name) {
  if (!pattern.ends_with('*')) return pattern == name;
  pattern.remove_suffix(1);
  return name.size() > pattern.size() && name.starts_with(pattern);
}

}  // namespace crosspoint::wamp::auth
