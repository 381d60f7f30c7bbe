// The WAMP client library as a program has it: its own threads, real sockets, the real router. Waiting is
// always for something to happen, never for time to pass.

#include <crosspoint/wamp_client.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <future>
#include <optional>
#include <thread>
#include <vector>

#include "base/time.h"
#include "http/io/server.h"
#include "net/system_clock.h"
#include "net/system_loop.h"
#include "net/system_network.h"
#include "wamp/io/service.h"
#include "wamp/open_house.h"

namespace crosspoint {
namespace {

using ::testing::HasSubstr;
using List = WampClient::List;
constexpr auto patience = 20s;

// The router on a thread of its own: WebSocket and RawSocket on one port.
class RunningRouter {
 public:
  explicit RunningRouter(std::uint16_t port = 0) {
    routes_.rows.push_back(service_.node().websocket_row());
    routes_.foreign = service_.node().rawsocket_on_http_ports();
    const net::Network::ListenPoint point{&loop_, &server_};
    auto listeners = network_.listen({net::Endpoint::Kind::tcp, "127.0.0.1", port, {}}, {}, {&point, 1});
    listener_ = std::move(listeners->front());
    port_ = listener_->endpoint().port;
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~RunningRouter() {
    loop_.post([this] {
      listener_.reset();
      service_.node().stop(1s, [this] { loop_.stop(); });
    });
    thread_.join();
  }
  std::string url(const std::string& scheme = "ws") const {
    return scheme + "://127.0.0.1:" + std::to_string(port_) + (scheme == "ws" ? "/ws" : "");
  }
  std::uint16_t port() const { return port_; }

 private:
  net::SystemClock clock_;
  net::SystemLoop loop_{clock_};
  net::SystemNetwork network_;
  SystemRandom random_;
  wamp::RealmLimits limits_;
  wamp::OpenHouse house_{limits_, random_};
  wamp::Service service_{loop_, house_, house_, house_, 100, random_, {}};
  http::Routes routes_;
  http::Server server_{loop_, routes_, {}};
  std::unique_ptr<net::Listener> listener_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

std::unique_ptr<WampClient> open(const std::string& url, WampClient::Options options = {}) {
  options.url = url;
  std::string problem;
  auto client = WampClient::open(options, problem);
  EXPECT_TRUE(client) << problem;
  return client;
}

std::unique_ptr<WampClient> join(const std::string& url, WampClient::Options options = {}) {
  auto client = open(url, std::move(options));
  EXPECT_TRUE(client->wait_until_joined(patience)) << client->status().last_error;
  return client;
}

TEST(WampClientLibrary, CallsAreAnsweredByHandlersOverEveryTransportInEverySerializer) {
  const RunningRouter router;
  const auto callee = join(router.url());
  ASSERT_TRUE(callee
                  ->register_procedure("com.example.add",
                                       [](WampClient::Invocation call) {
                                         call.answer({call.args()[0].integer().value_or(0) +
                                                      call.args()[1].integer().value_or(0)},
                                                     {{"by", call.procedure()}});
                                       })
                  .get());
  for (const auto* scheme: {"ws", "rs"}) {
    for (const auto serializer:
         {WampClient::Serializer::json, WampClient::Serializer::msgpack, WampClient::Serializer::cbor}) {
      WampClient::Options options;
      options.serializer = serializer;
      const auto caller = join(router.url(scheme), options);
      const auto sum = caller->call("com.example.add", {1, 2}).get();
      ASSERT_TRUE(sum) << sum.error().sentence;
      EXPECT_EQ(sum->value(), 3);
      EXPECT_EQ(WampValue::by_name(sum->kwargs, "by"), "com.example.add");
    }
  }
}

TEST(WampClientLibrary, ErrorsAreValues) {
  const RunningRouter router;
  const auto client = join(router.url());
  client->register_procedure("com.fail", [](WampClient::Invocation call) {
    call.fail("com.error.dark", {"no light", 7}, {{"lamp", 2}});
  });
  client->register_procedure("com.silent", [](WampClient::Invocation) {}).get();
  const auto failed = client->call("com.fail").get();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().uri, "com.error.dark");
  EXPECT_EQ(failed.error().sentence, "no light");
  EXPECT_EQ(failed.error().args, (List{"no light", 7}));
  EXPECT_EQ(client->call("com.silent").get().error().uri, "wamp.error.runtime_error");
  EXPECT_EQ(client->call("com.nobody").get().error().uri, "wamp.error.no_such_procedure");
  EXPECT_EQ(client->register_procedure("com.fail", [](auto) {}).get().error().uri,
            "wamp.error.procedure_already_exists");
  EXPECT_EQ(client->publish("wamp.mine", {}, {}, {.acknowledge = true}).get().error().uri,
            "wamp.error.invalid_uri");
}

TEST(WampClientLibrary, EventsArriveUntilTheyAreGivenUp) {
  const RunningRouter router;
  const auto one = join(router.url()), other = join(router.url("rs"));
  std::promise<WampClient::Event> first;
  std::atomic<int> events{0};
  const auto subscription = one->subscribe("com.lab.",
                                           [&](const WampClient::Event& event) {
                                             if (++events == 1) first.set_value(event);
                                           },
                                           {.match = WampClient::Match::prefix})
                                .get();
  ASSERT_TRUE(subscription);
  const auto sent = other->publish("com.lab.alarm", {"no water"}, {{"pump", 2}}, {.acknowledge = true}).get();
  ASSERT_TRUE(sent);
  const auto event = first.get_future().get();
  EXPECT_EQ(event.topic, "com.lab.alarm");
  EXPECT_EQ(event.args, List{"no water"});
  EXPECT_EQ(event.publication, *sent);
  one->unsubscribe(*subscription);
  ASSERT_TRUE(one->call("wamp.session.count").get());  // the router has taken it
  other->publish("com.lab.alarm", {"again"}, {}, {.acknowledge = true}).get();
  ASSERT_TRUE(one->call("wamp.session.count").get());
  EXPECT_EQ(events, 1);
}

// Adds up what another procedure gives, and says how far it is.
WampTask sum_up(WampClient& client, WampClient::Invocation call) {
  std::int64_t sum = 0;
  for (std::int64_t i = 1; i <= 3; ++i) {
    const List number = {i};
    const auto square = co_await client.call("com.square", number);
    if (!square) {
      call.fail(square.error().uri);
      co_return;
    }
    sum += square->value().integer().value_or(0);
    call.progress({sum});
  }
  call.answer({sum});
}

TEST(WampClientLibrary, HandlersMayBeCoroutinesThatTellTheirProgress) {
  const RunningRouter router;
  const auto callee = join(router.url()), caller = join(router.url());
  callee->register_procedure("com.square", [](WampClient::Invocation call) {
    const auto number = call.args()[0].integer().value_or(0);
    call.answer({number * number});
  });
  callee
      ->register_procedure("com.sum", [&](WampClient::Invocation call) { sum_up(*callee, std::move(call)); })
      .get();
  std::vector<std::string> parts;
  std::promise<void> last;
  WampClient::CallOptions options;
  options.on_progress = [&](const WampClient::Result& part) {
    parts.push_back(part.value().to_json());
    if (parts.size() == 3) last.set_value();
  };
  const auto sum = caller->call("com.sum", {}, {}, options).get();
  ASSERT_TRUE(sum) << sum.error().sentence;
  EXPECT_EQ(sum->value(), 14);
  last.get_future().get();
  EXPECT_EQ(parts, (std::vector<std::string>{"1", "5", "14"}));
}

TEST(WampClientLibrary, CancellingReachesTheHandler) {
  const RunningRouter router;
  std::promise<void> begun, begun_again;
  std::optional<WampClient::Invocation> kept;  // the callee's thread has it in hand: it goes after the callee
  const auto callee = join(router.url()), caller = join(router.url());
  callee
      ->register_procedure("com.slow",
                           [&](WampClient::Invocation call) {
                             const bool again = kept.has_value();
                             kept.emplace(std::move(call));
                             kept->on_cancel([&] { kept->fail("wamp.error.canceled"); });
                             (again ? begun_again : begun).set_value();
                           })
      .get();
  const auto pending = caller->call("com.slow");
  begun.get_future().get();
  EXPECT_FALSE(kept->cancelled());
  pending.cancel();
  EXPECT_EQ(pending.get().error().uri, "wamp.error.canceled");
  EXPECT_TRUE(kept->cancelled());

  WampClient::CallOptions options;
  options.timeout = 50ms;
  const auto late = caller->call("com.slow", {}, {}, options);
  begun_again.get_future().get();
  EXPECT_EQ(late.get().error().uri, "wamp.error.timeout");
}

TEST(WampClientLibrary, AfterTheRouterComesBackEverythingIsThereAgain) {
  auto router = std::make_unique<RunningRouter>();
  const auto port = router->port();
  const auto callee = join(router->url());
  callee->register_procedure("com.where", [](WampClient::Invocation call) { call.answer({"here"}); }).get();
  const auto pending = callee->call("com.nobody.answers");
  router.reset();
  EXPECT_FALSE(pending.get());
  router = std::make_unique<RunningRouter>(port);
  const auto caller = join(router->url());
  const auto until = std::chrono::steady_clock::now() + patience;
  auto answer = caller->call("com.where").get();
  while (!answer && std::chrono::steady_clock::now() < until) {
    callee->wait_until_joined(1s);
    answer = caller->call("com.where").get();
  }
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->value(), "here");
  EXPECT_EQ(callee->status().sessions, 2u);
}

TEST(WampClientLibrary, WithoutASessionCallsFailAtOnce) {
  const auto client = open("ws://127.0.0.1:1/ws");
  EXPECT_EQ(client->call("com.p").get().error().uri, "crosspoint.error.not_joined");
  EXPECT_EQ(client->publish("com.t").get().error().uri, "crosspoint.error.not_joined");
  client->close();
  EXPECT_FALSE(client->wait_until_joined(patience));
}

TEST(WampClientLibrary, WhatIsPendingAtTheEndIsToldSo) {
  const RunningRouter router;
  auto client = join(router.url());
  client
      ->register_procedure("com.never",
                           [](WampClient::Invocation call) {
                             static std::vector<WampClient::Invocation> kept;  // outlives the client
                             kept.push_back(std::move(call));
                           })
      .get();
  std::string told, waiting_told;
  const auto call = client->call("com.never");
  client->call("com.never").then([&](auto outcome) { told = outcome.error().uri; });
  const auto wait = [](WampClient& of, std::string& out) -> WampTask {
    const auto outcome = co_await of.call("com.never");
    out = outcome.error().uri;
  };
  wait(*client, waiting_told);
  ASSERT_TRUE(client->call("wamp.session.count").get());
  client.reset();
  EXPECT_THAT(told, HasSubstr("crosspoint.error."));
  EXPECT_THAT(waiting_told, HasSubstr("crosspoint.error."));
  EXPECT_THAT(call.get().error().uri, HasSubstr("crosspoint.error."));
}

TEST(WampClientLibrary, PumpedCallbacksRunWhereThePumpIs) {
  const RunningRouter router;
  WampClient::Options options;
  options.delivery = WampClient::Delivery::pumped;
  const auto client = join(router.url(), options);
  std::thread::id where;
  client
      ->register_procedure("com.where",
                           [&](WampClient::Invocation call) {
                             where = std::this_thread::get_id();
                             call.answer();
                           })
      .get();
  bool answered = false;
  client->call("com.where").then([&](auto) { answered = true; });
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!answered && std::chrono::steady_clock::now() < until) client->poll(100ms);
  EXPECT_TRUE(answered);
  EXPECT_EQ(where, std::this_thread::get_id());
}

TEST(WampClientLibrary, OptionsThatCannotBeRightAreRefusedWithASentence) {
  const auto problem_with = [](void (*spoil)(WampClient::Options&)) {
    WampClient::Options options;
    spoil(options);
    std::string problem;
    EXPECT_FALSE(WampClient::open(options, problem));
    return problem;
  };
  EXPECT_THAT(problem_with([](auto& o) { o.url = "http://lab.example"; }), HasSubstr("url:"));
  EXPECT_THAT(problem_with([](auto& o) { o.url = "rs://lab.example:x"; }), HasSubstr("url:"));
  EXPECT_THAT(problem_with([](auto& o) { o.realm = "a b"; }), HasSubstr("realm:"));
  EXPECT_THAT(problem_with([](auto& o) { o.key = "abc"; }), HasSubstr("key:"));
  EXPECT_THAT(problem_with([](auto& o) { o.ticket = o.secret = "s"; }), HasSubstr("exclude each other"));
  EXPECT_THAT(problem_with([](auto& o) { o.ca_file = "/nowhere.pem"; }), HasSubstr("cannot be read"));
  EXPECT_THAT(problem_with([](auto& o) { o.http_proxy = "ftp://p"; }), HasSubstr("http_proxy:"));
}

TEST(WampClientLibrary, ValuesReadAsWhatTheyAre) {
  const auto value = WampValue::from_json(R"({"list":[1,-2,2.5,"x",null,true],"big":18446744073709551615})");
  ASSERT_TRUE(value);
  const auto& list = (*value)["list"];
  EXPECT_EQ(list.size(), 6u);
  EXPECT_EQ(list[0].integer(), 1);
  EXPECT_EQ(list[1].natural(), std::nullopt);
  EXPECT_EQ(list[2].number(), 2.5);
  EXPECT_EQ(list[2].integer(), std::nullopt);
  EXPECT_EQ(WampValue(7.0).integer(), 7);
  EXPECT_EQ(*list[3].text(), "x");
  EXPECT_TRUE(list[4].is_null() && list[99].is_null() && list["x"].is_null());
  EXPECT_EQ(list[5].boolean(), true);
  EXPECT_EQ((*value)["big"].natural(), 18446744073709551615u);
  EXPECT_EQ((*value)["big"].integer(), std::nullopt);
  EXPECT_EQ((*value)["big"].type(), WampValue::Type::natural);
  EXPECT_EQ(value->to_json(), R"({"list":[1,-2,2.5,"x",null,true],"big":18446744073709551615})");
  EXPECT_EQ(WampValue(3u), WampValue(3));
  EXPECT_FALSE(WampValue(3) == WampValue(3.0));
  EXPECT_FALSE(WampValue::from_json("[1,"));
}

#ifdef CROSSPOINT_THERMOMETER
TEST(WampClientLibrary, TheExampleIsAnInstrument) {
  const RunningRouter router;
  const auto command =
      std::string("THERMOMETER_CALLS=1 " CROSSPOINT_THERMOMETER " ") + router.url() + " lab 2>/dev/null";
  std::FILE* program = ::popen(command.c_str(), "r");
  ASSERT_NE(program, nullptr);
  std::array<char, 64> line{};
  ASSERT_NE(std::fgets(line.data(), line.size(), program), nullptr);
  EXPECT_STREQ(line.data(), "ready\n");
  WampClient::Options options;
  options.realm = "lab";
  const auto client = join(router.url("rs"), options);
  EXPECT_EQ(client->call("com.example.thermometer.read").get()->value().number(), 20);
  EXPECT_EQ(client->call("com.example.thermometer.heat").get().error().uri, "com.example.error.too_hot");
  const auto hot = client->call("com.example.thermometer.heat", {}, {{"to", 70}}).get();
  ASSERT_TRUE(hot) << hot.error().sentence;
  EXPECT_EQ(hot->value().number(), 70);
  EXPECT_EQ(::pclose(program), 0);
}
#endif

}  // namespace
}  // namespace crosspoint
