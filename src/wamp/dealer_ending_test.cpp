#include "wamp/test_dealer.h"

namespace crosspoint::wamp {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DealerEndingTest : public DealerTest {
 protected:
  // A call with request and invocation 1.
  void start(Features of_callee, Call message = {}) {
    caller = &join();
    callee = &join(of_callee);
    enroll(*callee, {.procedure = "a", .invoke = Invoke::roundrobin, .forward_timeout = forward_timeout});
    message.request = RequestId{1};
    message.procedure = "a";
    call(*caller, message);
    callee->peer.take();
  }
  void start(Call message = {}) { start(all_call_features(), message); }
  void yield_one(bool progress = false) { yield(*callee, {.request = RequestId{1}, .progress = progress}); }

  Session* caller = nullptr;
  Session* callee = nullptr;
  bool forward_timeout = false;
};

constexpr auto canceled = "[8, 48, 1, {}, \"wamp.error.canceled\"]";
constexpr auto timed_out = "[8, 48, 1, {}, \"wamp.error.timeout\"]";
constexpr auto result = "[50, 1, {}]";

// Canceling: wamp-router 8.6.

TEST_F(DealerEndingTest, SkipAnswersTheCallerAndLeavesTheCalleeAlone) {
  start();

  cancel(*caller, RequestId{1}, CancelMode::skip);

  EXPECT_THAT(caller->peer.take(), ElementsAre(canceled));
  EXPECT_THAT(callee->peer.take(), IsEmpty());
  yield_one();
  EXPECT_THAT(caller->peer.take(), IsEmpty());
}

TEST_F(DealerEndingTest, KillStopsTheCalleeAndWaitsForItsAnswer) {
  const auto interrupt = "[69, 1, {\"mode\": \"kill\", \"reason\": \"wamp.error.canceled\"}]";
  start();
  cancel(*caller, RequestId{1}, CancelMode::kill);
  EXPECT_THAT(callee->peer.take(), ElementsAre(interrupt));
  EXPECT_THAT(caller->peer.take(), IsEmpty());
  error(*callee, {.request = RequestId{1}, .error = "wamp.error.canceled"});
  EXPECT_THAT(caller->peer.take(), ElementsAre(canceled));

  // Or it was done already.
  leave(*callee);
  start();
  cancel(*caller, RequestId{1}, CancelMode::kill);
  yield_one();
  EXPECT_THAT(caller->peer.take(), ElementsAre(result));
}

TEST_F(DealerEndingTest, KillNoWaitStopsTheCalleeAndAnswersTheCaller) {
  start();

  cancel(*caller, RequestId{1}, CancelMode::killnowait);

  EXPECT_THAT(caller->peer.take(), ElementsAre(canceled));
  EXPECT_THAT(callee->peer.take(),
              ElementsAre("[69, 1, {\"mode\": \"killnowait\", \"reason\": \"wamp.error.canceled\"}]"));
  error(*callee, {.request = RequestId{1}, .error = "wamp.error.canceled"});
  EXPECT_THAT(caller->peer.take(), IsEmpty());
}

TEST_F(DealerEndingTest, WithoutAModeCancelIsKillNoWait) {
  start();
  cancel(*caller, RequestId{1});
  EXPECT_THAT(caller->peer.take(), ElementsAre(canceled));
  EXPECT_EQ(callee->peer.take().size(), 1u);
}

TEST_F(DealerEndingTest, ACalleeThatCannotBeStoppedIsSkipped) {
  for (const auto mode: {CancelMode::skip, CancelMode::kill, CancelMode::killnowait}) {
    start(all_but({Feature::callee_canceling}));
    cancel(*caller, RequestId{1}, mode);
    EXPECT_THAT(caller->peer.take(), ElementsAre(canceled));
    EXPECT_THAT(callee->peer.take(), IsEmpty());
    leave(*callee);
  }
}

TEST_F(DealerEndingTest, CancelingWhatIsUnknownOrOverIsIgnored) {
  start();
  auto& stranger = join();
  cancel(stranger, RequestId{1});
  cancel(*caller, RequestId{2});
  yield_one();
  cancel(*caller, RequestId{1});
  EXPECT_THAT(caller->peer.take(), ElementsAre(result));
  EXPECT_THAT(callee->peer.take(), IsEmpty());
}

TEST_F(DealerEndingTest, ACallerThatLosesPatienceNeedNotWaitForTheKilledCallee) {
  start();
  cancel(*caller, RequestId{1}, CancelMode::kill);
  cancel(*caller, RequestId{1}, CancelMode::kill);
  EXPECT_EQ(callee->peer.take().size(), 1u);  // it knows

  cancel(*caller, RequestId{1}, CancelMode::killnowait);

  EXPECT_THAT(caller->peer.take(), ElementsAre(canceled));
  EXPECT_THAT(callee->peer.take(), IsEmpty());
}

// Somebody leaves: wamp-router 8.6.

TEST_F(DealerEndingTest, WhenTheCallerLeavesTheCalleeIsStopped) {
  start();

  leave(*caller);

  EXPECT_THAT(callee->peer.take(),
              ElementsAre("[69, 1, {\"mode\": \"killnowait\", \"reason\": \"wamp.error.canceled\"}]"));
  yield_one(true);
  yield_one();
  EXPECT_EQ(dealer().counters().callers_left, 1u);
}

TEST_F(DealerEndingTest, WhenTheCallerLeavesACalleeThatCannotBeStoppedGoesOn) {
  start(all_but({Feature::callee_canceling}));
  leave(*caller);
  EXPECT_THAT(callee->peer.take(), IsEmpty());
  yield_one();
}

TEST_F(DealerEndingTest, WhenTheCalleeLeavesItsCallsAreCanceled) {
  start();
  call(*caller, {.request = RequestId{2}, .procedure = "a"});

  leave(*callee);

  EXPECT_THAT(caller->peer.take(), ElementsAre(canceled, "[8, 48, 2, {}, \"wamp.error.canceled\"]"));
  EXPECT_EQ(caller->peer.texts[0], "the callee has left before it answered");
}

TEST_F(DealerEndingTest, ACalleeThatUnregistersOrIsRemovedAnswersWhatItHas) {
  start();
  dealer().remove_callee(RegistrationId{1}, callee->who.id(), "", now);
  yield_one();
  EXPECT_THAT(caller->peer.take(), ElementsAre(result));
}

TEST_F(DealerEndingTest, ACalleeThatUnregistersAndLeavesOwesTheAnswerStill) {
  start();
  dealer().unregister(callee->who, {RequestId{1}, RegistrationId{1}}, now);
  leave(*callee);
  EXPECT_THAT(caller->peer.take(), ElementsAre(canceled));
}

// Timeouts: wamp-router 8.7.

TEST_F(DealerEndingTest, ACallTimesOutAfterSoManyMilliseconds) {
  start({.timeout_ms = 250});
  EXPECT_EQ(dealer().next_due(), now + 250ms);

  pass(249ms);
  EXPECT_THAT(caller->peer.take(), IsEmpty());
  pass(1ms);

  EXPECT_THAT(caller->peer.take(), ElementsAre(timed_out));
  EXPECT_THAT(callee->peer.take(),
              ElementsAre("[69, 1, {\"mode\": \"killnowait\", \"reason\": \"wamp.error.timeout\"}]"));
  EXPECT_EQ(dealer().next_due(), std::nullopt);
  EXPECT_EQ(dealer().counters().timed_out, 1u);
  yield_one();
  EXPECT_THAT(caller->peer.take(), IsEmpty());
}

TEST_F(DealerEndingTest, WithoutATimeoutACallWaitsForEver) {
  start();
  EXPECT_EQ(dealer().next_due(), std::nullopt);
  pass(10'000h);
  yield_one();
  EXPECT_THAT(caller->peer.take(), ElementsAre(result));
}

TEST_F(DealerEndingTest, ACallThatIsAnsweredDoesNotTimeOut) {
  start({.timeout_ms = 250});
  yield_one();
  pass(1h);
  EXPECT_THAT(caller->peer.take(), ElementsAre(result));
}

TEST_F(DealerEndingTest, EachProgressiveResultStartsTheTimeAnew) {
  start({.receive_progress = true, .timeout_ms = 250});
  for (int i = 0; i < 5; ++i) {
    pass(200ms);
    yield_one(true);
  }
  EXPECT_EQ(caller->peer.take().size(), 5u);

  pass(250ms);

  EXPECT_THAT(caller->peer.take(), ElementsAre(timed_out));
}

TEST_F(DealerEndingTest, CallsTimeOutInTheOrderOfTheirTimes) {
  auto& many = join();
  auto& busy = join();
  enroll(busy, {.procedure = "b"});
  std::uint64_t request = 0;
  for (const std::uint64_t timeout: {300, 100, 200, 100}) {
    call(many, {.request = RequestId{++request}, .procedure = "b", .timeout_ms = timeout});
  }
  EXPECT_EQ(dealer().next_due(), now + 100ms);
  const auto timeout_of = [](int id) {
    return "[8, 48, " + std::to_string(id) + ", {}, \"wamp.error.timeout\"]";
  };

  pass(1s);

  EXPECT_THAT(many.peer.take(), ElementsAre(timeout_of(2), timeout_of(4), timeout_of(3), timeout_of(1)));
}

TEST_F(DealerEndingTest, TheLongestTimeoutOverflowsNothing) {
  start({.timeout_ms = id_max});
  pass(10'000h);
  EXPECT_THAT(caller->peer.take(), IsEmpty());
}

TEST_F(DealerEndingTest, ATimeoutIsForwardedToACalleeThatAskedForIt) {
  auto& session = join();
  auto& watching = join();
  enroll(watching, {.procedure = "b", .forward_timeout = true});

  call(session, {.request = RequestId{1}, .procedure = "b", .timeout_ms = 250});

  EXPECT_THAT(watching.peer.take(), ElementsAre("[68, 1, 1, {\"timeout\": 250}]"));
  EXPECT_EQ(dealer().next_due(), std::nullopt);  // the callee sees to it
}

TEST_F(DealerEndingTest, ATimeoutIsNotForwardedToACalleeThatDidNotAnnounceIt) {
  forward_timeout = true;
  start(all_but({Feature::callee_timeout}), {.timeout_ms = 250});
  EXPECT_EQ(dealer().next_due(), now + 250ms);
}

TEST_F(DealerEndingTest, AKilledCallStillTimesOut) {
  start({.timeout_ms = 250});
  cancel(*caller, RequestId{1}, CancelMode::kill);
  callee->peer.take();

  pass(250ms);

  EXPECT_THAT(caller->peer.take(), ElementsAre(timed_out));
  EXPECT_THAT(callee->peer.take(), IsEmpty());  // it has been told
}

}  // namespace
}  // namespace crosspoint::wamp
