// The node driven through its realm: whom an operator sees, cancels, lets in again, and what everybody hears
// of it.

#include <gmock/gmock.h>

#include <algorithm>

#include "host/io/host.h"
#include "host/test_camera.h"
#include "managed_product.h"
#include "management/io/host_management.h"
#include "testing/raw_client.h"

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
  EXPECT_THAT(denied->argument.at("by").get<std::string>(),
              HasSubstr("\"peter\" (role \"anonymous\", session "));
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

// Who is shown the relay's connections by a token is shown the realms too; nobody else is.
TEST_P(ManagementJourney, TheReportsThatTokensOpenTellOfTheRealms) {
  ManagedProduct product(world(), 2);
  auto& secure = product.secure;
  WampCaller caller(world(), secure.relay(), ManagedProduct::realm, "peter");
  caller.call("relay.topic.list");
  const auto status = secure.ask("GET", "/status", secure.token("", {"relay:stats"}));
  const auto entries = Json::parse(status.body);
  EXPECT_EQ(entries.at(0).at("topic"), "stats");
  const auto& wamp = entries.at(0).at("wamp");
  EXPECT_EQ(wamp.at("connections").at("now"), 1);
  EXPECT_EQ(wamp.at("by_realm").at(0).at("realm"), ManagedProduct::realm);
  EXPECT_EQ(wamp.at("by_realm").at(0).at("sessions"), 1);
  EXPECT_EQ(secure.ask("GET", "/status", secure.token("rig01", {"read"})).status, 401);
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

// A host that nobody can reach: what it is told comes by the connection that it made itself.
struct HostBehindNat {
  HostBehindNat(testing::World& world, const net::Endpoint& router)
      : host(world.loop(1), world.network(), world.files(), random, at_any_port()) {
    EXPECT_TRUE(host.start());
    management::HostManagementSettings settings;
    settings.prefix = "host.rig01.";
    settings.link.transport.place = *wamp::client::parse_place("ws://" + net::to_string(router) + "/ws");
    settings.link.agent.session.realm = ManagedProduct::realm;
    settings.link.agent.session.login.authid = "rig01";
    management.emplace(world.loop(1), world.network(), random, host.commands(), std::move(settings));
    management->start();
    world.run_until([&] { return management->in_charge(); });
  }
  static host::HostSettings at_any_port() {
    host::HostSettings settings;
    settings.listen = {.host = "127.0.0.1", .port = 0};
    return settings;
  }
  void stop(testing::World& world) {
    int ended = 0;
    management->leave([&] { ++ended; });
    host.stop([&] { ++ended; });
    world.run_until([&] { return ended == 2; });
  }

  SeededRandom random{21};
  host::Host host;
  std::optional<management::HostManagement> management;
};

std::string as_chunk(Bytes bytes) { return fmt::format("{:x}\r\n{}\r\n", bytes.size(), as_text(bytes)); }

TEST(HostInARealm, AnOperatorBringsAPictureFromBehindNatToARelayAndCancelsABooking) {
  testing::MemoryWorld world;
  SecureProduct::Options options;
  options.relay_place.port = 8080;
  options.access_place.port = 3000;
  options.relay_url = "ws://127.0.0.1:8080";
  ManagedProduct product(world, 2, std::move(options));
  auto& secure = product.secure;
  HostBehindNat rig(world, secure.relay());
  ASSERT_TRUE(rig.management->in_charge());
  WampCaller operator_(world, secure.relay(), ManagedProduct::realm, "peter");
  operator_.subscribe("relay.");
  EXPECT_EQ(operator_.call("relay.topic.list").dump(), "[[]]");

  const auto camera_token = secure.token("rig01", {"write"}, "bk-camera");
  const Json rule{{"id", "0"},
                  {"stream", "front"},
                  {"destination", "http://127.0.0.1:3000/session/rig01"},
                  {"token", camera_token}};
  const auto added = operator_.call("host.rig01.destination.add", "[" + rule.dump() + "]");
  EXPECT_EQ(added.at(0).at("token"), "***");
  EXPECT_EQ(operator_.event("relay.topic.on_create")->argument, (Json{{"topic", "rig01"}}));
  EXPECT_EQ(operator_.event("relay.client.on_join")->argument.at("booking"), "bk-camera");

  const auto viewer = secure.open("rig01", secure.token("rig01", {"read"}, "bk-7"));
  host::TestCamera camera;
  testing::RawClient ffmpeg(world.loop(1), world.network(), rig.host.endpoint());
  ffmpeg.send("POST /ts/front HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 30; ++i) {
    ffmpeg.send(as_chunk(camera.next_frame()));
    world.advance(40ms);
  }
  const auto frames = host::frames_in(as_bytes(viewer->bytes()));
  ASSERT_GE(frames.size(), 20u);
  EXPECT_TRUE(frames.front().key);
  EXPECT_TRUE(std::ranges::all_of(frames, &host::SeenFrame::intact));

  EXPECT_EQ(operator_.call("relay.booking.deny", "[\"bk-7\"," + secure.seconds_from_now(60s) + "]").dump(),
            "[null]");
  EXPECT_TRUE(secure.until([&] { return viewer->closed.has_value(); }));
  EXPECT_EQ(operator_.event("relay.booking.on_deny")->argument.at("booking"), "bk-7");
  EXPECT_EQ(operator_.call("relay.topic.get", R"(["rig01"])").at(0).at("clients"), 1) << "the host goes on";

  EXPECT_EQ(operator_.call("host.rig01.destination.delete", R"(["0"])").dump(), R"(["0"])");
  EXPECT_EQ(operator_.event("relay.topic.on_delete")->argument, (Json{{"topic", "rig01"}}));
  rig.stop(world);
}

}  // namespace
}  // namespace crosspoint::journeys
