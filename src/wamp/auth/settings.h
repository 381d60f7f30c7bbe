#pragma once
// What the configuration says about realms: values, as read_settings.h makes them from the file. Asked
// through a RealmBook (realm_book.h). The names are those of the file.

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "data/format.h"
#include "wamp/auth/authorizer.h"
#include "wamp/auth/method.h"
#include "wamp/auth/principal.h"
#include "wamp/auth/rule.h"
#include "wamp/broker_settings.h"
#include "wamp/dealer_settings.h"
#include "wamp/delivery_policy.h"
#include "wamp/kept_topic.h"
#include "wamp/testaments.h"
#include "wamp/uri.h"

namespace crosspoint::wamp::auth {

inline constexpr Duration opening_timeout_max = 1min;  // a challenge is good for no longer

// A procedure that decides who somebody is ([[wamp.authenticator]]).
struct DynamicAuthenticator {
  std::string procedure = {};
  std::string realm = {};  // where it is registered; empty: in the realm that is being joined
  Methods methods = {};
};

// What a relay's token (JWT) opens ([wamp.realm.token]): decision 0019.
struct TokenSettings {
  std::string role = {};        // of who comes with one; empty: tokens open nothing
  std::string uri_prefix = {};  // "lab.topic.": the token's topic is the next component
};

struct RealmSettings {
  std::string name = {};       // of a template: a pattern, "lab.*"
  bool is_template = false;    // realms of this pattern come into being when somebody has joined
  std::size_t realms_max = 0;  // of a template, at one time
  UriCheck uri_check = UriCheck::loose;
  bool strict_request_ids = false;
  bool disclose_me = true;          // clients may say who they are by disclose_me
  bool plain_tickets = false;       // tickets and tokens also over connections that others can read
  bool cookie = false;              // a browser is recognised by its cookie
  std::string anonymous_role = {};  // empty: nobody comes in without a name
  TokenSettings token = {};
  std::vector<DynamicAuthenticator> authenticators = {};
  std::vector<KeptTopic> topics = {};  // whose events are kept
  DeliverySettings deliveries = {};
  BrokerSettings broker = {};
  DealerSettings dealer = {};
  TestamentSettings testaments = {};
};

struct Role {
  std::string name = {};
  std::string realm = {};       // a RealmSettings::name; empty: of every realm
  std::string authorizer = {};  // a procedure that decides instead of rules; empty: none
  std::vector<Rule> rules = {};

  bool operator==(const Role&) const = default;
};

struct PrincipalEntry {
  std::string realm = {};  // a RealmSettings::name; empty: of every realm
  Principal principal = {};
};

struct WampSettings {
  Duration opening_timeout = 10s;  // from HELLO to WELCOME
  AuthorizerLimits authorizer = {};
  std::size_t waiting_bytes_max = 8 * 1024 * 1024;  // for one client that does not read
  Duration waiting_age_max = 30s;                   // and how long
  data::Format ubjson_as = data::Format::ubjson;    // or bjdata: what clients mean by "ubjson"
  std::size_t cookies_max = 10'000;
  Duration cookie_age_max = std::chrono::hours(24 * 7);
  std::string long_poll = "/lp";      // the path of sessions over HTTP requests; empty: none
  std::string router_key_file = {};   // Ed25519, PEM: what the router proves itself with (cryptosign)
  std::string history_database = {};  // SQLite, for histories that outlast the program
  std::string management_realm = {};  // a RealmSettings::name; empty: the node does not answer (relay.*)
  std::vector<RealmSettings> realms = {};
  std::vector<Role> roles = {};
  std::vector<PrincipalEntry> principals = {};
};

}  // namespace crosspoint::wamp::auth
