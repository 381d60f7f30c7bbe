#include <set>

#include "wamp/test_dealer.h"

namespace crosspoint::wamp {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// Re-routing: wamp-router 8.8.

class DealerRerouteTest : public DealerTest {
 protected:
  void share(Invoke invoke, int callees, Features of_callees = all_call_features()) {
    caller = &join();
    for (int i = 0; i < callees; ++i) {
      all.push_back(&join(of_callees));
      enroll(*all.back(), {.procedure = "p", .invoke = invoke});
    }
  }
  void start(Call message = {}) {
    message.request = RequestId{1};
    message.procedure = "p";
    message.payload = json_payload("[1]", R"({"a": 2})");
    call(*caller, message);
  }
  // Which callee has the call now, by its place; -1: none.
  int taker() {
    int found = -1;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto said = all[i]->peer.take();
      if (said.empty()) continue;
      EXPECT_EQ(found, -1);
      EXPECT_THAT(said, ElementsAre(AllOf(StartsWith("[68, 1, "), EndsWith(R"({}, [1], {"a": 2}])"))));
      found = static_cast<int>(i);
    }
    return found;
  }
  void refuse_by(int place) {
    error(*all[static_cast<std::size_t>(place)], {.request = RequestId{1}, .error = error_uri::unavailable});
  }

  Session* caller = nullptr;
  std::vector<Session*> all;
};

constexpr auto nobody_left = "[8, 48, 1, {}, \"wamp.error.no_available_callee\"]";
constexpr auto unavailable = "[8, 48, 1, {}, \"wamp.error.unavailable\"]";

TEST_F(DealerRerouteTest, ACallGoesToTheNextCalleeByThePolicy) {
  const std::pair<Invoke, std::vector<int>> orders[] = {
      {Invoke::first, {0, 1, 2}}, {Invoke::last, {2, 1, 0}}, {Invoke::roundrobin, {0, 1, 2}}};
  for (const auto& [invoke, order]: orders) {
    SCOPED_TRACE(to_string(invoke));
    share(invoke, 3);
    start();
    for (const int place: order) {
      EXPECT_EQ(taker(), place);
      EXPECT_THAT(caller->peer.take(), IsEmpty());
      refuse_by(place);
    }
    EXPECT_THAT(caller->peer.take(), ElementsAre(nobody_left));
    for (Session* session: std::exchange(all, {})) leave(*session);
  }
}

TEST_F(DealerRerouteTest, RandomTriesEachCalleeOnce) {
  share(Invoke::random, 4);
  start();
  std::set<int> tried;
  for (int i = 0; i < 4; ++i) {
    const int place = taker();
    tried.insert(place);
    refuse_by(place);
  }
  EXPECT_EQ(tried.size(), 4u);
  EXPECT_THAT(caller->peer.take(), ElementsAre(nobody_left));
}

TEST_F(DealerRerouteTest, TheAnswerOfTheSecondCalleeReachesTheCaller) {
  share(Invoke::first, 2);
  start();
  taker();
  refuse_by(0);

  yield(*all[1], {.request = RequestId{1}, .payload = json_payload("[3]")});

  EXPECT_THAT(caller->peer.take(), ElementsAre("[50, 1, {}, [3]]"));
  EXPECT_EQ(dealer().counters().rerouted, 1u);
  // The first one has answered: it has nothing more to say.
  EXPECT_FALSE(dealer().yield(all[0]->who, {.request = RequestId{1}}, now));
}

TEST_F(DealerRerouteTest, ASingleCalleeThatIsUnavailableIsTheLastOne) {
  share(Invoke::single, 1);
  start();
  refuse_by(0);
  EXPECT_THAT(caller->peer.take(), ElementsAre(nobody_left));
}

TEST_F(DealerRerouteTest, WithoutBothAnnouncementsTheErrorIsTheAnswer) {
  share(Invoke::first, 2, all_but({Feature::callee_reroute}));
  start();
  taker();
  refuse_by(0);
  EXPECT_THAT(caller->peer.take(), ElementsAre(unavailable));
  EXPECT_EQ(taker(), -1);

  for (Session* session: std::exchange(all, {})) leave(*session);
  share(Invoke::first, 2);
  caller = &join(all_but({Feature::call_reroute}));
  start();
  taker();
  refuse_by(0);
  EXPECT_THAT(caller->peer.take(), ElementsAre(unavailable));
  EXPECT_EQ(dealer().kept_bytes(), 0u);
}

TEST_F(DealerRerouteTest, OtherErrorsAreAnswers) {
  share(Invoke::first, 2);
  start();
  taker();
  error(*all[0], {.request = RequestId{1}, .error = "com.unavailable"});
  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 1, {}, \"com.unavailable\"]"));
  EXPECT_EQ(taker(), -1);
}

TEST_F(DealerRerouteTest, ACallWhoseCalleeLeavesGoesToAnotherOne) {
  share(Invoke::first, 2);
  start();
  taker();

  leave(*all[0]);
  all.erase(all.begin());

  EXPECT_THAT(caller->peer.take(), IsEmpty());
  EXPECT_EQ(taker(), 0);
  yield(*all[0], {.request = RequestId{1}});
  EXPECT_THAT(caller->peer.take(), ElementsAre("[50, 1, {}]"));
}

TEST_F(DealerRerouteTest, ACallWhoseLastCalleeLeavesIsCanceled) {
  share(Invoke::first, 2);
  start();
  refuse_by(0);
  leave(*all[1]);
  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 1, {}, \"wamp.error.canceled\"]"));
}

TEST_F(DealerRerouteTest, ACallWithResultsIsNotCarriedOutTwice) {
  share(Invoke::first, 2);
  start({.receive_progress = true});
  yield(*all[0], {.request = RequestId{1}, .progress = true});
  caller->peer.take();

  refuse_by(0);

  EXPECT_THAT(caller->peer.take(), ElementsAre(nobody_left));
  EXPECT_THAT(all[1]->peer.take(), IsEmpty());
}

TEST_F(DealerRerouteTest, ACallThatWasCanceledGoesNowhereElse) {
  share(Invoke::first, 2);
  start();
  taker();
  cancel(*caller, RequestId{1}, CancelMode::kill);
  all[0]->peer.take();

  leave(*all[0]);
  all.erase(all.begin());

  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 1, {}, \"wamp.error.canceled\"]"));
  EXPECT_EQ(taker(), -1);
}

TEST_F(DealerRerouteTest, AllArgumentsSoFarGoToTheNextCallee) {
  share(Invoke::first, 2);
  for (const auto* args: {"[1]", "[2]"}) {
    call(*caller,
         {.request = RequestId{1}, .procedure = "p", .progress = true, .payload = json_payload(args)});
  }

  refuse_by(0);

  EXPECT_THAT(all[1]->peer.take(),
              ElementsAre("[68, 1, 1, {\"progress\": true}, [1]]", "[68, 1, 1, {\"progress\": true}, [2]]"));
  call(*caller, {.request = RequestId{1}, .procedure = "p", .payload = json_payload("[3]")});
  EXPECT_THAT(all[1]->peer.take(), ElementsAre("[68, 1, 1, {}, [3]]"));
}

TEST_F(DealerRerouteTest, TheTimeGoesOnFromOneCalleeToTheNext) {
  share(Invoke::first, 2);
  start({.timeout_ms = 100});
  taker();
  pass(60ms);
  refuse_by(0);
  EXPECT_EQ(taker(), 1);

  pass(40ms);

  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 1, {}, \"wamp.error.timeout\"]"));
}

TEST_F(DealerRerouteTest, ACallThatIsTooLargeToKeepIsNotRerouted) {
  settings.kept_bytes_per_caller_max = 100;
  share(Invoke::first, 2);
  start();
  EXPECT_EQ(taker(), 0);

  refuse_by(0);

  EXPECT_THAT(caller->peer.take(), ElementsAre(nobody_left));
}

TEST_F(DealerRerouteTest, TheNextCalleeMayBeUnableToReadIt) {
  share(Invoke::first, 2);
  start();
  taker();
  all[1]->peer.answer = Sent::not_spellable;
  refuse_by(0);
  EXPECT_THAT(caller->peer.take(), ElementsAre("[8, 48, 1, {}, \"wamp.error.invalid_argument\"]"));
}

}  // namespace
}  // namespace crosspoint::wamp
