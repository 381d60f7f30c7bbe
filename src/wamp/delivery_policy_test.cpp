#include "wamp/delivery_policy.h"

#include <gtest/gtest.h>

namespace crosspoint::wamp {
namespace {

constexpr auto closes = SlowSubscriber::close, drops = SlowSubscriber::drop;

TEST(DeliveryPolicy, WithoutRulesTheRealmSaysItForEveryTopic) {
  EXPECT_FALSE(DeliveryPolicy({}).may_be_missed("com.a"));
  EXPECT_TRUE(DeliveryPolicy({.slow_subscriber = drops}).may_be_missed("com.a"));
}

TEST(DeliveryPolicy, OneRuleSpeaksTheExactOneElseTheLongestPrefixElseTheBestWildcard) {
  const DeliveryPolicy policy({.slow_subscriber = closes,
                               .rules = {{"com.", Match::prefix, drops},
                                         {"com.orders.", Match::prefix, closes},
                                         {"com.orders.draft", Match::exact, drops},
                                         {"org..state", Match::wildcard, drops},
                                         {"org.door.state", Match::wildcard, closes}}});
  EXPECT_TRUE(policy.may_be_missed("com.news"));
  EXPECT_FALSE(policy.may_be_missed("com.orders.new"));
  EXPECT_TRUE(policy.may_be_missed("com.orders.draft"));
  EXPECT_TRUE(policy.may_be_missed("org.lamp.state"));
  EXPECT_FALSE(policy.may_be_missed("org.door.state"));
  EXPECT_FALSE(policy.may_be_missed("net.news"));
}

}  // namespace
}  // namespace crosspoint::wamp
