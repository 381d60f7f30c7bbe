// The node driven through its realm: whom an operator sees, cancels, lets in again, and what everybody hears
// of it.

#include <gmock/gmock.h>

#include "managed_product.h"

namespace crosspoint::journeys {
namespace {

using ::testing::HasSubstr;
using Json = WampCaller::Json;

class ManagementJourney : public Journey {};
INSTANTIATE_TEST_SUITE_P(Management, ManagementJourney, ::testing::Values(Where::memory, Where::loopback),
                         name_of);

TEST_P(ManagementJourney, AnOperatorSeesWhoIsOnATopicAndCancelsTheirBooking) {
  ManagedProduct product(world(), 2);
  auto& secure = product.secure;
  WampCaller operator_(world(), secure.relay(), ManagedProduct::realm, "peter");
  WampCaller page(world(), secure.relay(), ManagedProduct::realm, "page");
  page.subscribe("relay.");
  const auto camera = secure.open("rig01", secure.token("rig01", {"write"}, "bk-camera"));
  const auto viewer = secure.open("rig01", secure.token("rig01", {"read"}, "bk-7"));
  ASSERT_TRUE(camera->open() && viewer->open());
  EXPECT_EQ(page.event("relay.topic.on_create")->argument, (Json{{"topic", "rig01"}}));
  EXPECT_EQ(page.event("relay.client.on_join")->argument.at("booking"), "bk-camera");

  const auto topics = operator_.call("relay.topic.list").at(0);
  ASSERT_EQ(topics.size(), 1u);
  EXPECT_EQ(topics.at(0).at("topic"), "rig01");
  EXPECT_EQ(topics.at(0).at("token"), true);
  EXPECT_EQ(topics.at(0).at("senders"), 1);
  EXPECT_EQ(topics.at(0).at("viewers"), 1);
  const auto clients = operator_.call("relay.client.list", R"(["rig01"])").at(0);
  ASSERT_EQ(clients.size(), 2u);
  EXPECT_EQ(clients.at(1).at("booking"), "bk-7");

  const auto until = secure.seconds_from_now(60s);
  EXPECT_EQ(operator_.call("relay.booking.deny", "[\"bk-7\"," + until + "]").dump(), "[null]");
  EXPECT_TRUE(secure.until([&] { return viewer->closed.has_value(); }));
  EXPECT_EQ(viewer->closed->code, websocket::CloseCode::policy_violation);
  EXPECT_TRUE(camera->open());
  const auto denied = page.event("relay.booking.on_deny");
  ASSERT_TRUE(denied);
  EXPECT_EQ(denied->argument.at("booking"), "bk-7");
  EXPECT_THAT(denied->argument.at("by").get<std::string>(), HasSubstr("peter (role anonymous, session "));
  EXPECT_EQ(operator_.call("relay.booking.list_denied").dump(), R"([["bk-7"]])");
  EXPECT_EQ(secure.ask("POST", "/session/rig01", secure.token("rig01", {"read"}, "bk-7")).status, 400);

  EXPECT_EQ(operator_.call("relay.booking.allow", "[\"bk-7\"," + until + "]").dump(), "[null]");
  EXPECT_TRUE(secure.open("rig01", secure.token("rig01", {"read"}, "bk-7"))->open());
  EXPECT_EQ(operator_.call("relay.booking.list_denied").dump(), "[[]]");
  EXPECT_EQ(operator_.call("relay.booking.list_allowed").dump(), R"([["bk-7","bk-camera"]])");
}

TEST_P(ManagementJourney, WhatIsDeniedByRestIsHeardInTheRealmAndTheOtherWayRound) {
  ManagedProduct product(world(), 2);
  auto& secure = product.secure;
  WampCaller caller(world(), secure.relay(), ManagedProduct::realm, "peter");
  caller.subscribe("relay.booking.");
  EXPECT_EQ(secure.deny("bk-1").status, 204);
  const auto denied = caller.event("relay.booking.on_deny");
  ASSERT_TRUE(denied);
  EXPECT_EQ(denied->argument.at("booking"), "bk-1");
  EXPECT_EQ(denied->argument.at("by"), "a token");
  EXPECT_EQ(denied->argument.at("from"), "127.0.0.1");
  caller.call("relay.booking.deny", "[\"bk-2\"," + secure.seconds_from_now(60s) + "]");
  EXPECT_THAT(secure.ask("GET", "/bids/deny", secure.admin()).body, HasSubstr(R"(["bk-1","bk-2"])"));
  EXPECT_EQ(secure.allow("bk-1").status, 204);
  EXPECT_EQ(caller.event("relay.booking.on_allow")->argument.at("booking"), "bk-1");
}

// The same limits as POST /bids/deny, in a sentence of the realm's own.
TEST_P(ManagementJourney, ABookingThatIsOverCannotBeDeniedEitherWay) {
  ManagedProduct product(world());
  auto& secure = product.secure;
  WampCaller caller(world(), secure.relay(), ManagedProduct::realm, "peter");
  const auto past = secure.seconds_from_now(-2s);
  const auto refused = caller.call("relay.booking.deny", "[\"bk-1\"," + past + "]");
  EXPECT_EQ(refused.at("error"), "wamp.error.invalid_argument");
  EXPECT_EQ(refused.at("args").at(0), "argument 1 (until) of " + past + " is in the past");
  EXPECT_EQ(secure.deny("bk-1", -2s).status, 400);
  EXPECT_EQ(caller.call("relay.booking.list_denied").dump(), "[[]]");
}

TEST_P(ManagementJourney, NothingThatIsAnsweredHoldsATokenOrACode) {
  ManagedProduct product(world());
  auto& secure = product.secure;
  WampCaller caller(world(), secure.relay(), ManagedProduct::realm, "peter");
  caller.subscribe("relay.");
  const auto token = secure.token("rig01", {"read", "write"}, "bk-1");
  const auto address = secure.address_for("rig01", token);
  const auto client = secure.open_address(address);
  const auto code = address.substr(address.find("code=") + 5);
  std::string all;
  for (const char* procedure: {"relay.topic.list", "relay.client.list", "relay.stats.get",
                               "relay.booking.list_denied", "relay.booking.list_allowed"}) {
    all += caller.call(procedure).dump();
  }
  all += caller.event("relay.client.on_join")->argument.dump();
  EXPECT_THAT(all, HasSubstr("bk-1"));
  EXPECT_EQ(all.find(code), std::string::npos);
  EXPECT_EQ(all.find(token), std::string::npos);
  EXPECT_EQ(all.find(token.substr(token.rfind('.') + 1)), std::string::npos);
}

}  // namespace
}  // namespace crosspoint::journeys
