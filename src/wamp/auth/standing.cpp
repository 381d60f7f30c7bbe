#include "wamp/auth/standing.h"

#include <algorithm>

#include "wamp/error_uri.h"

namespace crosspoint::wamp::auth {
namespace {

StandingChange judge_principal(const Realm& realm, const Standing& standing) {
  const Principal* principal = realm.find_principal(standing.authid);
  if (principal == nullptr || principal->role != standing.role) return StandingChange::no_principal;
  if (!standing.credential) return StandingChange::no_principal;
  const auto present = principal->fingerprints(standing.method);
  const bool known = std::ranges::find(present, *standing.credential) != present.end();
  return known ? StandingChange::stays : StandingChange::no_principal;
}

bool same_role(const Realm::RoleEntry* a, const Realm::RoleEntry* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return *a->role == *b->role;
}

}  // namespace

std::string_view to_string(Provider provider) {
  switch (provider) {
    case Provider::anonymous: return "anonymous";
    case Provider::principal: return "static";
    case Provider::dynamic: return "dynamic";
    case Provider::token: return "token";
  }
  return "";
}

std::string_view reason_uri(StandingChange change) {
  switch (change) {
    case StandingChange::stays: return {};
    case StandingChange::no_realm: return error_uri::close_realm;
    case StandingChange::no_role: return error_uri::no_such_role;
    case StandingChange::no_principal: return error_uri::no_such_principal;
    case StandingChange::no_method: return error_uri::no_auth_method;
  }
  return {};
}

StandingChange judge(const RealmBook& book, const Standing& standing) {
  const Realm* realm = book.find_realm(standing.realm);
  if (realm == nullptr) return StandingChange::no_realm;
  if (realm->find_role(standing.role) == nullptr) return StandingChange::no_role;
  const RealmSettings& settings = realm->settings();
  switch (standing.provider) {
    case Provider::principal: return judge_principal(*realm, standing);
    case Provider::anonymous:
      return settings.anonymous_role == standing.role ? StandingChange::stays : StandingChange::no_role;
    case Provider::token:
      if (settings.token.role.empty()) return StandingChange::no_method;
      return settings.token.role == standing.role ? StandingChange::stays : StandingChange::no_role;
    case Provider::dynamic:
      // Somebody who has become a principal meanwhile is judged by that entry next time.
      return realm->find_authenticator(standing.method) != nullptr ? StandingChange::stays
                                                                   : StandingChange::no_method;
  }
  return StandingChange::no_method;
}

bool role_changed(const RealmBook& before, const RealmBook& after, std::string_view realm,
                  std::string_view role) {
  const Realm* old_realm = before.find_realm(realm);
  const Realm* new_realm = after.find_realm(realm);
  if (old_realm == nullptr || new_realm == nullptr) return old_realm != new_realm;
  return !same_role(old_realm->find_role(role), new_realm->find_role(role));
}

}  // namespace crosspoint::wamp::auth
