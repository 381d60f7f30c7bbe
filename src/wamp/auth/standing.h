#pragma once
// By what right a session is here, and whether that still holds: asked when the settings change (SIGHUP), and
// when a cookie brings somebody back.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wamp/auth/realm_book.h"

namespace crosspoint::wamp::auth {

// Who vouched for it.
enum class Provider : std::uint8_t { anonymous, principal, dynamic, token };
std::string_view to_string(Provider provider);  // WELCOME's authprovider: "static" for a principal

struct Standing {
  std::string realm = {}, authid = {}, role = {};
  Method method = Method::anonymous;  // by which it was recognised; never cookie
  Provider provider = Provider::anonymous;
  std::optional<Fingerprint> credential = {};  // of a principal: what it came in with

  bool operator==(const Standing&) const = default;
};

enum class StandingChange : std::uint8_t {
  stays,
  no_realm,      // wamp.close.close_realm
  no_role,       // the role, or that it is anybody's, is gone: wamp.error.no_such_role
  no_principal,  // the name, or its role, or what it came in with: wamp.error.no_such_principal
  no_method,     // nobody may come in so any more: wamp.error.no_auth_method
};
std::string_view reason_uri(StandingChange change);  // for GOODBYE

StandingChange judge(const RealmBook& book, const Standing& standing);

// Whether decisions that were made for this role must be forgotten: its rules or its authorizer changed.
bool role_changed(const RealmBook& before, const RealmBook& after, std::string_view realm,
                  std::string_view role);

}  // namespace crosspoint::wamp::auth
