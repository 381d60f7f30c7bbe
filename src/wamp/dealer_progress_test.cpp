#include "wamp/test_dealer.h"

namespace crosspoint::wamp {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Progressive results: wamp-router 8.4.

class DealerProgressTest : public DealerTest {
 protected:
  void start(Features of_caller, Features of_callee, Call message) {
    caller = &join(of_caller);
    callee = &join(of_callee);
    enroll(*callee, {.procedure = "a"});
    message.request = RequestId{1};
    message.procedure = "a";
    call(*caller, message);
  }
  void start(Call message) { start(all_call_features(), all_call_features(), message); }
  void more(bool progress, std::string_view args = {}) {
    call(*caller,
         {.request = RequestId{1}, .procedure = "a", .progress = progress, .payload = json_payload(args)});
  }
  void yield_one(bool progress, std::string_view args = {}) {
    yield(*callee, {.request = RequestId{1}, .progress = progress, .payload = json_payload(args)});
  }

  Session* caller = nullptr;
  Session* callee = nullptr;
};

TEST_F(DealerProgressTest, ResultsArriveAsTheyCome) {
  start({.receive_progress = true});
  EXPECT_THAT(callee->peer.take(), ElementsAre("[68, 1, 1, {\"receive_progress\": true}]"));

  yield_one(true, "[1]");
  yield_one(true, "[2]");
  EXPECT_THAT(caller->peer.take(),
              ElementsAre("[50, 1, {\"progress\": true}, [1]]", "[50, 1, {\"progress\": true}, [2]]"));
  yield_one(false, "[3]");
  EXPECT_THAT(caller->peer.take(), ElementsAre("[50, 1, {}, [3]]"));
  EXPECT_EQ(dealer().counters().progressive_results, 2u);
}

TEST_F(DealerProgressTest, AnErrorMayEndThem) {
  start({.receive_progress = true});
  yield_one(true);
  error(*callee, {.request = RequestId{1}, .error = "x.y"});
  EXPECT_THAT(caller->peer.take(), ElementsAre("[50, 1, {\"progress\": true}]", "[8, 48, 1, {}, \"x.y\"]"));
}

TEST_F(DealerProgressTest, TheCalleeNeedNotAnnounceCanceling) {
  // autobahn-js announces the results without it.
  start(all_call_features(), all_but({Feature::callee_canceling}), {.receive_progress = true});
  EXPECT_THAT(callee->peer.take(), ElementsAre("[68, 1, 1, {\"receive_progress\": true}]"));
  yield_one(true);
  EXPECT_THAT(caller->peer.take(), ElementsAre("[50, 1, {\"progress\": true}]"));
}

TEST_F(DealerProgressTest, ACalleeThatWasNotAskedIsHeardAtTheEndOnly) {
  for (const auto& [of_caller, of_callee, asked]:
       {std::tuple(all_call_features(), all_call_features(), false),
        std::tuple(all_but({Feature::call_progressive_results}), all_call_features(), true),
        std::tuple(all_call_features(), all_but({Feature::callee_progressive_results}), true)}) {
    start(of_caller, of_callee, {.receive_progress = asked});
    EXPECT_THAT(callee->peer.take(), ElementsAre(::testing::EndsWith("{}]")));
    yield_one(true, "[1]");
    EXPECT_THAT(caller->peer.take(), IsEmpty());
    yield_one(false, "[2]");
    EXPECT_THAT(caller->peer.take(), ElementsAre("[50, 1, {}, [2]]"));
    leave(*callee);
  }
}

TEST_F(DealerProgressTest, AResultThatTheCallerCannotBeSentEndsTheCall) {
  start({.receive_progress = true});
  callee->peer.take();
  caller->peer.answer = Sent::too_large;

  yield_one(true, "[1]");

  // Going on would leave a gap that the caller does not see.
  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 1, {}, \"wamp.error.payload_size_exceeded\"]"));
  EXPECT_THAT(
      callee->peer.take(),
      ElementsAre("[69, 1, {\"mode\": \"killnowait\", \"reason\": \"wamp.error.payload_size_exceeded\"}]"));
  yield_one(true, "[2]");
  yield_one(false, "[3]");
  EXPECT_THAT(caller->peer.take(), IsEmpty());
}

TEST_F(DealerProgressTest, AResultThatTheCallerCannotReadEndsTheCall) {
  start(all_but({Feature::call_payload_passthru}), all_call_features(), {.receive_progress = true});
  callee->peer.take();

  yield(*callee, {.request = RequestId{1},
                  .progress = true,
                  .pass_through = {PassThrough::Dialect::ppt, "wamp", "cbor", "", ""}});

  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 1, {}, \"wamp.error.feature_not_supported\"]"));
  EXPECT_EQ(callee->peer.take().size(), 1u);
}

// Progressive invocations: wamp-router 8.5.

TEST_F(DealerProgressTest, MoreArgumentsGoToTheSameInvocation) {
  start({.progress = true, .payload = json_payload("[1]")});
  more(true, "[2]");
  more(false, "[3]");

  EXPECT_THAT(callee->peer.take(),
              ElementsAre("[68, 1, 1, {\"progress\": true}, [1]]", "[68, 1, 1, {\"progress\": true}, [2]]",
                          "[68, 1, 1, {}, [3]]"));
  yield_one(false, "[6]");
  EXPECT_THAT(caller->peer.take(), ElementsAre("[50, 1, {}, [6]]"));
}

TEST_F(DealerProgressTest, OfSharedCalleesTheSameOneGetsAll) {
  caller = &join();
  auto& first = join();
  auto& second = join();
  for (Session* session: {&first, &second}) {
    enroll(*session, {.procedure = "a", .invoke = Invoke::roundrobin});
  }
  more(true);
  more(true);
  more(false);
  EXPECT_EQ(first.peer.take().size(), 3u);
  EXPECT_THAT(second.peer.take(), IsEmpty());
}

TEST_F(DealerProgressTest, TheFirstCallsOptionsHoldForAll) {
  caller = &join();
  callee = &join();
  enroll(*callee, {.procedure = "a", .forward_timeout = true});
  call(*caller, {.request = RequestId{1},
                 .procedure = "a",
                 .receive_progress = true,
                 .progress = true,
                 .timeout_ms = 500});
  call(*caller, {.request = RequestId{1}, .procedure = "a", .timeout_ms = 9});

  EXPECT_THAT(callee->peer.take(),
              ElementsAre("[68, 1, 1, {\"receive_progress\": true, \"progress\": true, \"timeout\": 500}]",
                          "[68, 1, 1, {\"receive_progress\": true, \"timeout\": 500}]"));
}

TEST_F(DealerProgressTest, ArgumentsForACallThatIsOverAreDropped) {
  start({.progress = true});
  yield_one(false);
  callee->peer.take();
  caller->peer.take();

  more(true);
  more(false);
  EXPECT_THAT(callee->peer.take(), IsEmpty());
  EXPECT_THAT(caller->peer.take(), IsEmpty());

  // All of them have come: the number may be used again.
  more(false);
  EXPECT_THAT(callee->peer.take(), ElementsAre("[68, 2, 1, {}]"));
}

TEST_F(DealerProgressTest, ArgumentsForACallThatFoundNobodyAreDropped) {
  caller = &join();
  more(true);
  more(true);
  more(false);
  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 1, {}, \"wamp.error.no_such_procedure\"]"));
}

TEST_F(DealerProgressTest, WithStrictIdsANumberThatHasBeenNeverBeginsACall) {
  start({});
  yield_one(false);
  callee->peer.take();
  caller->peer.take();

  call(*caller, {.request = RequestId{1}, .procedure = "a"}, {.repeated = true});

  EXPECT_THAT(callee->peer.take(), IsEmpty());
  EXPECT_THAT(caller->peer.take(), IsEmpty());
}

TEST_F(DealerProgressTest, GoingOnWithWhatDoesNotGoOnIsAViolation) {
  start({.progress = true});
  const auto goes = [&](Call message) {
    message.request = RequestId{1};
    return dealer().call(caller->who, message, {}, now).has_value();
  };

  EXPECT_FALSE(goes({.procedure = "b", .progress = true}));  // another procedure
  EXPECT_TRUE(goes({.procedure = "a"}));
  EXPECT_FALSE(goes({.procedure = "a"}));  // the last arguments have come
}

TEST_F(DealerProgressTest, ACallerHasToAnnounceProgressiveInvocations) {
  auto& simple = join(all_but({Feature::call_progressive_invocations}));
  EXPECT_FALSE(
      dealer().call(simple.who, {.request = RequestId{1}, .procedure = "a", .progress = true}, {}, now));
  EXPECT_THAT(simple.peer.take(), IsEmpty());
}

TEST_F(DealerProgressTest, ACalleeHasToAnnounceThemAndCanceling) {
  for (const Feature lacking: {Feature::callee_progressive_invocations, Feature::callee_canceling}) {
    start(all_call_features(), all_but({lacking}), {.progress = true});
    EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 1, {}, \"wamp.error.feature_not_supported\"]"));
    EXPECT_THAT(callee->peer.take(), IsEmpty());
    leave(*callee);
  }
}

TEST_F(DealerProgressTest, ArgumentsThatTheCalleeCannotBeSentEndTheCall) {
  start({.progress = true});
  callee->peer.take();
  callee->peer.answer = Sent::too_large;

  more(true, "[2]");

  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 1, {}, \"wamp.error.payload_size_exceeded\"]"));
  EXPECT_THAT(
      callee->peer.take(),
      ElementsAre("[69, 1, {\"mode\": \"killnowait\", \"reason\": \"wamp.error.payload_size_exceeded\"}]"));
  more(false, "[3]");
  EXPECT_THAT(caller->peer.take(), IsEmpty());
}

TEST_F(DealerProgressTest, ArgumentsThatTheCalleeCannotReadEndTheCall) {
  start(all_call_features(), all_but({Feature::callee_payload_passthru}), {.progress = true});
  callee->peer.take();

  call(*caller, {.request = RequestId{1},
                 .procedure = "a",
                 .pass_through = {PassThrough::Dialect::ppt, "wamp", "cbor", "", ""}});

  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 1, {}, \"wamp.error.feature_not_supported\"]"));
  EXPECT_EQ(callee->peer.take().size(), 1u);
}

TEST_F(DealerProgressTest, AllArgumentsWaitTogether) {
  settings.queued_calls_max = 1;
  caller = &join();
  callee = &join();
  enroll(*callee, {.procedure = "a", .concurrency = 1});
  call(*caller, {.request = RequestId{7}, .procedure = "a"});
  more(true, "[1]");
  more(true, "[2]");
  callee->peer.take();

  yield_one(false);
  EXPECT_THAT(callee->peer.take(),
              ElementsAre("[68, 2, 1, {\"progress\": true}, [1]]", "[68, 2, 1, {\"progress\": true}, [2]]"));
  more(false, "[3]");
  EXPECT_THAT(callee->peer.take(), ElementsAre("[68, 2, 1, {}, [3]]"));
}

TEST_F(DealerProgressTest, ArgumentsThatWaitAreBounded) {
  settings.queued_calls_max = 1;
  settings.kept_bytes_per_caller_max = 2000;
  caller = &join();
  callee = &join();
  enroll(*callee, {.procedure = "a", .concurrency = 1});
  call(*caller, {.request = RequestId{7}, .procedure = "a"});
  const std::string large = "[\"" + std::string(1000, 'x') + "\"]";
  more(true, large);
  EXPECT_THAT(caller->peer.take(), IsEmpty());

  more(true, large);

  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 1, {}, \"wamp.error.unavailable\"]"));
}

}  // namespace
}  // namespace crosspoint::wamp
