#include "wamp/auth/token_grant.h"

#include <gtest/gtest.h>

#include "wamp/auth/permissions.h"

namespace crosspoint::wamp::auth {
namespace {

token::Claims claims(std::vector<std::string> scopes, std::string topic = "rig01") {
  token::Claims made;
  made.topic = std::move(topic);
  made.prefix = "session";
  made.scopes = std::move(scopes);
  return made;
}

TEST(TokenGrant, TheTopicIsAPlaceAndAllBelowIt) {
  const Permissions granted(grant_from_token(claims({"read"}))->rules("lab.topic."));

  for (const std::string_view uri: {"lab.topic.rig01", "lab.topic.rig01.camera", "lab.topic.rig01.a.b"}) {
    EXPECT_NE(granted.find(uri), nullptr) << uri;
  }
  for (const std::string_view uri:
       {"lab.topic.rig011", "lab.topic.rig0", "lab.topic.", "rig01", "lab.topic.rig02"}) {
    EXPECT_EQ(granted.find(uri), nullptr) << uri;
  }
}

TEST(TokenGrant, ScopesAreActions) {
  const std::pair<std::vector<std::string>, Actions> cases[] = {
      {{"read"}, {Action::subscribe}},
      {{"write"}, {Action::publish, Action::call}},
      {{"read", "write"}, {Action::subscribe, Action::publish, Action::call}},
      {{"register"}, {Action::register_}},
      {{"call"}, {Action::call}},
      {{"publish", "subscribe"}, {Action::publish, Action::subscribe}},
      {{"read", "relay:admin"}, {Action::subscribe}},
  };
  for (const auto& [scopes, actions]: cases) {
    const auto grant = grant_from_token(claims(scopes));
    ASSERT_TRUE(grant);
    for (const Rule& rule: grant->rules("lab.")) EXPECT_EQ(rule.allow, actions) << scopes.front();
  }
}

TEST(TokenGrant, ATopicThatIsNoComponentOpensNothing) {
  for (const std::string topic: {"", "a.b", ".", "a b", "a#", "*", "a*", "a\n"}) {
    EXPECT_EQ(grant_from_token(claims({"read"}, topic)).error(), GrantError::no_topic) << topic;
  }
}

TEST(TokenGrant, WithoutAScopeOfWampOrForAnotherServiceItOpensNothing) {
  EXPECT_EQ(grant_from_token(claims({})).error(), GrantError::no_scopes);
  EXPECT_EQ(grant_from_token(claims({"relay:stats"})).error(), GrantError::no_scopes);
  auto other = claims({"read"});
  other.prefix = "shell";
  EXPECT_EQ(grant_from_token(other).error(), GrantError::no_session);
}

}  // namespace
}  // namespace crosspoint::wamp::auth
