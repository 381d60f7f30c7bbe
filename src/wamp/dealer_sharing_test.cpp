#include "wamp/test_dealer.h"

namespace crosspoint::wamp {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Gt;
using ::testing::IsEmpty;

class DealerSharingTest : public DealerTest {
 protected:
  // Sessions 100 (the caller), 101, 102, …
  void share(Invoke invoke, int callees, std::uint64_t concurrency = 0) {
    caller = &join(all_but({Feature::call_reroute}));
    for (int i = 0; i < callees; ++i) {
      all.push_back(&join());
      enroll(*all.back(), {.procedure = "p", .invoke = invoke, .concurrency = concurrency});
    }
  }
  // Which callee gets the next call, by its place; -1: none.
  int next() {
    call(*caller, {.request = RequestId{++request}, .procedure = "p"});
    return taker();
  }
  int taker() {
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!all[i]->peer.take().empty()) return static_cast<int>(i);
    }
    return -1;
  }
  std::vector<int> next(int count) {
    std::vector<int> takers;
    for (int i = 0; i < count; ++i) takers.push_back(next());
    return takers;
  }
  void depart(std::size_t place) {
    leave(*all[place]);
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(place));
  }

  Session* caller = nullptr;
  std::vector<Session*> all;
  std::uint64_t request = 0;
};

TEST_F(DealerSharingTest, FirstIsTheOneThatRegisteredFirst) {
  share(Invoke::first, 3);
  EXPECT_THAT(next(3), ElementsAre(0, 0, 0));
  depart(0);
  EXPECT_EQ(next(), 0);
}

TEST_F(DealerSharingTest, LastIsTheOneThatRegisteredLast) {
  share(Invoke::last, 3);
  EXPECT_THAT(next(3), ElementsAre(2, 2, 2));
  depart(2);
  EXPECT_EQ(next(), 1);
}

TEST_F(DealerSharingTest, RoundRobinGoesRound) {
  share(Invoke::roundrobin, 3);
  EXPECT_THAT(next(7), ElementsAre(0, 1, 2, 0, 1, 2, 0));
}

TEST_F(DealerSharingTest, RoundRobinKeepsItsPlaceWhenSomebodyLeaves) {
  share(Invoke::roundrobin, 4);
  next(2);    // the third is next
  depart(0);  // and has become the second
  EXPECT_THAT(next(3), ElementsAre(1, 2, 0));
  next(2);    // 1, 2
  depart(2);  // the last one: the first is next
  EXPECT_THAT(next(2), ElementsAre(0, 1));
}

TEST_F(DealerSharingTest, RandomReachesEverybodyAboutEquallyOften) {
  settings.calls_per_caller_max = 10'000;
  share(Invoke::random, 4);
  std::vector<int> calls(4);
  for (const int taker: next(4000)) ++calls[static_cast<std::size_t>(taker)];
  EXPECT_THAT(calls, Each(Gt(850)));
}

TEST_F(DealerSharingTest, ACalleeAtItsConcurrencyIsPassedOver) {
  for (const Invoke invoke: {Invoke::first, Invoke::last, Invoke::roundrobin, Invoke::random}) {
    SCOPED_TRACE(to_string(invoke));
    all.clear();
    caller = &join();
    for (int i = 0; i < 3; ++i) {
      all.push_back(&join());
      enroll(*all.back(), {.procedure = to_string(invoke), .invoke = invoke, .concurrency = 2});
    }
    std::vector<int> calls(3);
    for (int i = 0; i < 6; ++i) {
      call(*caller, {.request = RequestId{++request}, .procedure = to_string(invoke)});
      ++calls[static_cast<std::size_t>(taker())];
    }
    EXPECT_THAT(calls, ElementsAre(2, 2, 2));
  }
}

TEST_F(DealerSharingTest, EachCalleeSaysItsOwnConcurrency) {
  caller = &join();
  for (const std::uint64_t concurrency: {1, 3}) {
    all.push_back(&join());
    enroll(*all.back(), {.procedure = "p", .invoke = Invoke::first, .concurrency = concurrency});
  }
  EXPECT_THAT(next(5), ElementsAre(0, 1, 1, 1, -1));
}

TEST_F(DealerSharingTest, WithoutAQueueACallThatFindsAllBusyIsRefused) {
  share(Invoke::single, 1, 1);
  next();

  EXPECT_EQ(next(), -1);

  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 2, {}, \"crossbar.error.max_concurrency_reached\"]"));
  EXPECT_EQ(dealer().counters().calls_refused_for_concurrency, 1u);
  yield(*all[0], {.request = RequestId{1}});
  EXPECT_EQ(next(), 0);
}

TEST_F(DealerSharingTest, AQueueKeepsCallsUntilACalleeIsFree) {
  settings.queued_calls_max = 2;
  share(Invoke::single, 1, 1);
  call(*caller, {.request = RequestId{1}, .procedure = "p"});
  call(*caller, {.request = RequestId{2}, .procedure = "p", .payload = json_payload("[2]", R"({"a": 1})")});
  call(*caller, {.request = RequestId{3}, .procedure = "p", .payload = json_payload("[3]")});
  call(*caller, {.request = RequestId{4}, .procedure = "p"});
  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 4, {}, \"crossbar.error.max_concurrency_reached\"]"));
  EXPECT_THAT(all[0]->peer.take(), ElementsAre("[68, 1, 1, {}]"));

  yield(*all[0], {.request = RequestId{1}});
  EXPECT_THAT(all[0]->peer.take(), ElementsAre(R"([68, 2, 1, {}, [2], {"a": 1}])"));
  error(*all[0], {.request = RequestId{2}, .error = "x.y"});
  EXPECT_THAT(all[0]->peer.take(), ElementsAre("[68, 3, 1, {}, [3]]"));
  yield(*all[0], {.request = RequestId{3}});

  EXPECT_THAT(caller->peer.take(), ElementsAre("[50, 1, {}]", "[8, 48, 2, {}, \"x.y\"]", "[50, 3, {}]"));
  EXPECT_EQ(dealer().counters().queued, 2u);
}

TEST_F(DealerSharingTest, AWaitingCallGoesWithAllThatItCameWith) {
  settings.queued_calls_max = 1;
  caller = &join();
  auto& callee = join();
  enroll(callee, {.procedure = "p.", .match = Match::prefix, .concurrency = 1, .forward_timeout = true});
  call(*caller, {.request = RequestId{1}, .procedure = "p.a"});
  callee.peer.take();
  call(*caller,
       {.request = RequestId{2},
        .procedure = "p.b",
        .receive_progress = true,
        .timeout_ms = 1000,
        .pass_through = {PassThrough::Dialect::ppt, "x_a", "cbor", "x_c", "key"},
        .payload = json_payload("[\"bytes\"]")},
       {.disclose = true});
  pass(400ms);

  yield(callee, {.request = RequestId{1}});

  EXPECT_THAT(
      callee.peer.take(),
      ElementsAre("[68, 2, 1, {\"procedure\": \"p.b\", \"caller\": 100, \"caller_authid\": \"authid100\", "
                  "\"caller_authrole\": \"role\", \"receive_progress\": true, \"timeout\": 600, "
                  "\"ppt_scheme\": \"x_a\", \"ppt_serializer\": \"cbor\", \"ppt_cipher\": \"x_c\", "
                  "\"ppt_keyid\": \"key\"}, [\"bytes\"]]"));
}

TEST_F(DealerSharingTest, WhoComesLaterDoesNotOvertakeWhoWaits) {
  settings.queued_calls_max = 9;
  caller = &join();
  auto& able = join();
  auto& simple = join(no_call_features());
  enroll(able, {.procedure = "p", .invoke = Invoke::first, .concurrency = 1});
  enroll(simple, {.procedure = "p", .invoke = Invoke::first, .concurrency = 1});
  call(*caller, {.request = RequestId{1}, .procedure = "p"});  // the able one is busy
  // Only the able one will do; and then a call that the simple one could take at once.
  call(*caller, {.request = RequestId{2}, .procedure = "p", .progress = true});
  call(*caller, {.request = RequestId{3}, .procedure = "p"});
  EXPECT_THAT(simple.peer.take(), IsEmpty());

  able.peer.take();
  yield(able, {.request = RequestId{1}});

  EXPECT_THAT(able.peer.take(), ElementsAre("[68, 2, 1, {\"progress\": true}]"));
  EXPECT_THAT(simple.peer.take(), ElementsAre("[68, 1, 1, {}]"));
}

TEST_F(DealerSharingTest, ANewCalleeTakesWhatWaits) {
  settings.queued_calls_max = 9;
  share(Invoke::roundrobin, 1, 1);
  next();
  EXPECT_EQ(next(), -1);

  auto& helper = join();
  EXPECT_THAT(registering(helper, {.request = RequestId{1}, .procedure = "p", .invoke = Invoke::roundrobin}),
              ElementsAre("[65, 1, 1]", "[68, 1, 1, {}]"));
}

TEST_F(DealerSharingTest, WaitingCallsEndWhenTheLastCalleeLeaves) {
  settings.queued_calls_max = 9;
  share(Invoke::single, 1, 1);
  next();
  next();

  depart(0);

  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 1, {}, \"wamp.error.canceled\"]",
                                               "[8, 48, 2, {}, \"wamp.error.no_available_callee\"]"));
}

TEST_F(DealerSharingTest, WaitingCallsEndWhenTheLastCalleeUnregisters) {
  settings.queued_calls_max = 9;
  share(Invoke::single, 1, 1);
  next();
  next();

  dealer().unregister(all[0]->who, {RequestId{1}, RegistrationId{1}}, now);

  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 2, {}, \"wamp.error.no_available_callee\"]"));
  yield(*all[0], {.request = RequestId{1}});
  EXPECT_THAT(caller->peer.take(), ElementsAre("[50, 1, {}]"));
}

TEST_F(DealerSharingTest, AWaitingCallThatNobodyLeftCanTakeIsRefused) {
  settings.queued_calls_max = 9;
  caller = &join();
  auto& able = join();
  auto& simple = join(no_call_features());
  enroll(able, {.procedure = "p", .invoke = Invoke::first, .concurrency = 1});
  enroll(simple, {.procedure = "p", .invoke = Invoke::first});
  call(*caller, {.request = RequestId{1}, .procedure = "p"});
  call(*caller, {.request = RequestId{2}, .procedure = "p", .progress = true});

  dealer().unregister(able.who, {RequestId{1}, RegistrationId{1}}, now);

  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 2, {}, \"wamp.error.feature_not_supported\"]"));
}

TEST_F(DealerSharingTest, AWaitingCallCanBeCanceledAndTimeOutAndLoseItsCaller) {
  settings.queued_calls_max = 9;
  share(Invoke::single, 1, 1);
  auto& other = join();
  call(*caller, {.request = RequestId{1}, .procedure = "p"});
  call(*caller, {.request = RequestId{2}, .procedure = "p"});
  call(*caller, {.request = RequestId{3}, .procedure = "p", .timeout_ms = 100});
  call(other, {.request = RequestId{1}, .procedure = "p"});
  all[0]->peer.take();

  cancel(*caller, RequestId{2}, CancelMode::kill);  // nobody has it: there is nothing to wait for
  pass(100ms);
  leave(other);

  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 2, {}, \"wamp.error.canceled\"]",
                                               "[8, 48, 3, {}, \"wamp.error.timeout\"]"));
  yield(*all[0], {.request = RequestId{1}});
  EXPECT_THAT(all[0]->peer.take(), IsEmpty());
}

TEST_F(DealerSharingTest, WhatWaitsIsBoundedInBytes) {
  settings.queued_calls_max = 9;
  settings.kept_bytes_per_caller_max = 3000;
  settings.kept_bytes_max = 5000;
  share(Invoke::single, 1, 1);
  auto& other = join();
  next();
  const std::string large = "[\"" + std::string(2500, 'x') + "\"]";
  const auto send = [&](Session& session, std::uint64_t id) {
    call(session, {.request = RequestId{id}, .procedure = "p", .payload = json_payload(large)});
    return session.peer.take();
  };

  EXPECT_THAT(send(*caller, 2), IsEmpty());
  EXPECT_THAT(send(*caller, 3), ElementsAre("[8, 48, 3, {}, \"wamp.error.unavailable\"]"));  // of one caller
  EXPECT_THAT(send(other, 1), ElementsAre("[8, 48, 1, {}, \"wamp.error.unavailable\"]"));    // of all
  EXPECT_EQ(dealer().counters().calls_refused_for_memory, 2u);

  cancel(*caller, RequestId{2});
  caller->peer.take();
  EXPECT_EQ(dealer().kept_bytes(), 0u);
  EXPECT_THAT(send(other, 2), IsEmpty());
}

TEST_F(DealerSharingTest, ACallThatWaitsForACalleeRunsOutOfItsOwnTime) {
  settings.queued_calls_max = 9;
  share(Invoke::single, 1, 1);
  next();
  call(*caller, {.request = RequestId{2}, .procedure = "p", .timeout_ms = 250});
  EXPECT_EQ(dealer().next_due(), now + 250ms);

  pass(250ms);

  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 2, {}, \"wamp.error.timeout\"]"));
  EXPECT_EQ(dealer().counters().timed_out, 1u);
  EXPECT_EQ(dealer().counters().calls_refused_for_age, 0u);
}

TEST_F(DealerSharingTest, ACallWaitsForACalleeOnlySoLong) {
  settings.queued_calls_max = 9;
  settings.queued_calls_age_max = 1min;
  share(Invoke::single, 1, 1);
  next();
  next();
  call(*caller, {.request = RequestId{3}, .procedure = "p", .timeout_ms = 120'000});

  pass(1min - 1ms);
  EXPECT_THAT(caller->peer.take(), IsEmpty());
  pass(1ms);

  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 2, {}, \"crossbar.error.max_concurrency_reached\"]",
                                               "[8, 48, 3, {}, \"crossbar.error.max_concurrency_reached\"]"));
  EXPECT_EQ(dealer().counters().calls_refused_for_age, 2u);
  EXPECT_EQ(dealer().counters().timed_out, 0u);
  EXPECT_EQ(dealer().next_due(), std::nullopt);
}

TEST_F(DealerSharingTest, ACallThatHasFoundItsCalleeIsNoLongerLookedAtForItsTimeInTheQueue) {
  settings.queued_calls_max = 9;
  settings.queued_calls_age_max = 1min;
  share(Invoke::single, 1, 1);
  next();
  next();
  EXPECT_EQ(dealer().next_due(), now + 1min);

  yield(*all[0], {.request = RequestId{1}});

  EXPECT_EQ(dealer().next_due(), std::nullopt);
  pass(10'000h);
  yield(*all[0], {.request = RequestId{2}});
  EXPECT_THAT(caller->peer.take(), ElementsAre("[50, 1, {}]", "[50, 2, {}]"));
}

TEST_F(DealerSharingTest, ACanceledCallFreesItsPlaceAtOnce) {
  settings.queued_calls_max = 9;
  share(Invoke::single, 1, 1);
  next();
  next();

  cancel(*caller, RequestId{1}, CancelMode::skip);

  EXPECT_EQ(taker(), 0);
}

TEST_F(DealerSharingTest, ACalleeThatComesBackIsStillBusyWithItsOldCalls) {
  share(Invoke::first, 2, 1);
  next();
  dealer().unregister(all[0]->who, {RequestId{1}, RegistrationId{1}}, now);
  enroll(*all[0], {.procedure = "p", .invoke = Invoke::first, .concurrency = 1});

  EXPECT_THAT(next(2), ElementsAre(1, -1));
  yield(*all[0], {.request = RequestId{1}});
  EXPECT_EQ(next(), 0);
}

TEST_F(DealerSharingTest, F5_ACalleeHasALimitOfCalls) {
  settings.calls_per_callee_max = 2;
  caller = &join();
  auto& callee = join();
  enroll(callee, {.procedure = "a"});
  enroll(callee, {.procedure = "b"});
  call(*caller, {.request = RequestId{1}, .procedure = "a"});
  call(*caller, {.request = RequestId{2}, .procedure = "b"});

  call(*caller, {.request = RequestId{3}, .procedure = "a"});

  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 3, {}, \"wamp.error.unavailable\"]"));
  EXPECT_EQ(dealer().counters().calls_refused_for_callee, 1u);
  yield(callee, {.request = RequestId{1}});
  call(*caller, {.request = RequestId{4}, .procedure = "a"});
  EXPECT_THAT(caller->peer.take(), ElementsAre("[50, 1, {}]"));
}

TEST_F(DealerSharingTest, ACallerHasALimitOfCalls) {
  settings.calls_per_caller_max = 2;
  share(Invoke::single, 1);
  auto& other = join();
  next(2);

  EXPECT_EQ(next(), -1);
  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 3, {}, \"wamp.error.unavailable\"]"));
  EXPECT_EQ(dealer().counters().calls_refused_for_caller, 1u);
  call(other, {.request = RequestId{1}, .procedure = "p"});
  EXPECT_EQ(taker(), 0);
  yield(*all[0], {.request = RequestId{1}});
  EXPECT_EQ(next(), 0);
}

}  // namespace
}  // namespace crosspoint::wamp
