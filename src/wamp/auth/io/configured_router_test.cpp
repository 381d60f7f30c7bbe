// The router of [wamp] on a network in memory, with clients that speak RawSocket and JSON.
#include "wamp/auth/io/configured_router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "data/transcode.h"
#include "testing/log_text.h"
#include "testing/raw_client.h"
#include "testing/world.h"
#include "token/signer.h"
#include "wamp/auth/test_realm.h"

namespace crosspoint::wamp::auth {
namespace {

using namespace std::string_literals;
using namespace test_realm;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view secret = "a secret of the laboratory, long enough for the hash";

WampSettings lab_with_tokens() {
  WampSettings settings = lab({with_ticket("peter", "rosebud"), with_ticket("paul", "sledge")});
  settings.realms[0].token = {.role = "user", .uri_prefix = "topic."};
  settings.roles[0].rules.push_back(
      {.uri = "com.lab.", .match = Match::prefix, .allow = {Action::subscribe}});
  return settings;
}

struct ConfiguredRouterTest : ::testing::Test {
  ConfiguredRouterTest() {
    const net::Network::ListenPoint point{&world.loop(), &router.node().rawsocket_acceptor()};
    listener = std::move(world.network().listen(endpoint, {}, {&point, 1})->front());
  }

  TokenDesk tokens() {
    return {std::make_shared<token::Verifier>(*token::KeySet::from_secret(secret), token::Policy{}),
            [this](const token::Claims& claims) -> std::optional<std::string> {
              if (claims.booking_id == denied) return "the booking was cancelled";
              return std::nullopt;
            }};
  }
  std::string token_for(std::string booking, Duration lifetime) {
    token::Claims claims;
    claims.booking_id = std::move(booking);
    claims.topic = "rig01";
    claims.prefix = "session";
    claims.scopes = {"read"};
    claims.expires = world.loop().wall_now() + lifetime;
    return token::Signer::from_secret(secret)->sign(claims);
  }

  // A connection that has said HELLO and AUTHENTICATE; what it was answered is `said`.
  struct Client {
    std::unique_ptr<testing::RawClient> line;
    std::string said;
  };
  Client connect() {
    Client client{std::make_unique<testing::RawClient>(world.loop(1), world.network(), endpoint), {}};
    world.run_until_idle();
    client.line->send("\x7f\xf1\0\0"s);
    return client;
  }
  Client join(std::string method, std::string authid, const std::string& proof) {
    Client client = connect();
    say(client, R"([1,"lab",{"roles":{"subscriber":{}},"authmethods":[")" + method + R"("],"authid":")" +
                    authid + R"("}])");
    client.said = say(client, R"([5,")" + proof + R"(",{}])");
    return client;
  }
  std::string say(Client& client, const std::string& message) {
    const auto size = message.size();
    client.line->send("\0\0"s + static_cast<char>(size / 256) + static_cast<char>(size % 256) + message);
    return hear(client);
  }
  std::string hear(Client& client) {
    world.run_until_idle();
    return client.line->take_received();
  }

  const net::Endpoint endpoint{net::Endpoint::Kind::tcp, "127.0.0.1", 8081, {}};
  std::string denied = "bk-denied";
  testing::MemoryWorld world;
  SeededRandom random{1};
  ConfiguredRouter router{world.loop(), world.clock(), random, {.settings = lab_with_tokens()}, tokens(), {}};
  std::unique_ptr<net::Listener> listener;
};

TEST_F(ConfiguredRouterTest, ATokenOpensASessionUntilItExpires) {
  auto client = join("jwt", "", token_for("bk-7", 90s));
  EXPECT_THAT(client.said, HasSubstr(R"("authid":"bk-7")"));
  EXPECT_THAT(say(client, R"([32,1,{},"topic.rig01.lamp"])"), HasSubstr("[33,1,"));

  world.advance(89s);
  EXPECT_THAT(hear(client), IsEmpty());
  world.advance(1s);

  EXPECT_THAT(hear(client), HasSubstr(R"([6,{"message":"the token has expired"},"wamp.close.killed"])"));
  EXPECT_EQ(router.router().counters().sessions, 0u);
}

TEST_F(ConfiguredRouterTest, TheSessionThatEndsFirstEndsFirst) {
  auto later = join("jwt", "", token_for("bk-7", 1h));
  auto sooner = join("jwt", "", token_for("bk-8", 10s));

  world.advance(10s);

  EXPECT_THAT(hear(sooner), HasSubstr("the token has expired"));
  EXPECT_THAT(hear(later), IsEmpty());
  world.advance(1h);
  EXPECT_THAT(hear(later), HasSubstr("the token has expired"));
}

TEST_F(ConfiguredRouterTest, ACancelledBookingEndsItsSessionsAndOpensNoMore) {
  auto client = join("jwt", "", token_for("bk-7", 90s)), other = join("jwt", "", token_for("bk-8", 90s));

  denied = "bk-7";
  EXPECT_EQ(router.end_booking("bk-7"), 1u);

  EXPECT_THAT(hear(client), HasSubstr(R"([6,{"message":"the booking was cancelled"},"wamp.close.killed"])"));
  EXPECT_THAT(hear(other), IsEmpty());
  EXPECT_THAT(join("jwt", "", token_for("bk-7", 90s)).said, HasSubstr("wamp.error.authentication_failed"));
}

TEST_F(ConfiguredRouterTest, ARefusedLoginIsALineAndANumber) {
  const testing::LogText logged(log::Level::debug);
  const auto refused = [&] { return router.router().numbers(10).total.refused.logins_refused; };
  join("ticket", "peter", "guess-1");
  EXPECT_EQ(refused(), 1u) << "the realm is not there yet";
  auto peter = join("ticket", "peter", "rosebud");
  join("ticket", "paul", "guess-2");
  join("ticket", "mary", "guess-3");
  auto stranger = connect();
  say(stranger, R"([1,"elsewhere",{"roles":{"subscriber":{}},"authid":"joe"}])");
  auto rude = connect();
  say(rude, "[99]");

  EXPECT_THAT(logged.text(), HasSubstr(R"(login refused: realm "lab", "paul" by "ticket", from 127.0.0.1)"));
  EXPECT_EQ(logged.times("(the ticket is wrong)"), 2u);
  EXPECT_EQ(logged.times("(no such principal)"), 1u);
  EXPECT_THAT(logged.text(), HasSubstr(R"(realm "elsewhere", "joe" by "")"));
  EXPECT_THAT(logged.text(), HasSubstr("breaks the protocol: "));
  EXPECT_EQ(logged.times("guess"), 0u) << "what was shown";
  EXPECT_EQ(refused(), 4u);
  EXPECT_EQ(router.router().numbers(10).realms.at(0).numbers.refused.logins_refused, 2u);
  for (int i = 0; i < 20; ++i) join("ticket", "peter", "guess");
  EXPECT_EQ(refused(), 24u);
  EXPECT_EQ(logged.times("login refused"), 5u) << "strangers do not fill the log";
}

TEST_F(ConfiguredRouterTest, OtherKeysAreForWhoComesAfterwards) {
  auto client = join("jwt", "", token_for("bk-7", 90s));

  router.verify_with(std::make_shared<token::Verifier>(
      *token::KeySet::from_secret("another secret, which is also long enough for it"), token::Policy{}));

  EXPECT_THAT(say(client, R"([32,1,{},"topic.rig01.lamp"])"), HasSubstr("[33,1,"));
  EXPECT_THAT(join("jwt", "", token_for("bk-7", 90s)).said, HasSubstr("wamp.error.authentication_failed"));
}

TEST_F(ConfiguredRouterTest, WhoMayStayStaysWithTheRightsOfNow) {
  auto peter = join("ticket", "peter", "rosebud"), paul = join("ticket", "paul", "sledge");
  ASSERT_THAT(peter.said, HasSubstr("[2,"));
  EXPECT_THAT(say(peter, R"([32,1,{},"com.lab.time"])"), HasSubstr("[33,1,"));
  auto settings = lab_with_tokens();
  settings.roles[0].rules[0].uri = "com.other.";
  settings.principals.pop_back();

  EXPECT_EQ(router.change({.settings = settings}), 1u);

  EXPECT_THAT(hear(paul), HasSubstr("wamp.error.no_such_principal"));
  EXPECT_THAT(hear(peter), IsEmpty());
  EXPECT_THAT(say(peter, R"([32,2,{},"com.lab.news"])"), HasSubstr("wamp.error.not_authorized"));
  EXPECT_THAT(say(peter, R"([32,3,{},"com.other.news"])"), HasSubstr("[33,3,"));
  EXPECT_THAT(join("ticket", "paul", "sledge").said, HasSubstr("[3,"));
}

TEST_F(ConfiguredRouterTest, WhatARoleMayNoLongerHaveIsTakenFromThoseWhoHaveIt) {
  auto peter = join("ticket", "peter", "rosebud"), guest = join("jwt", "", token_for("bk-7", 90s));
  EXPECT_THAT(say(peter, R"([32,1,{},"com.lab.time"])"), HasSubstr("[33,1,"));
  EXPECT_THAT(say(guest, R"([32,1,{},"topic.rig01.lamp"])"), HasSubstr("[33,1,"));
  const auto receivers = [&](std::string_view topic) {
    std::size_t count = 0;
    router.router().find("lab")->broker().subscriptions().match(
        topic, [&](const Subscription& subscription) { count += subscription.subscribers().size(); });
    return count;
  };
  ASSERT_EQ(receivers("com.lab.time"), 1u);
  auto settings = lab_with_tokens();
  settings.roles[0].rules.clear();
  const testing::LogText logged;
  router.change({.settings = settings});

  EXPECT_EQ(receivers("com.lab.time"), 0u);
  EXPECT_EQ(receivers("topic.rig01.lamp"), 1u) << "that is what the token opens";
  EXPECT_THAT(logged.text(), HasSubstr("1 subscriptions and 0 registrations are taken away"));
}

// Until its procedure says no.
TEST_F(ConfiguredRouterTest, WhatAnAuthorizerDecidesAboutStays) {
  auto peter = join("ticket", "peter", "rosebud");
  EXPECT_THAT(say(peter, R"([32,1,{},"com.lab.time"])"), HasSubstr("[33,1,"));
  auto settings = lab_with_tokens();
  settings.roles[0].rules.clear();
  settings.roles[0].authorizer = "com.lab.may";

  router.change({.settings = settings});

  EXPECT_EQ(router.router().find("lab")->broker().subscriptions().size(), 1u);
}

TEST_F(ConfiguredRouterTest, ARealmThatVanishesSaysGoodbye) {
  auto peter = join("ticket", "peter", "rosebud");

  EXPECT_EQ(router.change({}), 1u);

  EXPECT_THAT(hear(peter), HasSubstr("wamp.close.close_realm"));
  EXPECT_EQ(router.router().realms(), 0u);
}

TEST_F(ConfiguredRouterTest, WhatMayWaitForAClientIsWhatTheSettingsSayNow) {
  auto client = join("ticket", "peter", "rosebud");
  EXPECT_THAT(say(client, R"([32,1,{},"com.lab.news"])"), HasSubstr("[33,1,"));
  client.line->stop_reading();
  const std::string args = "[\"" + std::string(20'000, 'x') + "\"]";
  const auto publish = [&] {
    router.router().find("lab")->announce("com.lab.news", {data::Format::json, as_bytes(args), {}},
                                          {world.loop().now(), world.loop().wall_now()});
    world.run_until_idle();
  };
  const auto too_slow = [&] {
    return router.router().counters().sessions_ended[static_cast<std::size_t>(SessionEnd::too_slow)];
  };
  for (int i = 0; i < 20; ++i) publish();
  EXPECT_EQ(too_slow(), 0u);

  auto settings = lab_with_tokens();
  settings.realms[0].deliveries.slow_subscriber = SlowSubscriber::drop;
  settings.waiting_bytes_max = 1'000'000;
  router.change({.settings = settings});
  for (int i = 0; i < 100; ++i) publish();
  EXPECT_EQ(too_slow(), 0u);
  EXPECT_GT(router.node().counters().events_dropped, 0u);

  settings.realms[0].deliveries.slow_subscriber = SlowSubscriber::close;
  settings.waiting_bytes_max = 70'000;
  router.change({.settings = settings});
  for (int i = 0; i < 5; ++i) publish();
  EXPECT_EQ(too_slow(), 1u);
}

// Request 1000 has its bytes in the order of the dialect.
TEST_F(ConfiguredRouterTest, UbjsonIsTheDialectThatTheSettingsSay) {
  for (const auto dialect: {data::Format::ubjson, data::Format::bjdata}) {
    auto settings = lab_with_tokens();
    settings.ubjson_as = dialect;
    ConfiguredRouter other(world.loop(), world.clock(), random, {.settings = std::move(settings)}, {}, {});
    const net::Endpoint there{net::Endpoint::Kind::tcp, "127.0.0.1", 8082, {}};
    const net::Network::ListenPoint point{&world.loop(), &other.node().rawsocket_acceptor()};
    const auto listening = std::move(world.network().listen(there, {}, {&point, 1})->front());
    Client client{std::make_unique<testing::RawClient>(world.loop(1), world.network(), there), {}};
    world.run_until_idle();
    client.line->send("\x7f\xf4\0\0"s);
    const auto ask = [&](std::string_view json) {
      hear(client);
      const auto said =
          say(client, crosspoint::to_string(*data::transcode(data::Format::json, as_bytes(json), dialect)));
      const auto heard = data::transcode(dialect, as_bytes(said).subspan(4), data::Format::json);
      return heard ? crosspoint::to_string(*heard) : "unreadable";
    };

    ask(R"([1,"lab",{"roles":{"subscriber":{}},"authmethods":["ticket"],"authid":"peter"}])");
    EXPECT_THAT(ask(R"([5,"rosebud",{}])"), HasSubstr(R"("authid":"peter")"));
    EXPECT_EQ(ask(R"([32,1000,{},"com.lab.lamp"])"), "[33,1000,1]") << data::to_string(dialect);
  }
}

TEST_F(ConfiguredRouterTest, HowLongAnOpeningMayTakeIsWhatTheSettingsSay) {
  auto settings = lab_with_tokens();
  settings.opening_timeout = 2s;
  router.change({.settings = settings});
  Client client = connect();
  say(client, R"([1,"lab",{"roles":{"subscriber":{}},"authmethods":["ticket"],"authid":"peter"}])");

  world.advance(2s);

  EXPECT_THAT(hear(client), HasSubstr("it took too long"));
}

// Peter's component says who comes in without a name, and what a guest may do.
struct ProceduresTest : ConfiguredRouterTest {
  ProceduresTest() {
    settings.realms[0].authenticators.push_back(
        {.procedure = "com.lab.login", .methods = {Method::anonymous}});
    settings.roles[0].rules = {{.match = Match::prefix, .allow = all_actions}};
    settings.roles[1].authorizer = "com.lab.may";
    router.change({.settings = settings});
    peter = join("ticket", "peter", "rosebud");
    EXPECT_THAT(say(peter, R"([64,1,{},"com.lab.login"])"), HasSubstr("[65,1,"));
    EXPECT_THAT(say(peter, R"([64,2,{},"com.lab.may"])"), HasSubstr("[65,2,"));
  }
  void answer(int invocation, const std::string& result) {
    EXPECT_THAT(hear(peter), HasSubstr("[68," + std::to_string(invocation) + ","));
    say(peter, "[70," + std::to_string(invocation) + ",{},[" + result + "]]");
  }
  Client come_in_as_guest(int invocation) {
    Client client = connect();
    EXPECT_EQ(say(client, hello).find("[2,"), std::string::npos);
    answer(invocation, R"("guest")");
    EXPECT_THAT(hear(client), HasSubstr(R"("authrole":"guest")"));
    return client;
  }

  const std::string hello = R"([1,"lab",{"roles":{"subscriber":{}},"authmethods":["anonymous"]}])";
  WampSettings settings = lab_with_tokens();
  Client peter;
};

TEST_F(ProceduresTest, TheyDecideWhoComesInAndWhatItMayDo) {
  auto guest = come_in_as_guest(1);

  EXPECT_THAT(say(guest, R"([32,1,{},"com.lab.time"])"), IsEmpty());
  answer(2, "true");
  EXPECT_THAT(hear(guest), HasSubstr("[33,1,"));

  say(guest, R"([32,2,{},"com.lab.secret"])");
  answer(3, "false");
  EXPECT_THAT(hear(guest), HasSubstr("wamp.error.not_authorized"));
}

TEST_F(ProceduresTest, OneThatSaysNothingDeniesWhenItsTimeIsOver) {
  auto guest = come_in_as_guest(1);
  say(guest, R"([32,1,{},"com.lab.time"])");
  Client other = connect();
  say(other, hello);

  world.advance(5s);
  EXPECT_THAT(hear(guest), HasSubstr("wamp.error.authorization_failed"));
  world.advance(5s);
  EXPECT_THAT(hear(other), HasSubstr("[3,"));
  EXPECT_EQ(router.router().own_calls().under_way(), 0u);
}

TEST_F(ProceduresTest, WhatWaitsWhenTheSettingsChangeIsDecidedByTheNewOnes) {
  auto guest = come_in_as_guest(1);
  say(guest, R"([32,1,{},"com.lab.time"])");
  settings.roles[1].authorizer.clear();
  settings.roles[1].rules = {{.uri = "com.other.", .match = Match::prefix, .allow = {Action::subscribe}}};

  EXPECT_EQ(router.change({.settings = settings}), 0u);
  answer(2, R"({"allow":true,"cache":true})");

  EXPECT_THAT(hear(guest), HasSubstr("wamp.error.not_authorized"));
  EXPECT_THAT(say(guest, R"([32,2,{},"com.lab.time"])"), HasSubstr("wamp.error.not_authorized"));
  EXPECT_THAT(say(guest, R"([32,3,{},"com.other.time"])"), HasSubstr("[33,3,"));
}

TEST_F(ProceduresTest, ARealmMayVanishWhileTheyAreAsked) {
  auto guest = come_in_as_guest(1);
  say(guest, R"([32,1,{},"com.lab.time"])");
  Client other = connect();
  say(other, hello);

  router.change({});
  world.run_until_idle();

  EXPECT_THAT(hear(guest), HasSubstr("wamp.close.close_realm"));
  EXPECT_THAT(hear(other), HasSubstr("[3,"));
  EXPECT_EQ(router.router().realms(), 0u);
  EXPECT_EQ(router.router().own_calls().under_way(), 0u);
}

}  // namespace
}  // namespace crosspoint::wamp::auth
