#include "wamp/auth/read_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/hex.h"
#include "config/resolve.h"
#include "wamp/auth/realm_book.h"
#include "wamp/auth/settings_template.h"

namespace crosspoint::wamp::auth {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

SettingsRead read(std::string_view text) {
  auto resolution = config::resolve_file("node.toml", text, {settings_section()});
  SettingsRead out;
  if (!resolution.sections.empty()) out = read_settings(resolution.sections.front());
  out.problems.clear();
  for (const auto& problem: resolution.problems) out.problems.push_back(problem.sentence);
  return out;
}

constexpr std::string_view lab =
    "[[wamp.realm]]\nname = \"lab\"\n[[wamp.role]]\nname = \"user\"\n";  // 4 lines

SettingsRead read_principal_with(std::string_view lines) {
  return read(std::string(lab) + "[[wamp.principal]]\nauthid = \"peter\"\nrole = \"user\"\n" +
              std::string(lines));
}

TEST(ReadSettings, TheTemplateIsGood) {
  const auto out = read(settings_with_secret("rosebud"));

  ASSERT_THAT(out.problems, IsEmpty());
  EXPECT_EQ(out.settings.principals.at(0).principal.wampcra->key.view(), "rosebud");
  const RealmBook book(out.settings);
  const Realm* realm = book.find_realm("lab");
  ASSERT_NE(realm, nullptr);
  const auto& visitor = realm->find_role("visitor")->permissions;
  EXPECT_NE(visitor.find_pattern("com.lab.public.time", Match::exact, Action::call), nullptr);
  EXPECT_EQ(visitor.find_pattern("com.lab.public.time", Match::exact, Action::publish), nullptr);
  EXPECT_EQ(visitor.find("com.lab.private"), nullptr);
}

TEST(ReadSettings, WhatTheTemplateOffersIsGoodToo) {
  std::string text;
  // Takes the '#' from lines that are settings, and puts values where the template has dots.
  std::istringstream lines{std::string(settings_template)};
  for (std::string line; std::getline(lines, line);) {
    const bool in_settings = line.starts_with("#") && line.size() > 1 && line[1] != ' ';
    text += (in_settings ? line.substr(1) : line) + "\n";
  }
  const std::string hash = "$argon2id$v=19$m=65536,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$/JZoJHegxcgnSkpyF+KjKw==";
  const auto at = text.find("$argon2id$v=19$m=65536,t=2,p=1$…");
  ASSERT_NE(at, text.npos);
  text.replace(at, std::string_view("$argon2id$v=19$m=65536,t=2,p=1$…").size(), hash);
  // The token's role, which the template does not define.
  text += "[[wamp.role]]\nname = \"student\"\nrealm = \"lab\"\n";

  const auto out = read(text);

  ASSERT_THAT(out.problems, IsEmpty());
  EXPECT_EQ(out.settings.principals.size(), 4u);
  EXPECT_TRUE(out.settings.realms[0].cookie);
  EXPECT_EQ(out.settings.realms[0].authenticators.at(0).procedure, "com.lab.login");
  EXPECT_EQ(out.settings.roles.at(2).authorizer, "com.lab.may");
  EXPECT_EQ(out.settings.realms.size(), 2u);
  EXPECT_EQ(out.settings.management_realm, "lab");
}

TEST(ReadSettings, ReadsEveryKeyOfARealm) {
  const auto out = read(
      "[wamp]\nopening-timeout = \"5s\"\ncookies-max = 7\nlong-poll = \"/poll\"\n"
      "[[wamp.realm]]\nname-pattern = \"lab.*\"\nrealms-max = 3\nuri-check = \"strict\"\nstrict-request-ids "
      "= true\n"
      "disclose-me = false\nplain-tickets = true\ncookie = true\nanonymous-role = \"user\"\ntoken-role = "
      "\"user\"\n"
      "token-uri-prefix = \"lab.topic.\"\n[[wamp.role]]\nname = \"user\"\n");

  EXPECT_THAT(out.problems, IsEmpty());
  EXPECT_EQ(out.settings.opening_timeout, 5s);
  EXPECT_EQ(out.settings.long_poll, "/poll");
  EXPECT_EQ(out.settings.cookies_max, 7u);
  const auto& realm = out.settings.realms.at(0);
  EXPECT_EQ(realm.name, "lab.*");
  EXPECT_TRUE(realm.is_template && realm.strict_request_ids && realm.plain_tickets && realm.cookie);
  EXPECT_FALSE(realm.disclose_me);
  EXPECT_EQ(realm.realms_max, 3u);
  EXPECT_EQ(realm.uri_check, UriCheck::strict);
  EXPECT_EQ(realm.token.uri_prefix, "lab.topic.");
}

TEST(ReadSettings, ARealmThatSaysNothingOfLimitsHasThoseOfTheRouter) {
  const auto out = read(lab);

  ASSERT_THAT(out.problems, IsEmpty());
  const auto& realm = out.settings.realms.at(0);
  EXPECT_EQ(realm.broker, BrokerSettings());
  EXPECT_EQ(realm.dealer, DealerSettings());
  EXPECT_EQ(realm.testaments, TestamentSettings());
  EXPECT_EQ(out.settings.waiting_bytes_max, WampSettings().waiting_bytes_max);
  EXPECT_EQ(out.settings.waiting_age_max, WampSettings().waiting_age_max);
  EXPECT_EQ(realm.deliveries, DeliverySettings());
  EXPECT_EQ(out.settings.ubjson_as, data::Format::ubjson);
}

TEST(ReadSettings, SaysWhatClientsMeanByUbjson) {
  EXPECT_EQ(read("[wamp]\nubjson = \"bjdata\"\n").settings.ubjson_as, data::Format::bjdata);
  EXPECT_EQ(read("[wamp]\nubjson = \"draft-12\"\n").settings.ubjson_as, data::Format::ubjson);
  EXPECT_EQ(read("[wamp]\nubjson = \"draft-9\"\n").problems.size(), 1u);
}

TEST(ReadSettings, ReadsEveryLimitOfARealm) {
  const auto out = read(
      "[wamp]\nwaiting-bytes-max = \"1 MiB\"\nwaiting-age-max = \"7s\"\n[[wamp.realm]]\nname = \"lab\"\n"
      "subscriptions-per-session-max = 1\nsubscriptions-max = 2\nreceiver-list-entries-max = 3\n"
      "retained-topics-max = 4\nretained-bytes-max = \"5 KiB\"\nregistrations-per-session-max = 6\n"
      "registrations-max = 7\ncalls-per-caller-max = 8\ncalls-per-callee-max = 9\nqueued-calls-max = 10\n"
      "queued-calls-age-max = \"10s\"\n"
      "kept-bytes-per-caller-max = \"11 KiB\"\nkept-bytes-max = \"12 KiB\"\ntestaments-per-session-max = 13\n"
      "testament-bytes-per-session-max = \"14 KiB\"\n");

  ASSERT_THAT(out.problems, IsEmpty());
  EXPECT_EQ(out.settings.waiting_bytes_max, 1024u * 1024);
  EXPECT_EQ(out.settings.waiting_age_max, 7s);
  const auto& realm = out.settings.realms.at(0);
  EXPECT_EQ(realm.broker, (BrokerSettings{.subscriptions_per_session_max = 1,
                                          .subscriptions_max = 2,
                                          .receiver_list_entries_max = 3,
                                          .retained_topics_max = 4,
                                          .retained_bytes_max = 5 * 1024}));
  EXPECT_EQ(realm.dealer, (DealerSettings{.registrations_per_session_max = 6,
                                          .registrations_max = 7,
                                          .calls_per_caller_max = 8,
                                          .calls_per_callee_max = 9,
                                          .queued_calls_max = 10,
                                          .queued_calls_age_max = 10s,
                                          .kept_bytes_per_caller_max = 11 * 1024,
                                          .kept_bytes_max = 12 * 1024}));
  EXPECT_EQ(realm.testaments, (TestamentSettings{13, 14 * 1024}));
}

TEST(ReadSettings, ReadsEachProof) {
  const auto ticket = read_principal_with("ticket = \"rosebud\"\n");
  EXPECT_THAT(ticket.problems, IsEmpty());
  EXPECT_TRUE(ticket.settings.principals.at(0).principal.ticket->matches(as_bytes("rosebud")));

  // The same key, once derived here and once before.
  for (const char* lines:
       {"wampcra-secret = \"secret1\"\nwampcra-salt = \"salt123\"\n",
        "wampcra-key = \"64xfzBvZhGDT7PB0bQwDeI8/WR1M9x6Cw5dt0yP9koc=\"\nwampcra-salt = \"salt123\"\n"}) {
    const auto cra = read_principal_with(lines);
    EXPECT_THAT(cra.problems, IsEmpty());
    EXPECT_EQ(cra.settings.principals.at(0).principal.wampcra->key.view(),
              "64xfzBvZhGDT7PB0bQwDeI8/WR1M9x6Cw5dt0yP9koc=");
  }

  const auto keys = read_principal_with(
      "cryptosign-keys = \"1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d\"\n"
      "certificates = [\"00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13\"]\n");
  EXPECT_THAT(keys.problems, IsEmpty());
  EXPECT_EQ(keys.settings.principals.at(0).principal.methods(), (Methods{Method::cryptosign, Method::tls}));

  const auto scram = read_principal_with(
      "[wamp.principal.wamp-scram]\nsalt = \"W22ZaJ0SNY7soEsUEjb6gQ==\"\n"
      "stored-key = \"586e5df283e6dceb5c3e791d8b8528ec191e664045ce971792e2e6b5bb13e2a6\"\n"
      "server-key = \"wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=\"\n"
      "[wamp.principal.scram]\nsalt = \"W22ZaJ0SNY7soEsUEjb6gQ==\"\nkdf = \"argon2id-13\"\niterations = "
      "4096\n"
      "memory = 512\nstored-key = \"586e5df283e6dceb5c3e791d8b8528ec191e664045ce971792e2e6b5bb13e2a6\"\n"
      "server-key = \"c1f3cbc1c13a9d35a14c0990eed97629ea225863e566a4314ab99f3f00e5d9d5\"\n");
  EXPECT_THAT(scram.problems, IsEmpty());
  const auto& peter = scram.settings.principals.at(0).principal;
  EXPECT_EQ(encode_hex(peter.wamp_scram->keys.server),
            "c1f3cbc1c13a9d35a14c0990eed97629ea225863e566a4314ab99f3f00e5d9d5");
  EXPECT_EQ(peter.scram->kdf, ScramKdf::argon2id);
  EXPECT_EQ(peter.scram->memory_kib, 512u);
}

TEST(ReadSettings, OlderFormsOfUrisArePrefixes) {
  const auto out = read(
      "[[wamp.realm]]\nname = \"lab\"\n[[wamp.role]]\nname = \"user\"\n"
      "[[wamp.role.permission]]\nuri = \"com.foo.*\"\nallow = \"call\"\n"
      "[[wamp.role.permission]]\nuri = \"*\"\nallow = []\ndisclose = [\"caller\", \"publisher\"]\ncache = "
      "true\n");

  EXPECT_THAT(out.problems, IsEmpty());
  const auto& rules = out.settings.roles.at(0).rules;
  EXPECT_EQ(rules.at(0), (Rule{.uri = "com.foo.", .match = Match::prefix, .allow = {Action::call}}));
  EXPECT_EQ(rules.at(1), (Rule{.uri = "",
                               .match = Match::prefix,
                               .disclose_caller = true,
                               .disclose_publisher = true,
                               .cache = true}));
}

TEST(ReadSettings, ReadsWhatIsKeptOfTopics) {
  const auto out = read(
      "[wamp]\nhistory-database = \"h.db\"\n[[wamp.realm]]\nname = \"lab\"\n"
      "[[wamp.realm.topic]]\nuri = \"com.log.*\"\nhistory-events-max = 7\nhistory-bytes-max = \"2 MiB\"\n"
      "history-age-max = \"2d\"\nhistory-store = \"database\"\n"
      "[[wamp.realm.topic]]\nuri = \"com..state\"\nmatch = \"wildcard\"\nhistory-events-max = 0\nretain = "
      "true\n"
      "[[wamp.realm.topic]]\nuri = \"com.x\"\n");

  EXPECT_THAT(out.problems, IsEmpty());
  EXPECT_EQ(out.settings.history_database, "h.db");
  EXPECT_THAT(
      out.settings.realms.at(0).topics,
      ElementsAre(KeptTopic{.uri = "com.log.",
                            .match = Match::prefix,
                            .history = {.events_max = 7, .bytes_max = 2 * 1024 * 1024, .age_max = 48h},
                            .in_database = true},
                  KeptTopic{.uri = "com..state",
                            .match = Match::wildcard,
                            .history = {.events_max = 0, .bytes_max = 16 * 1024 * 1024},
                            .retain = true},
                  KeptTopic{.uri = "com.x", .history = {.events_max = 1000, .bytes_max = 16 * 1024 * 1024}}));
}

TEST(ReadSettings, ReadsWhoIsTooSlowForWhat) {
  const auto out = read(
      "[wamp]\nslow-subscriber = \"drop\"\n[[wamp.realm]]\nname = \"lab\"\n"
      "[[wamp.realm]]\nname = \"office\"\nslow-subscriber = \"close\"\n"
      "[[wamp.realm.delivery]]\nuri = \"com.sensor.*\"\nslow-subscriber = \"drop\"\n"
      "[[wamp.realm.delivery]]\nuri = \"com..state\"\nmatch = \"wildcard\"\nslow-subscriber = \"close\"\n");

  EXPECT_THAT(out.problems, IsEmpty());
  EXPECT_EQ(out.settings.realms.at(0).deliveries,
            (DeliverySettings{.slow_subscriber = SlowSubscriber::drop}));
  EXPECT_EQ(out.settings.realms.at(1).deliveries,
            (DeliverySettings{.slow_subscriber = SlowSubscriber::close,
                              .rules = {{"com.sensor.", Match::prefix, SlowSubscriber::drop},
                                        {"com..state", Match::wildcard, SlowSubscriber::close}}}));
}

// Lines, and the sentence that must be said about them, whole or in part.
struct Mistake {
  std::string_view text;
  std::string_view sentence;
};

TEST(ReadSettings, EveryMistakeIsSaidWithItsPlace) {
  const Mistake mistakes[] = {
      {"[wamp]\nopening-timeout = \"2h\"\n", "node.toml:2:19: wamp.opening-timeout: "},
      {"[wamp]\nlong-poll = \"lp/\"\n", "node.toml:2:13: wamp.long-poll: is no path such as \"/lp\""},
      {"[wamp]\nmanagement-realm = \"lba\"\n[[wamp.realm]]\nname = \"lab\"\n",
       "node.toml:2:20: wamp.management-realm: there is no realm of the name \"lba\"; did you mean lab?"},
      {"[wamp]\nmanagement-realm = \"lab.*\"\n[[wamp.realm]]\nname-pattern = \"lab.*\"\n",
       "there is no realm of the name \"lab.*\""},
      {"[wamp]\nrealms = 1\n", "node.toml:2:1: wamp.realms: no such setting; did you mean realm?"},
      {"[[wamp.realm]]\n", "wamp.realm.name: is missing"},
      {"[[wamp.realm]]\nname = \"a b\"\n", "node.toml:2:8: wamp.realm.name: is no URI"},
      {"[[wamp.realm]]\nname = \"a\"\n[[wamp.realm]]\nname = \"a\"\n",
       "node.toml:4:8: wamp.realm.name: is there twice"},
      {"[[wamp.realm]]\nname-pattern = \"a*b\"\n", "must end in its only '*'"},
      {"[[wamp.realm]]\nname-pattern = \"a\"\n", "must end in its only '*'"},
      {"[[wamp.realm]]\nname = \"a\"\nname-pattern = \"a*\"\n", "stands beside name-pattern"},
      {"[[wamp.realm]]\nname = \"a\"\nrealms-max = 4\n", "is for realms with a name-pattern"},
      {"[[wamp.realm]]\nname = \"a\"\nanonymous-role = \"guest\"\n",
       "node.toml:3:18: wamp.realm.anonymous-role: realm \"a\" has no role \"guest\""},
      {"[[wamp.realm]]\nname = \"a\"\ntoken-role = \"guest\"\n", "has no role \"guest\""},
      {"[[wamp.realm]]\nname = \"a\"\ntoken-uri-prefix = \"a b\"\n", "is no prefix of a URI"},
      {"[[wamp.realm]]\nname = \"a\"\n[[wamp.realm.topic]]\n", "wamp.realm.topic.uri: is missing"},
      {"[[wamp.realm]]\nname = \"a\"\n[[wamp.realm.topic]]\nuri = \"a..b\"\n",
       "node.toml:4:7: wamp.realm.topic.uri: is no URI; a pattern needs match"},
      {"[[wamp.realm]]\nname = \"a\"\n[[wamp.realm.topic]]\nuri = \"a b.*\"\n", "is no such pattern"},
      {"[[wamp.realm]]\nname = \"a\"\n[[wamp.realm.topic]]\nuri = \"a.*\"\n[[wamp.realm.topic]]\nuri = "
       "\"a.\"\nmatch = \"prefix\"\n",
       "node.toml:6:7: wamp.realm.topic.uri: is there twice"},
      {"[[wamp.realm]]\nname = \"a\"\n[[wamp.realm.topic]]\nuri = \"a\"\nhistory-events-max = 0\n",
       "nothing would be kept"},
      {"[[wamp.realm]]\nname = \"a\"\n[[wamp.realm.topic]]\nuri = \"a\"\nhistory-age-max = \"1ms\"\n",
       "node.toml:5:19: wamp.realm.topic.history-age-max: "},
      {"[[wamp.realm]]\nname = \"a\"\n[[wamp.realm.topic]]\nuri = \"a\"\nhistory-store = \"disk\"\n",
       "node.toml:5:17: wamp.realm.topic.history-store: "},
      {"[[wamp.realm]]\nname = \"a\"\n[[wamp.realm.topic]]\nuri = \"a\"\nhistory-store = \"database\"\n",
       "history-database is missing"},
      {"[wamp]\nhistory-database = \"h.db\"\n[[wamp.realm]]\nname-pattern = "
       "\"a*\"\n[[wamp.realm.topic]]\nuri = "
       "\"a\"\nhistory-store = \"database\"\n",
       "a realm that comes and goes"},
      {"[[wamp.realm]]\nname = \"a\"\n[[wamp.realm.topic]]\nuri = \"a\"\nhistory-max = 3\n",
       "wamp.realm.topic.history-max: no such setting"},
      {"[[wamp.realm]]\nname = \"a\"\n[[wamp.realm.delivery]]\nslow-subscriber = \"drop\"\n",
       "wamp.realm.delivery.uri: is missing"},
      {"[[wamp.realm]]\nname = \"a\"\n[[wamp.realm.delivery]]\nuri = \"a\"\n",
       "wamp.realm.delivery.slow-subscriber: is missing"},
      {"[[wamp.realm]]\nname = \"a\"\n[[wamp.realm.delivery]]\nuri = \"a..b\"\nslow-subscriber = \"drop\"\n",
       "node.toml:4:7: wamp.realm.delivery.uri: is no URI; a pattern needs match"},
      {"[[wamp.realm]]\nname = \"a\"\n[[wamp.realm.delivery]]\nuri = \"a\"\nslow-subscriber = \"drop\"\n"
       "[[wamp.realm.delivery]]\nuri = \"a\"\nslow-subscriber = \"close\"\n",
       "node.toml:7:7: wamp.realm.delivery.uri: is there twice"},
      {"[[wamp.role]]\nname = \"u\"\nrealm = \"lba\"\n[[wamp.realm]]\nname = \"lab\"\n",
       "there is no realm \"lba\"; did you mean lab?"},
      {"[[wamp.role]]\nname = \"u\"\n[[wamp.role]]\nname = \"u\"\n",
       "node.toml:4:8: wamp.role.name: is there twice"},
      {"[[wamp.role]]\nname = \"u\"\nauthorizer = \"a b\"\n", "wamp.role.authorizer: is no URI"},
      {"[[wamp.role]]\nname = \"u\"\nauthorizer = \"a\"\n[[wamp.role.permission]]\nuri = \"a\"\n",
       "decides alone"},
      {"[[wamp.role]]\nname = \"u\"\n[[wamp.role.permission]]\nallow = \"call\"\n",
       "wamp.role.permission.uri: is missing"},
      {"[[wamp.role]]\nname = \"u\"\n[[wamp.role.permission]]\nuri = \"a..b\"\n",
       "is no URI; a pattern needs match"},
      {"[[wamp.role]]\nname = \"u\"\n[[wamp.role.permission]]\nuri = \"com.*.x\"\n",
       "node.toml:4:7: wamp.role.permission.uri: has * for a component; that is match = \"wildcard\" with "
       "the "
       "component empty: \"com..x\""},
      {"[[wamp.role]]\nname = \"u\"\n[[wamp.role.permission]]\nuri = \"com.*\"\nmatch = \"wildcard\"\n",
       "with the component empty: \"com.\""},
      {"[[wamp.role]]\nname = \"u\"\n[[wamp.role.permission]]\nuri = \"a\"\nallow = \"calls\"\n",
       "\"calls\" is no action; did you mean call?"},
      {"[[wamp.role]]\nname = \"u\"\n[[wamp.role.permission]]\nuri = \"a\"\ndisclose = \"me\"\n",
       "may hold caller and publisher"},
      {"[[wamp.authenticator]]\nmethods = \"ticket\"\n", "wamp.authenticator.procedure: is missing"},
      {"[[wamp.authenticator]]\nprocedure = \"a\"\n", "wamp.authenticator.methods: is missing"},
      {"[[wamp.authenticator]]\nprocedure = \"a\"\nmethods = \"cookie\"\n", "\"cookie\" is no method"},
  };
  for (const auto& [text, sentence]: mistakes) {
    EXPECT_THAT(read(text).problems, testing::Contains(HasSubstr(std::string(sentence)))) << text;
  }
}

TEST(ReadSettings, ARoleOfAnotherRealmIsNotProposedUnderItsOwnName) {
  const std::string text =
      "[[wamp.realm]]\nname = \"lab\"\nanonymous-role = \"visitor\"\n[[wamp.realm]]\nname = \"home\"\n"
      "[[wamp.role]]\nname = \"visitor\"\nrealm = \"home\"\n";
  EXPECT_THAT(
      read(text).problems,
      ElementsAre(
          "node.toml:3:18: wamp.realm.anonymous-role: realm \"lab\" has no role \"visitor\"; the role "
          "of that name is realm \"home\"'s"));
  // Nor one that is only near.
  EXPECT_THAT(
      read(text +
           "[[wamp.role]]\nname = \"visitors\"\nrealm = \"home\"\n[[wamp.principal]]\nrealm = \"lab\"\n"
           "authid = \"a\"\nrole = \"visitos\"\nticket = \"t\"\n")
          .problems,
      testing::Not(testing::Contains(HasSubstr("did you mean"))));
}

TEST(ReadSettings, MistakesOfAPrincipalDoNotShowItsSecrets) {
  const Mistake mistakes[] = {
      {"", "has no way in"},
      {"ticket = \"rosebud\"\nticket-hash = \"rosebud\"\n",
       "node.toml:8:10: wamp.principal.ticket: stands beside"},
      {"ticket-hash = \"rosebud\"\n", "wamp.principal.ticket-hash: is no stored password"},
      {"ticket = 3\n", "wamp.principal.ticket: "},
      {"wampcra-secret = \"rosebud\"\nwampcra-key = \"rosebud\"\n", "stands beside wampcra-key"},
      {"wampcra-key = \"rosebud\"\n", "needs wampcra-salt"},
      {"wampcra-key = \"rosebud\"\nwampcra-salt = \"s\"\n", "is not base64"},
      {"cryptosign-keys = [\"rosebud\"]\n", "not 64 hexadecimal digits"},
      {"certificates = [\"rosebud\"]\n", "neither SHA-256 nor SHA-1"},
      {"[wamp.principal.scram]\nsalt = \"rosebud\"\nstored-key = \"rosebud\"\n",
       "is neither hex nor base64 of 32 bytes"},
      {"[wamp.principal.scram]\nsalt = \"AAAA\"\nkdf = \"argon2id\"\n", "argon2id needs it"},
      {"passwrod = \"rosebud\"\n", "wamp.principal.passwrod: no such setting"},
      {"[[wamp.principal]]\nauthid = \"peter\"\nrole = \"user\"\nticket = \"rosebud\"\n",
       "wamp.principal.authid: is there twice"},
      {"[[wamp.principal]]\nauthid = \"paul\"\nrole = \"usr\"\nticket = \"rosebud\"\n",
       "has no role \"usr\"; did you mean user?"},
      {"realm = \"none\"\nticket = \"rosebud\"\n", "there is no realm \"none\""},
  };
  for (const auto& [lines, sentence]: mistakes) {
    const auto out = read_principal_with(lines);
    EXPECT_THAT(out.problems, testing::Contains(HasSubstr(std::string(sentence)))) << lines;
    for (const auto& problem: out.problems) EXPECT_THAT(problem, testing::Not(HasSubstr("rosebud")));
  }
}

TEST(ReadSettings, AKeyBelongsToOnePrincipal) {
  const std::string key =
      "cryptosign-keys = \"1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d\"\n";
  const auto out =
      read_principal_with(key + "[[wamp.principal]]\nauthid = \"paul\"\nrole = \"user\"\n" + key);

  EXPECT_THAT(out.problems,
              ElementsAre(HasSubstr("node.toml:12:19: wamp.principal.cryptosign-keys: has a key")));
}

}  // namespace
}  // namespace crosspoint::wamp::auth
