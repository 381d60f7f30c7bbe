// The WAMP client library as a program has it: its own threads, real sockets, the real router. What it asks
// and answers.

#include "running_router.h"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace crosspoint {
namespace {

using List = WampClient::List;

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
      EXPECT_EQ(sum->kwargs["by"], "com.example.add");
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
  pending.cancel(WampClient::Cancel::kill);
  EXPECT_EQ(pending.get().error().uri, "wamp.error.canceled");
  EXPECT_TRUE(kept->cancelled());

  WampClient::CallOptions options;
  options.timeout = 50ms;
  const auto late = caller->call("com.slow", {}, {}, options);
  begun_again.get_future().get();
  EXPECT_EQ(late.get().error().uri, "wamp.error.timeout");
}

TEST(WampClientLibrary, ACancelledCallEndsWhetherItsCalleeListensOrNot) {
  const RunningRouter router;
  std::vector<WampClient::Invocation> kept;
  const auto callee = join(router.url()), caller = join(router.url());
  callee->register_procedure("com.deaf", [&](auto call) { kept.push_back(std::move(call)); }).get();
  for (const auto mode: {WampClient::Cancel::killnowait, WampClient::Cancel::skip}) {
    const auto pending = caller->call("com.deaf");
    pending.cancel(mode);
    EXPECT_EQ(pending.get().error().uri, "wamp.error.canceled");
  }
  const auto waiting = caller->call("com.deaf");
  waiting.cancel(WampClient::Cancel::kill);
  ASSERT_TRUE(caller->call("wamp.session.count").get());
  EXPECT_FALSE(waiting.wait(0ms)) << "the callee's answer is the answer";
}

// What strangers send is as they please.
TEST(WampClientLibrary, ACallWithoutItsArgumentsIsAnsweredWithWhatIsWrong) {
  const RunningRouter router;
  const auto client = join(router.url());
  client->register_procedure("com.move", [](WampClient::Invocation call) {
    auto in = call.arguments();
    const auto to = in.number(0);
    const auto unit = in.text("unit", "mm");
    in.at_most(1, {"unit"});
    if (!in) return call.reject(in.problem());
    call.answer({to, unit, call.args()[7]});
  });
  EXPECT_EQ(client->call("com.move", {2.5}).get()->args, (List{2.5, "mm", nullptr}));
  const auto wrong = client->call("com.move").get();
  EXPECT_EQ(wrong.error().uri, "wamp.error.invalid_argument");
  EXPECT_EQ(wrong.error().sentence, "args[0] must be a number, and is missing");
  EXPECT_EQ(client->call("com.move", {1}, {{"unit", 7}}).get().error().sentence,
            "kwargs.unit must be text, and is an integer");
}

WampTask throw_later(WampClient& client, WampClient::Invocation) {
  co_await client.call("wamp.session.count");
  throw std::runtime_error("the shutter is stuck");
}

TEST(WampClientLibrary, WhatAHandlerThrowsIsAnErrorForTheCallerAndNoEndOfTheProgram) {
  const RunningRouter router;
  WampClient::Options options;
  std::vector<std::string> told;
  std::promise<void> all_told;
  options.on_exception = [&](const std::string& what) {
    told.push_back(what);
    if (told.size() == 5) all_told.set_value();
    throw 7;
  };
  const auto client = join(router.url(), options);
  client->register_procedure("com.throws", [](auto) { throw std::runtime_error("no light"); });
  client->register_procedure("com.throws.something", [](auto) { throw 7; });
  client->register_procedure("com.throws.later", [&](auto call) { throw_later(*client, std::move(call)); });
  client->subscribe("com.topic", [](const auto&) { throw std::runtime_error("in an event"); }).get();
  const auto thrown = client->call("com.throws").get();
  EXPECT_EQ(thrown.error().uri, "wamp.error.runtime_error");
  EXPECT_EQ(thrown.error().sentence, "no light");
  EXPECT_EQ(client->call("com.throws.something").get().error().uri, "wamp.error.runtime_error");
  EXPECT_EQ(client->call("com.throws.later").get().error().sentence, "the shutter is stuck");
  client->publish("com.topic", {}, {}, {.exclude_me = false});
  client->call("com.nobody").then([](auto) { throw std::runtime_error("in an answer"); });
  all_told.get_future().get();
  EXPECT_THAT(told, ::testing::UnorderedElementsAre("no light", "an exception that is no std::exception",
                                                    "the shutter is stuck", "in an event", "in an answer"));
  EXPECT_TRUE(client->call("wamp.session.count").get());
  EXPECT_GE(client->status().exceptions, 9u);
}

TEST(WampClientLibrary, AProgramThatSleepsLosesNothingOfItsCallsUnsaid) {
  const RunningRouter router;
  const auto callee = join(router.url());
  const std::string kilobyte(1000, 'x');
  callee->register_procedure("com.parts", [&](WampClient::Invocation call) {
    for (int i = 0; i < 10; ++i) call.progress({i, kilobyte});
    call.answer({"all"});
  });
  callee->register_procedure("com.large", [&](auto call) { call.answer({kilobyte}); }).get();

  WampClient::Options options;
  options.delivery = WampClient::Delivery::pumped;
  options.call_bytes_max = 5000;
  const auto sleeper = join(router.url(), options);
  sleeper->register_procedure("com.sleeps", [](auto call) { call.answer(); }).get();
  WampClient::CallOptions with_parts;
  std::vector<std::int64_t> parts;
  with_parts.on_progress = [&](const auto& part) { parts.push_back(part.args[0].integer().value_or(-1)); };
  const auto pending = sleeper->call("com.parts", {}, {}, with_parts);
  EXPECT_EQ(pending.get().error().uri, "crosspoint.error.too_slow");
  std::string told;
  const auto large = sleeper->call("com.large");
  large.then([&](auto outcome) { told = outcome ? "result" : outcome.error().uri; });
  while (!large.wait(1s)) {
  }
  // Four results wait. A call that comes to the sleeper finds no room either.
  EXPECT_EQ(callee->call("com.sleeps", {kilobyte}).get().error().uri, "wamp.error.unavailable");
  while (sleeper->poll() > 0) {
  }
  EXPECT_EQ(parts, (std::vector<std::int64_t>{0, 1, 2, 3}));
  EXPECT_EQ(told, "crosspoint.error.too_slow");
  const auto again = callee->call("com.sleeps", {kilobyte});
  while (!again.wait(0ms)) sleeper->poll(10ms);
  EXPECT_TRUE(again.get());
}

TEST(WampClientLibrary, WhoseReceiversArePickedAndWhoSaysWhoItIs) {
  const RunningRouter router;
  const auto as = [&](const char* name) {
    WampClient::Options options;
    options.authid = name;
    return join(router.url(), options);
  };
  const auto ann = as("ann"), ben = as("ben");
  std::atomic<int> events_of_ann{0};
  std::promise<WampClient::Event> event_of_ben;
  ann->subscribe("com.topic", [&](const auto&) { ++events_of_ann; }).get();
  ben->subscribe("com.topic", [&](const auto& event) { event_of_ben.set_value(event); }).get();
  WampClient::PublishOptions to_ben;
  to_ben.acknowledge = to_ben.disclose_me = true;
  to_ben.exclude_me = false;
  to_ben.eligible = {ann->status().session, ben->status().session, 0};
  to_ben.exclude_authid = {"ann"};
  ASSERT_TRUE(ann->publish("com.topic", {}, {}, to_ben).get());
  EXPECT_EQ(event_of_ben.get_future().get().publisher.session, ann->status().session);
  ASSERT_TRUE(ann->call("wamp.session.count").get());
  EXPECT_EQ(events_of_ann, 0);

  std::uint64_t caller = 0;
  ben->register_procedure("com.who",
                          [&](auto call) {
                            caller = call.caller().session;
                            call.answer();
                          },
                          {.disclose_caller = true})
      .get();
  ASSERT_TRUE(ann->call("com.who").get());
  EXPECT_EQ(caller, ann->status().session);
}

TEST(WampClientLibrary, GivingUpSaysWhenTheRouterKnows) {
  const RunningRouter router;
  const auto client = join(router.url());
  const auto registration = client->register_procedure("com.p", [](auto call) { call.answer(); }).get();
  const auto subscription = client->subscribe("com.t", [](const auto&) {}).get();
  EXPECT_TRUE(client->unregister(*registration).get());
  EXPECT_TRUE(client->unregister(*registration).get()) << "it is";
  EXPECT_TRUE(client->unsubscribe(*subscription).get());
  EXPECT_EQ(client->call("com.p").get().error().uri, "wamp.error.no_such_procedure");
}

TEST(WampClientLibrary, WhatASessionLeavesBehindIsPublishedWhenItIsOver) {
  const RunningRouter router;
  const auto heir = join(router.url());
  std::promise<WampClient::Event> left;
  heir->subscribe("com.left", [&](const auto& event) { left.set_value(event); }).get();
  auto client = open(router.url());
  const auto early = client->add_testament("com.left", {"early"});
  ASSERT_TRUE(early.get());
  ASSERT_TRUE(client->flush_testaments().get());
  ASSERT_TRUE(client->add_testament("com.left", {"late"}, {{"unit", "mm"}}).get());
  EXPECT_EQ(client->add_testament("wamp.left").get().error().uri, "wamp.error.invalid_uri");
  client.reset();
  const auto event = left.get_future().get();
  EXPECT_EQ(event.args, List{"late"});
  EXPECT_EQ(event.kwargs["unit"], "mm");
}

TEST(WampClientLibrary, ACalleeMayKeepTheTimeOfACallItself) {
  const RunningRouter router;
  const auto client = join(router.url());
  client->register_procedure("com.timed",
                             [](auto call) {
                               const auto left = call.time_left();
                               call.answer({left.has_value(), left && *left > 0s && *left <= 10s});
                             },
                             {.forward_timeout = true});
  WampClient::CallOptions options;
  options.timeout = 10s;
  EXPECT_EQ(client->call("com.timed", {}, {}, options).get()->args, (List{true, true}));
  EXPECT_EQ(client->call("com.timed").get()->args, (List{false, false}));
}

TEST(WampClientLibrary, ArgumentsMayComeInParts) {
  const RunningRouter router;
  const auto client = join(router.url());
  client->register_procedure("com.sum",
                             [](WampClient::Invocation call) {
                               auto sum = call.args()[0].integer().value_or(0);
                               if (!call.more_follows()) return call.answer({sum});
                               auto kept = std::make_shared<WampClient::Invocation>(std::move(call));
                               kept->on_more([kept, sum](const WampClient::More& more) mutable {
                                 sum += more.args[0].integer().value_or(0);
                                 if (more.last) kept->answer({sum});
                               });
                             },
                             {.progressive = true});
  WampClient::CallOptions options;
  options.more_follows = true;
  const auto sum = client->call("com.sum", {1}, {}, options);
  using More = WampClient::Pending<WampClient::Result>::More;
  sum.send_more({2}, {}, More::follows);
  sum.send_more({3}, {}, More::last);
  EXPECT_EQ(sum.get()->value(), 6);
  EXPECT_EQ(client->call("com.sum", {1}).get()->value(), 1);
}

TEST(WampClientLibrary, PayloadsMayBeForWhoHasTheKeyAlone) {
  const RunningRouter router;
  WampClient::Options options;
  options.passthru = true;
  const auto client = join(router.url(), options), plain = join(router.url());
  const WampValue::Binary sealed{std::byte{0xff}, std::byte{7}};
  const WampClient::Passthru how{.scheme = "x_box", .serializer = "cbor", .cipher = "", .keyid = "key7"};
  client->register_procedure("com.p", [&](auto call) {
    if (!call.passthru() || call.passthru()->keyid != "key7") return call.reject("not sealed");
    call.answer_passthru(how, *call.args()[0].binary());
  });
  WampClient::CallOptions with_key;
  with_key.passthru = how;
  const auto result = client->call("com.p", {sealed}, {}, with_key).get();
  ASSERT_TRUE(result) << result.error().sentence;
  EXPECT_EQ(result->passthru->scheme, "x_box");
  EXPECT_EQ(result->args[0], sealed);
  EXPECT_EQ(client->call("com.p", {"text"}, {}, with_key).get().error().uri, "wamp.error.invalid_argument");
  EXPECT_EQ(plain->call("com.p", {sealed}, {}, with_key).get().error().sentence,
            "Options::passthru is not set");
  std::promise<WampClient::Event> event;
  client->subscribe("com.t", [&](const auto& told) { event.set_value(told); }).get();
  WampClient::PublishOptions publish;
  publish.exclude_me = false;
  publish.passthru = how;
  client->publish("com.t", {sealed}, {}, publish);
  EXPECT_EQ(event.get_future().get().passthru->serializer, "cbor");
}

}  // namespace
}  // namespace crosspoint
