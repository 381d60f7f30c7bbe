// The WAMP client library as a program has it: its sessions, how they come, fail and end; what it is told
// before; and the programs that show it.

#include "running_router.h"

#include <gmock/gmock.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <future>
#include <iterator>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace crosspoint {
namespace {

using ::testing::HasSubstr;
using List = WampClient::List;

TEST(WampClientLibrary, EachSessionIsToldAndWhatItIsKnownBy) {
  const RunningRouter router;
  WampClient::Options options;
  std::promise<WampClient::Status> joined;
  options.on_joined = [&](const auto& status) { joined.set_value(status); };
  const auto client = join(router.url(), options);
  const auto status = joined.get_future().get();
  EXPECT_EQ(status.session, client->status().session);
  EXPECT_EQ(status.authmethod, "anonymous");
  EXPECT_NE(status.authprovider, "");
}

TEST(WampClientLibrary, AfterTheRouterComesBackEverythingIsThereAgain) {
  auto router = std::make_unique<RunningRouter>();
  const auto port = router->port();
  const auto callee = join(router->url());
  callee->register_procedure("com.where", [](WampClient::Invocation call) { call.answer({"here"}); }).get();
  std::promise<WampClient::Event> event;
  callee->subscribe("com.topic", [&](const auto& told) { event.set_value(told); }).get();
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
  // It subscribed before it registered anything that could be called.
  ASSERT_TRUE(caller->publish("com.topic", {"again"}, {}, {.acknowledge = true}).get());
  EXPECT_EQ(event.get_future().get().args, List{"again"});
}

TEST(WampClientLibrary, WithoutASessionCallsFailAtOnce) {
  const auto client = open("ws://127.0.0.1:1/ws");
  EXPECT_EQ(client->call("com.p").get().error().uri, "crosspoint.error.not_joined");
  EXPECT_EQ(client->publish("com.t").get().error().uri, "crosspoint.error.not_joined");
  client->close();
  EXPECT_FALSE(client->wait_until_joined(patience));
  EXPECT_EQ(client->call("com.p").get().error().uri, "crosspoint.error.closed");
}

// The network's thread takes a moment to pick up what it is to send, if only to say that there is no session;
// a program that does not wait is faster.
TEST(WampClientLibrary, WhatWasNotPickedUpYetIsBoundedToo) {
  WampClient::Options options;
  options.send_bytes_max = 10'000;
  const auto client = open("ws://127.0.0.1:1/ws", options);
  const WampClient::List args{std::string(4000, 'x')};
  bool refused = false;
  for (int i = 0; i < 100'000 && !refused; ++i) {
    const auto published = client->publish("com.example.flood", args);
    refused = published.wait(0ms) && published.get().error().uri == "crosspoint.error.queue_full";
  }
  EXPECT_TRUE(refused);
}

TEST(WampClientLibrary, WhoIsRefusedNeedNotWait) {
  const RunningRouter router;
  WampClient::Options options;
  options.authid = "joe";
  options.password = "which this router does not ask for, so that it proves nothing either";
  const auto client = open(router.url(), options);
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_FALSE(client->wait_until_joined(10min));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 1min);
  EXPECT_TRUE(client->status().refused);
  EXPECT_THAT(client->status().last_error, HasSubstr("did not prove"));
}

TEST(WampClientLibrary, AfterSoManyFailuresItIsClosedAndNobodyWaitsForIt) {
  WampClient::Options options;
  options.attempts_max = 2;
  options.retry_first = options.retry_longest = 1ms;
  const auto client = open("rs://127.0.0.1:1", options);
  EXPECT_FALSE(client->register_procedure("com.p", [](auto) {}).get());
  EXPECT_EQ(client->status().state, WampClient::State::closed);
  EXPECT_EQ(client->status().attempts, 2u);
  EXPECT_EQ(client->call("com.p").get().error().uri, "crosspoint.error.closed");
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
  EXPECT_THAT(problem_with([](auto& o) { o.connect_time_max = 0ms; }), HasSubstr("connect_time_max:"));
  EXPECT_THAT(problem_with([](auto& o) { o.retry_first = 0ms; }), HasSubstr("retry_first:"));
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

#ifdef CROSSPOINT_STAGE
std::string output_of(const std::string& command) {
  std::FILE* program = ::popen(command.c_str(), "r");
  std::string output;
  std::array<char, 256> some{};
  while (std::fgets(some.data(), some.size(), program) != nullptr) output += some.data();
  EXPECT_EQ(::pclose(program), 0) << command;
  return output;
}

std::string text_of(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(WampClientLibrary, TheHeadersExampleIsAProgramThatRuns) {
  const RunningRouter router;
  EXPECT_EQ(output_of(CROSSPOINT_STAGE " " + router.url()), "2.5\n");
  const auto program = text_of(CROSSPOINT_SOURCE_DIR "/examples/stage.cpp");
  std::string shown;
  std::istringstream header(text_of(CROSSPOINT_SOURCE_DIR "/include/crosspoint/wamp_client.h"));
  const std::string margin = "//   ";
  for (std::string line; std::getline(header, line);) {
    if (line.starts_with(margin)) shown += line.substr(margin.size()) + "\n";
    if (line == "//" && !shown.empty()) shown += "\n";
    if (line == "//   }") break;
  }
  EXPECT_GT(shown.size(), 1000u);
  EXPECT_THAT(program, ::testing::EndsWith(shown));
}
#endif

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
