#include "wamp/auth/authorizer.h"

#include <gtest/gtest.h>

namespace crosspoint::wamp::auth {
namespace {

constexpr MonotonicTime start{};
const Authority by_procedure{.procedure = "com.lab.authorize"};

AccessRequest call(std::uint64_t session, std::string_view uri) {
  return {.session = SessionId{session}, .action = Action::call, .uri = uri};
}

bool allowed(const Verdict& verdict) { return std::holds_alternative<Allowed>(verdict); }
bool denied(const Verdict& verdict) { return std::holds_alternative<Denied>(verdict); }
bool asks(const Verdict& verdict) { return std::holds_alternative<AskAuthorizer>(verdict); }

constexpr DynamicVerdict yes{.allow = true, .cache = true};

TEST(Authorizer, WithoutARuleItIsDenied) {
  Authorizer authorizer;
  const Permissions none({});

  EXPECT_TRUE(denied(authorizer.decide(call(1, "com.a"), {}, start)));
  EXPECT_TRUE(denied(authorizer.decide(call(1, "com.a"), {.role = &none}, start)));
}

TEST(Authorizer, ARuleMayTellWhoItIs) {
  Authorizer authorizer;
  const Permissions role({{.uri = "com.a", .allow = all_actions, .disclose_caller = true},
                          {.uri = "com.b", .allow = all_actions, .disclose_publisher = true}});
  const auto discloses = [&](Action action, std::string_view uri) {
    const auto verdict = authorizer.decide({SessionId{1}, action, uri}, {.role = &role}, start);
    return std::get<Allowed>(verdict).disclose;
  };

  EXPECT_TRUE(discloses(Action::call, "com.a"));
  EXPECT_FALSE(discloses(Action::publish, "com.a"));
  EXPECT_FALSE(discloses(Action::call, "com.b"));
  EXPECT_TRUE(discloses(Action::publish, "com.b"));
  EXPECT_FALSE(discloses(Action::subscribe, "com.b"));
}

TEST(Authorizer, ATokensGrantAddsToTheRole) {
  Authorizer authorizer;
  const Permissions role({{.uri = "com.a", .allow = all_actions}});
  const Permissions grant({{.uri = "lab.b", .allow = all_actions}});
  const Authority both{.role = &role, .grant = &grant};

  EXPECT_TRUE(allowed(authorizer.decide(call(1, "com.a"), both, start)));
  EXPECT_TRUE(allowed(authorizer.decide(call(1, "lab.b"), both, start)));
  EXPECT_TRUE(denied(authorizer.decide(call(1, "lab.c"), both, start)));
}

TEST(Authorizer, AProcedureIsAskedAgainUnlessItSaysCache) {
  Authorizer authorizer;
  EXPECT_TRUE(asks(authorizer.decide(call(1, "com.a"), by_procedure, start)));

  EXPECT_TRUE(allowed(authorizer.remember(call(1, "com.a"), {.allow = true}, start)));
  EXPECT_TRUE(asks(authorizer.decide(call(1, "com.a"), by_procedure, start)));

  EXPECT_TRUE(denied(authorizer.remember(call(1, "com.a"), {.allow = false, .cache = true}, start)));
  EXPECT_TRUE(denied(authorizer.decide(call(1, "com.a"), by_procedure, start)));
}

TEST(Authorizer, WhatWasSaidOfOneSessionActionAndUriIsSaidOfNoOther) {
  Authorizer authorizer;
  authorizer.remember(call(1, "com.a"), {.allow = true, .disclose = true, .cache = true}, start);

  const auto again = authorizer.decide(call(1, "com.a"), by_procedure, start);
  ASSERT_TRUE(allowed(again));
  EXPECT_TRUE(std::get<Allowed>(again).disclose);
  EXPECT_TRUE(asks(authorizer.decide(call(2, "com.a"), by_procedure, start)));
  EXPECT_TRUE(asks(authorizer.decide(call(1, "com.b"), by_procedure, start)));
  EXPECT_TRUE(asks(authorizer.decide({SessionId{1}, Action::publish, "com.a"}, by_procedure, start)));
  EXPECT_TRUE(
      asks(authorizer.decide({SessionId{1}, Action::call, "com.a", Match::prefix}, by_procedure, start)));
}

TEST(Authorizer, ADecisionGrowsOld) {
  Authorizer authorizer({.decision_age_max = 1min});
  authorizer.remember(call(1, "com.a"), yes, start);

  EXPECT_TRUE(allowed(authorizer.decide(call(1, "com.a"), by_procedure, start + 59s)));
  EXPECT_TRUE(asks(authorizer.decide(call(1, "com.a"), by_procedure, start + 1min)));
  EXPECT_EQ(authorizer.remembered(), 0u);
}

TEST(Authorizer, AtTheLimitTheOldestIsForgotten) {
  Authorizer authorizer({.decisions_max = 2});
  for (const std::string_view uri: {"com.a", "com.b", "com.c"}) authorizer.remember(call(1, uri), yes, start);

  EXPECT_EQ(authorizer.remembered(), 2u);
  EXPECT_EQ(authorizer.evicted(), 1u);
  EXPECT_TRUE(asks(authorizer.decide(call(1, "com.a"), by_procedure, start)));
  EXPECT_TRUE(allowed(authorizer.decide(call(1, "com.b"), by_procedure, start)));
}

TEST(Authorizer, SayingItAgainTakesNoMoreRoom) {
  Authorizer authorizer({.decisions_max = 2});
  for (int i = 0; i < 5; ++i) authorizer.remember(call(1, "com.a"), yes, start);

  EXPECT_EQ(authorizer.remembered(), 1u);
  EXPECT_EQ(authorizer.evicted(), 0u);
}

TEST(Authorizer, ASessionThatLeftIsForgottenAlone) {
  Authorizer authorizer;
  authorizer.remember(call(1, "com.a"), yes, start);
  authorizer.remember(call(2, "com.a"), yes, start);
  authorizer.remember(call(1, "com.b"), yes, start);

  authorizer.forget(SessionId{1});
  authorizer.forget(SessionId{3});

  EXPECT_EQ(authorizer.remembered(), 1u);
  EXPECT_TRUE(allowed(authorizer.decide(call(2, "com.a"), by_procedure, start)));
}

TEST(Authorizer, WhenRolesChangeEverythingIsAskedAgain) {
  Authorizer authorizer;
  authorizer.remember(call(1, "com.a"), yes, start);

  authorizer.forget_all();

  EXPECT_TRUE(asks(authorizer.decide(call(1, "com.a"), by_procedure, start)));
}

}  // namespace
}  // namespace crosspoint::wamp::auth
