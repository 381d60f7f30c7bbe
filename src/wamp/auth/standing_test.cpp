// Who may stay when the settings change, and which realm a name means.
#include "wamp/auth/standing.h"

#include <gtest/gtest.h>

#include "wamp/auth/test_realm.h"
#include "wamp/error_uri.h"

namespace crosspoint::wamp::auth {
namespace {

using namespace test_realm;

Standing of_principal(const Principal& principal, Method method) {
  return {.realm = "lab",
          .authid = principal.authid,
          .role = principal.role,
          .method = method,
          .provider = Provider::principal,
          .credential = principal.fingerprints(method).front()};
}

TEST(Standing, APrincipalStaysAsLongAsWhatItCameInWithIsGood) {
  const Principal peter = with_ticket("peter", "rosebud");
  const Standing standing = of_principal(peter, Method::ticket);
  Principal more = peter;
  more.wampcra = wampcra_from_secret("another way in", "");
  Principal promoted = peter;
  promoted.role = "operator";

  EXPECT_EQ(judge(*book(lab({peter})), standing), StandingChange::stays);
  EXPECT_EQ(judge(*book(lab({more, with_key("rig01")})), standing), StandingChange::stays);
  EXPECT_EQ(judge(*book(lab({with_ticket("peter", "sledge")})), standing), StandingChange::no_principal);
  EXPECT_EQ(judge(*book(lab({with_wampcra("peter", "rosebud")})), standing), StandingChange::no_principal);
  EXPECT_EQ(judge(*book(lab({promoted})), standing), StandingChange::no_principal);
  EXPECT_EQ(judge(*book(lab({})), standing), StandingChange::no_principal);
}

TEST(Standing, EachMethodHasItsOwnProof) {
  const ByteVector print(32, std::byte{1});
  for (const auto& [principal, method]:
       {std::pair(with_wampcra("a", "s", "salt"), Method::wampcra),
        std::pair(with_scram("a", "s"), Method::wamp_scram), std::pair(with_key("a"), Method::cryptosign),
        std::pair(with_certificate("a", print), Method::tls)}) {
    const Standing standing = of_principal(principal, method);
    EXPECT_EQ(judge(*book(lab({principal})), standing), StandingChange::stays) << to_string(method);
    EXPECT_EQ(judge(*book(lab({named("a")})), standing), StandingChange::no_principal) << to_string(method);
  }
}

TEST(Standing, OneOfTwoKeysMayBeTakenAway) {
  Principal two = with_key("rig01");
  const Standing first = of_principal(two, Method::cryptosign);
  two.cryptosign_keys.insert(two.cryptosign_keys.begin(), CryptosignKey{});
  Principal other = named("rig01");
  other.cryptosign_keys.push_back({});

  EXPECT_EQ(judge(*book(lab({two})), first), StandingChange::stays);
  EXPECT_EQ(judge(*book(lab({other})), first), StandingChange::no_principal);
}

TEST(Standing, OthersStayAsLongAsTheirDoorIsOpen) {
  WampSettings open = lab({});
  open.realms[0].anonymous_role = "guest";
  open.realms[0].token = {.role = "user", .uri_prefix = "lab."};
  open.realms[0].authenticators.push_back({.procedure = "com.login", .methods = {Method::ticket}});
  const Standing guest{.realm = "lab", .authid = "x", .role = "guest"};
  const Standing student{
      .realm = "lab", .authid = "x", .role = "user", .method = Method::jwt, .provider = Provider::token};
  const Standing dynamic{.realm = "lab",
                         .authid = "x",
                         .role = "operator",
                         .method = Method::ticket,
                         .provider = Provider::dynamic};

  for (const auto& standing: {guest, student, dynamic}) {
    EXPECT_EQ(judge(*book(open), standing), StandingChange::stays) << to_string(standing.provider);
    EXPECT_NE(judge(*book(lab({})), standing), StandingChange::stays) << to_string(standing.provider);
    EXPECT_EQ(judge(*book({}), standing), StandingChange::no_realm);
  }
  open.roles.clear();
  EXPECT_EQ(judge(*book(open), guest), StandingChange::no_role);
}

TEST(Standing, EveryChangeHasAReason) {
  EXPECT_EQ(reason_uri(StandingChange::no_realm), error_uri::close_realm);
  EXPECT_EQ(reason_uri(StandingChange::no_role), error_uri::no_such_role);
  EXPECT_EQ(reason_uri(StandingChange::no_principal), error_uri::no_such_principal);
  EXPECT_EQ(reason_uri(StandingChange::no_method), error_uri::no_auth_method);
}

TEST(Standing, OnlyRolesThatChangedLoseTheirDecisions) {
  WampSettings before = empty_lab();
  WampSettings after = empty_lab();
  after.roles[0].rules.push_back({.uri = "com.a", .allow = all_actions});
  const auto a = book(before);
  const auto b = book(after);

  EXPECT_TRUE(role_changed(*a, *b, "lab", "user"));
  EXPECT_FALSE(role_changed(*a, *b, "lab", "guest"));
  EXPECT_FALSE(role_changed(*a, *b, "lab", "emperor"));
  EXPECT_FALSE(role_changed(*a, *b, "none", "user"));
  EXPECT_TRUE(role_changed(*a, *book({}), "lab", "user"));
}

TEST(RealmBook, ANameGoesBeforeTemplatesAndALongTemplateBeforeAShortOne) {
  WampSettings settings;
  for (const char* name: {"*", "lab.*", "lab.rig.*"})
    settings.realms.push_back({.name = name, .is_template = true});
  settings.realms.push_back({.name = "lab.rig.1"});
  const auto all = book(settings);
  const auto found = [&](std::string_view name) { return all->find_realm(name)->settings().name; };

  EXPECT_EQ(found("lab.rig.1"), "lab.rig.1");
  EXPECT_EQ(found("lab.rig.2"), "lab.rig.*");
  EXPECT_EQ(found("lab.2"), "lab.*");
  EXPECT_EQ(found("lab."), "*");
  EXPECT_EQ(found("elsewhere"), "*");
  EXPECT_EQ(all->find_realm(""), nullptr);
}

TEST(RealmBook, ARealmsOwnRoleGoesBeforeTheOneOfAll) {
  WampSettings settings = empty_lab();
  settings.realms.push_back({.name = "other"});
  settings.roles.push_back(
      {.name = "user", .realm = "lab", .rules = {{.uri = "com.a", .allow = all_actions}}});
  const auto both = book(settings);

  EXPECT_EQ(both->find_realm("lab")->find_role("user")->permissions.rules().size(), 1u);
  EXPECT_EQ(both->find_realm("other")->find_role("user")->permissions.rules().size(), 0u);
}

}  // namespace
}  // namespace crosspoint::wamp::auth
