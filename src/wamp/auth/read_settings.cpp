#include "wamp/auth/read_settings.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "base/hex.h"
#include "config/nearest_name.h"
#include "config/table_reader.h"
#include "wamp/auth/read_delivery.h"
#include "wamp/auth/read_limits.h"
#include "wamp/auth/read_principal.h"
#include "wamp/auth/read_topic.h"
#include "wamp/auth/setting_rows.h"
#include "wamp/auth/setting_tables.h"
#include "wamp/long_poll.h"

namespace crosspoint::wamp::auth {
namespace {

using config::FileTable;
using config::TableReader;

class SettingsReader {
 public:
  explicit SettingsReader(const config::SectionText& text) : text_(text) {}
  SettingsRead read();

 private:
  void read_router(TableReader& reader);
  void read_realm(const FileTable& table);
  void read_role(const FileTable& table);
  Rule read_rule(const FileTable& table);
  void read_authenticator(const FileTable& table);
  void add_principal(const FileTable& table);
  void read_pattern(TableReader& reader, RealmSettings& realm);

  TableReader reader_of(std::string path, const FileTable& table) {
    return {text_.file, std::move(path), table, out_.problems};
  }
  std::vector<std::string> realm_names() const;
  bool has_role(const std::string& role, const std::string& realm) const;
  void check_realm(TableReader& reader, const std::string& name);
  void check_management_realm(TableReader& reader);
  void check_role(TableReader& reader, std::string_view key, const std::string& role,
                  const std::string& realm);

  const config::SectionText& text_;
  SettingsRead out_;
  std::string slow_subscriber_;                                 // of realms that do not say
  std::set<std::pair<std::string, std::string>> names_, keys_;  // realm and authid, realm and key
};

SettingsRead SettingsReader::read() {
  TableReader reader = reader_of("wamp", text_.table);
  read_router(reader);
  // Realms refer to roles, and roles to realms: roles are checked against names alone.
  const auto& realms = reader.tables("realm");
  const auto& roles = reader.tables("role");
  for (const auto& table: realms) read_realm(table);
  check_management_realm(reader);
  for (const auto& table: roles) read_role(table);
  for (const auto& table: reader.tables("authenticator")) read_authenticator(table);
  for (const auto& table: reader.tables("principal")) add_principal(table);
  for (std::size_t i = 0; i < realms.size(); ++i) {
    const RealmSettings& realm = out_.settings.realms[i];
    TableReader again = reader_of("wamp.realm", realms[i]);
    if (!realm.anonymous_role.empty()) check_role(again, "anonymous-role", realm.anonymous_role, realm.name);
    if (!realm.token.role.empty()) check_role(again, "token-role", realm.token.role, realm.name);
  }
  reader.finish();
  return std::move(out_);
}

void SettingsReader::read_router(TableReader& reader) {
  WampSettings& settings = out_.settings;
  settings.opening_timeout = reader.duration(rows::opening_timeout);
  settings.authorizer.decisions_max = static_cast<std::size_t>(reader.integer(rows::decisions_max));
  settings.authorizer.decision_age_max = reader.duration(rows::decision_age_max);
  settings.authorizer.time_max = reader.duration(rows::authorizer_timeout);
  settings.waiting_bytes_max = reader.bytes(rows::waiting_bytes_max);
  settings.waiting_age_max = reader.duration(rows::waiting_age_max);
  slow_subscriber_ = reader.text(rows::slow_subscriber);
  if (reader.text(rows::ubjson) == "bjdata") settings.ubjson_as = data::Format::bjdata;
  settings.cookies_max = static_cast<std::size_t>(reader.integer(rows::cookies_max));
  settings.cookie_age_max = reader.duration(rows::cookie_age_max);
  settings.router_key_file = reader.text(rows::router_key_file);
  settings.long_poll = reader.text(rows::long_poll);
  if (!settings.long_poll.empty() && !long_poll::is_base(settings.long_poll)) {
    reader.problem("long-poll", "is no path such as \"/lp\"");
  }
  settings.history_database = reader.text(rows::history_database);
  settings.management_realm = reader.text(rows::management_realm);
}

void SettingsReader::read_pattern(TableReader& reader, RealmSettings& realm) {
  const std::string pattern = reader.text(rows::name_pattern);
  realm.realms_max = static_cast<std::size_t>(reader.integer(rows::realms_max));
  realm.is_template = !pattern.empty();
  if (realm.is_template) {
    realm.name = pattern;
    if (!reader.text(rows::realm_name).empty()) {
      reader.problem("name", "stands beside name-pattern; keep one of them");
    }
    const auto star = pattern.find('*');
    if (star != pattern.size() - 1) return reader.problem("name-pattern", "must end in its only '*'");
    if (!is_pattern(std::string_view(pattern).substr(0, star), Match::prefix, realm.uri_check)) {
      reader.problem("name-pattern", "is no prefix of a URI");
    }
    return;
  }
  realm.name = reader.required_text(rows::realm_name);
  if (reader.has("realms-max")) reader.problem("realms-max", "is for realms with a name-pattern");
  if (!realm.name.empty() && !is_uri(realm.name, realm.uri_check)) reader.problem("name", "is no URI");
}

void SettingsReader::read_realm(const FileTable& table) {
  TableReader reader = reader_of("wamp.realm", table);
  RealmSettings realm;
  realm.uri_check = reader.text(rows::uri_check) == "strict" ? UriCheck::strict : UriCheck::loose;
  read_pattern(reader, realm);
  realm.strict_request_ids = reader.boolean(rows::strict_request_ids);
  realm.disclose_me = reader.boolean(rows::disclose_me);
  realm.plain_tickets = reader.boolean(rows::plain_tickets);
  realm.cookie = reader.boolean(rows::cookie);
  realm.anonymous_role = reader.text(rows::anonymous_role);
  realm.token = {reader.text(rows::token_role), reader.text(rows::token_uri_prefix)};
  if (!is_pattern(realm.token.uri_prefix, Match::prefix, realm.uri_check)) {
    reader.problem("token-uri-prefix", "is no prefix of a URI");
  }
  read_limits(reader, realm);
  const auto slow = reader.text(rows::slow_subscriber_of_realm);
  realm.deliveries.slow_subscriber = slow_subscriber_of(slow.empty() ? slow_subscriber_ : slow);
  for (const auto& delivery: reader.tables("delivery"))
    read_delivery(text_.file, delivery, realm, out_.problems);
  for (const auto& topic: reader.tables("topic")) {
    read_topic(text_.file, topic, !out_.settings.history_database.empty(), realm, out_.problems);
  }
  reader.finish();
  const auto names = realm_names();
  if (std::ranges::find(names, realm.name) != names.end()) reader.problem("name", "is there twice");
  out_.settings.realms.push_back(std::move(realm));
}

Rule SettingsReader::read_rule(const FileTable& table) {
  TableReader reader = reader_of("wamp.role.permission", table);
  const std::string written = reader.text(rows::permission_uri);
  if (!reader.has("uri")) reader.problem("uri", "is missing; \"*\" means every URI");
  const auto wanted = find_match(reader.text(rows::permission_match));
  if (const auto pattern = wildcard_meant(written, wanted)) {
    reader.problem(
        "uri", fmt::format("has * for a component; that is match = \"wildcard\" with the component empty: {}",
                           config::in_quotes(*pattern)));
  }
  auto [uri, match] = rule_uri(written, wanted);
  Rule rule{.uri = std::move(uri), .match = match};
  if (reader.has("uri") && !is_pattern(rule.uri, rule.match, UriCheck::loose)) {
    reader.problem("uri", match == Match::exact
                              ? "is no URI; a pattern needs match = \"prefix\" or \"wildcard\""
                              : "is no such pattern");
  }
  const std::vector<std::string> actions{"call", "register", "publish", "subscribe"};
  for (const auto& word: reader.list(rows::allow)) {
    if (const auto action = find_action(word)) {
      rule.allow.add(*action);
    } else {
      reader.problem("allow",
                     fmt::format("{} is no action{}", config::in_quotes(word), config::hint(word, actions)));
    }
  }
  for (const auto& word: reader.list(rows::disclose)) {
    if (word == "caller") {
      rule.disclose_caller = true;
    } else if (word == "publisher") {
      rule.disclose_publisher = true;
    } else {
      reader.problem("disclose", "may hold caller and publisher");
    }
  }
  rule.cache = reader.boolean(rows::cache);
  reader.finish();
  return rule;
}

void SettingsReader::read_role(const FileTable& table) {
  TableReader reader = reader_of("wamp.role", table);
  Role role;
  role.name = reader.required_text(rows::role_name);
  role.realm = reader.text(rows::of_realm);
  role.authorizer = reader.text(rows::authorizer);
  for (const auto& inner: reader.tables("permission")) role.rules.push_back(read_rule(inner));
  reader.finish();
  check_realm(reader, role.realm);
  if (!role.authorizer.empty() && !is_uri(role.authorizer, UriCheck::loose)) {
    reader.problem("authorizer", "is no URI");
  }
  if (!role.authorizer.empty() && !role.rules.empty()) {
    reader.problem("authorizer", "decides alone; take it out, or the permissions");
  }
  const bool twice = std::ranges::any_of(out_.settings.roles, [&](const Role& other) {
    return other.name == role.name && other.realm == role.realm;
  });
  if (twice) reader.problem("name", "is there twice");
  out_.settings.roles.push_back(std::move(role));
}

void SettingsReader::read_authenticator(const FileTable& table) {
  TableReader reader = reader_of("wamp.authenticator", table);
  const std::string realm = reader.text(rows::of_realm);
  DynamicAuthenticator authenticator;
  authenticator.procedure = reader.required_text(rows::procedure);
  authenticator.realm = reader.text(rows::procedure_realm);
  for (const auto& word: reader.list(rows::methods)) {
    const auto method = find_method(word);
    if (!method || *method == Method::cookie || *method == Method::jwt) {
      reader.problem("methods",
                     fmt::format("{} is no method that a procedure decides about", config::in_quotes(word)));
    } else {
      authenticator.methods.add(*method);
    }
  }
  if (!reader.has("methods")) reader.problem("methods", "is missing: which methods does it decide about?");
  reader.finish();
  check_realm(reader, realm);
  if (!authenticator.realm.empty()) check_realm(reader, authenticator.realm);
  for (auto& settings: out_.settings.realms) {
    if (realm.empty() || realm == settings.name) settings.authenticators.push_back(authenticator);
  }
}

void SettingsReader::add_principal(const FileTable& table) {
  PrincipalEntry entry = read_principal(text_.file, table, out_.problems);
  TableReader reader = reader_of("wamp.principal", table);
  check_realm(reader, entry.realm);
  check_role(reader, "role", entry.principal.role, entry.realm);
  if (!names_.emplace(entry.realm, entry.principal.authid).second) reader.problem("authid", "is there twice");
  for (const auto& key: entry.principal.cryptosign_keys) {
    if (!keys_.emplace(entry.realm, encode_hex(key)).second) {
      reader.problem("cryptosign-keys", "has a key that somebody else has: it would not say who comes");
    }
  }
  for (const auto& print: entry.principal.certificates) {
    if (!keys_.emplace(entry.realm, encode_hex(print)).second) {
      reader.problem("certificates", "has one that somebody else has: it would not say who comes");
    }
  }
  out_.settings.principals.push_back(std::move(entry));
}

std::vector<std::string> SettingsReader::realm_names() const {
  std::vector<std::string> names;
  for (const auto& realm: out_.settings.realms) names.push_back(realm.name);
  return names;
}

bool SettingsReader::has_role(const std::string& role, const std::string& realm) const {
  return std::ranges::any_of(out_.settings.roles, [&](const Role& other) {
    return other.name == role && (other.realm.empty() || other.realm == realm);
  });
}

void SettingsReader::check_realm(TableReader& reader, const std::string& name) {
  const auto names = realm_names();
  if (name.empty() || std::ranges::find(names, name) != names.end()) return;
  reader.problem("realm",
                 fmt::format("there is no realm {}{}", config::in_quotes(name), config::hint(name, names)));
}

void SettingsReader::check_management_realm(TableReader& reader) {
  const auto& wanted = out_.settings.management_realm;
  std::vector<std::string> names;
  for (const auto& realm: out_.settings.realms) {
    if (!realm.is_template) names.push_back(realm.name);
  }
  if (wanted.empty() || std::ranges::find(names, wanted) != names.end()) return;
  reader.problem("management-realm", fmt::format("there is no realm of the name {}{}",
                                                 config::in_quotes(wanted), config::hint(wanted, names)));
}

// In every realm, when none is named.
void SettingsReader::check_role(TableReader& reader, std::string_view key, const std::string& role,
                                const std::string& realm) {
  if (role.empty()) return;
  std::vector<std::string> names;
  for (const auto& known: out_.settings.roles) {
    if (known.realm.empty() || realm.empty() || known.realm == realm) names.push_back(known.name);
  }
  for (const auto& settings: out_.settings.realms) {
    if (!realm.empty() && realm != settings.name) continue;
    if (has_role(role, settings.name)) continue;
    const auto other = std::ranges::find(out_.settings.roles, role, &Role::name);
    return reader.problem(
        key,
        fmt::format("realm {} has no role {}{}", config::in_quotes(settings.name), config::in_quotes(role),
                    other == out_.settings.roles.end() ? config::hint(role, names)
                                                       : fmt::format("; the role of that name is realm {}'s",
                                                                     config::in_quotes(other->realm))));
  }
}

}  // namespace

SettingsRead read_settings(const config::SectionText& text) { return SettingsReader(text).read(); }

config::Section settings_section() {
  return {.name = "wamp",
          .check = [](const config::SectionText& text) { return read_settings(text).problems; },
          .about = settings_about,
          .tables = setting_tables};
}

}  // namespace crosspoint::wamp::auth
