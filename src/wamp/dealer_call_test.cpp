#include "wamp/test_dealer.h"

namespace crosspoint::wamp {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DealerCallTest : public DealerTest {
 protected:
  Result<void, Violation> yield_of(Session& callee, std::uint64_t invocation, bool progress = false) {
    return dealer().yield(callee.who, {.request = RequestId{invocation}, .progress = progress}, now);
  }
};

TEST_F(DealerCallTest, ACallBecomesAnInvocationAndAYieldAResult) {
  auto& caller = join();
  auto& callee = join();
  enroll(callee, {.procedure = "com.add"});

  call(caller, {.request = RequestId{17}, .procedure = "com.add", .payload = json_payload("[1, 2]")});
  EXPECT_THAT(callee.peer.take(), ElementsAre("[68, 1, 1, {}, [1, 2]]"));
  EXPECT_EQ(dealer().open_calls(), 1u);

  yield(callee, {.request = RequestId{1}, .payload = json_payload("[3]", R"({"exact": true})")});
  EXPECT_THAT(caller.peer.take(), ElementsAre(R"([50, 17, {}, [3], {"exact": true}])"));
  EXPECT_EQ(dealer().open_calls(), 0u);
  EXPECT_EQ(dealer().counters().calls, 1u);
  EXPECT_EQ(dealer().counters().results, 1u);
}

TEST_F(DealerCallTest, ACalleesErrorReachesTheCallerUntouched) {
  auto& caller = join();
  auto& callee = join();
  enroll(callee, {.procedure = "com.add"});
  call(caller, {.request = RequestId{17}, .procedure = "com.add"});

  error(callee,
        {.request = RequestId{1}, .error = "com.overflow", .payload = json_payload("[]", R"({"by": 1})")});

  EXPECT_THAT(caller.peer.take(), ElementsAre(R"([8, 48, 17, {}, "com.overflow", [], {"by": 1}])"));
}

TEST_F(DealerCallTest, WithoutACalleeThereIsNoSuchProcedure) {
  auto& caller = join();

  call(caller, {.request = RequestId{17}, .procedure = "com.add"});

  EXPECT_THAT(caller.peer.take(), ElementsAre("[8, 48, 17, {}, \"wamp.error.no_such_procedure\"]"));
  EXPECT_THAT(caller.peer.texts, ElementsAre("no callee registered for procedure <com.add>"));
}

TEST_F(DealerCallTest, InvocationsAreNumberedFromOneForEachCallee) {
  auto& caller = join();
  auto& first = join();
  auto& second = join();
  enroll(first, {.procedure = "a"});
  enroll(first, {.procedure = "b"});
  enroll(second, {.procedure = "c"});

  std::uint64_t request = 70;
  for (const char* procedure: {"a", "c", "b", "a"}) {
    call(caller, {.request = RequestId{request++}, .procedure = procedure});
  }

  EXPECT_THAT(first.peer.take(), ElementsAre("[68, 1, 1, {}]", "[68, 2, 2, {}]", "[68, 3, 1, {}]"));
  EXPECT_THAT(second.peer.take(), ElementsAre("[68, 1, 3, {}]"));
}

TEST_F(DealerCallTest, AnswersMayComeInAnyOrder) {
  auto& caller = join();
  auto& callee = join();
  enroll(callee, {.procedure = "a"});
  for (const std::uint64_t request: {5, 9, 7})
    call(caller, {.request = RequestId{request}, .procedure = "a"});

  for (const std::uint64_t invocation: {3, 1, 2}) yield(callee, {.request = RequestId{invocation}});

  EXPECT_THAT(caller.peer.take(), ElementsAre("[50, 7, {}]", "[50, 5, {}]", "[50, 9, {}]"));
}

TEST_F(DealerCallTest, ASessionMayCallItself) {
  auto& session = join();
  enroll(session, {.procedure = "a"});
  call(session, {.request = RequestId{1}, .procedure = "a"});
  yield(session, {.request = RequestId{1}});
  EXPECT_THAT(session.peer.take(), ElementsAre("[68, 1, 1, {}]", "[50, 1, {}]"));

  call(session, {.request = RequestId{2}, .procedure = "a"});
  session.peer.take();
  dealer().leave(session.who, now);
  EXPECT_THAT(session.peer.take(), IsEmpty());
}

TEST_F(DealerCallTest, TheCallerIsDisclosedWhenTheRealmOrTheCalleeSaysSo) {
  auto& caller = join();
  auto& callee = join();
  enroll(callee, {.procedure = "quiet"});
  enroll(callee, {.procedure = "curious", .disclose_caller = true});
  const auto named =
      HasSubstr("{\"caller\": 100, \"caller_authid\": \"authid100\", \"caller_authrole\": \"role\"}");

  call(caller, {.request = RequestId{1}, .procedure = "quiet"});
  EXPECT_THAT(callee.peer.take(), ElementsAre("[68, 1, 1, {}]"));
  call(caller, {.request = RequestId{2}, .procedure = "quiet"}, {.disclose = true});
  EXPECT_THAT(callee.peer.take(), ElementsAre(named));
  call(caller, {.request = RequestId{3}, .procedure = "curious"});
  EXPECT_THAT(callee.peer.take(), ElementsAre(named));
}

TEST_F(DealerCallTest, ARequestIdInUseIsAViolation) {
  auto& caller = join();
  auto& callee = join();
  enroll(callee, {.procedure = "a"});
  const Call twice{.request = RequestId{1}, .procedure = "a"};
  call(caller, twice);

  const auto outcome = dealer().call(caller.who, twice, {}, now);

  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().sentence, HasSubstr("request 1 is in use"));
  // And again when it is free: ids need not grow.
  yield(callee, {.request = RequestId{1}});
  call(caller, twice);
}

TEST_F(DealerCallTest, F7_AnAnswerToAnInvocationThatNeverWasIsAViolation) {
  auto& caller = join();
  auto& callee = join();
  auto& stranger = join();
  enroll(callee, {.procedure = "a"});
  call(caller, {.request = RequestId{1}, .procedure = "a"});

  EXPECT_FALSE(yield_of(callee, 2));
  EXPECT_FALSE(yield_of(stranger, 1));  // another session's
  EXPECT_FALSE(yield_of(caller, 1));
  EXPECT_FALSE(dealer().error(callee.who, {.request = RequestId{2}, .error = "x.y"}, now));
  EXPECT_THAT(caller.peer.take(), IsEmpty());
}

TEST_F(DealerCallTest, ASecondAnswerIsAViolation) {
  auto& caller = join();
  auto& callee = join();
  enroll(callee, {.procedure = "a"});
  call(caller, {.request = RequestId{1}, .procedure = "a"});
  yield(callee, {.request = RequestId{1}});

  EXPECT_FALSE(yield_of(callee, 1));
  EXPECT_FALSE(dealer().error(callee.who, {.request = RequestId{1}, .error = "x.y"}, now));
  EXPECT_THAT(caller.peer.take(), ElementsAre("[50, 1, {}]"));
}

TEST_F(DealerCallTest, TheAnswerToACanceledCallIsDroppedOnce) {
  auto& caller = join();
  auto& callee = join();
  enroll(callee, {.procedure = "a"});
  call(caller, {.request = RequestId{1}, .procedure = "a"});
  cancel(caller, RequestId{1});
  caller.peer.take();

  EXPECT_TRUE(yield_of(callee, 1, true));
  EXPECT_TRUE(yield_of(callee, 1));
  EXPECT_FALSE(yield_of(callee, 1));

  EXPECT_THAT(caller.peer.take(), IsEmpty());
  EXPECT_EQ(dealer().counters().late_messages, 2u);
}

TEST_F(DealerCallTest, AnswersThatAreForgottenAreNotHeldAgainstTheCallee) {
  settings.late_messages_max = 2;
  auto& caller = join();
  auto& callee = join();
  enroll(callee, {.procedure = "a"});
  for (std::uint64_t id = 1; id <= 4; ++id) {
    call(caller, {.request = RequestId{id}, .procedure = "a"});
    cancel(caller, RequestId{id});
  }

  for (std::uint64_t id = 1; id <= 4; ++id) EXPECT_TRUE(yield_of(callee, id)) << id;
  // Of those that are remembered still, a second one is one too many.
  EXPECT_TRUE(yield_of(callee, 2));
  EXPECT_FALSE(yield_of(callee, 3));
}

TEST_F(DealerCallTest, ACallTooLargeForTheCalleeIsAnErrorOfTheCaller) {
  auto& caller = join();
  auto& callee = join();
  enroll(callee, {.procedure = "a"});
  callee.peer.answer = Sent::too_large;

  call(caller, {.request = RequestId{1}, .procedure = "a", .payload = json_payload("[1]")});

  EXPECT_THAT(caller.peer.take(), ElementsAre("[8, 48, 1, {}, \"wamp.error.payload_size_exceeded\"]"));
  EXPECT_THAT(caller.peer.texts, ElementsAre("the call is larger than the callee's transport takes"));
  // The callee, which knows nothing of it, misses no number.
  call(caller, {.request = RequestId{2}, .procedure = "a"});
  EXPECT_THAT(callee.peer.take(), ElementsAre("[68, 1, 1, {}]"));
}

TEST_F(DealerCallTest, ACallThatTheCalleesFormatCannotSpellIsAnErrorOfTheCaller) {
  auto& caller = join();
  auto& callee = join();
  enroll(callee, {.procedure = "a"});
  callee.peer.answer = Sent::not_spellable;

  call(caller, {.request = RequestId{1}, .procedure = "a", .payload = json_payload("[1]")});

  EXPECT_THAT(caller.peer.take(), ElementsAre("[8, 48, 1, {}, \"wamp.error.invalid_argument\"]"));
  EXPECT_THAT(caller.peer.texts,
              ElementsAre("the call holds values that the callee's serializer cannot spell"));
}

TEST_F(DealerCallTest, AnAnswerThatTheCallerCannotBeSentBecomesAnErrorThatItCan) {
  auto& caller = join();
  auto& callee = join();
  enroll(callee, {.procedure = "a"});
  for (const std::uint64_t request: {1, 2, 3}) {
    call(caller, {.request = RequestId{request}, .procedure = "a"});
  }

  caller.peer.answer = Sent::too_large;
  yield(callee, {.request = RequestId{1}, .payload = json_payload("[1]")});
  error(callee, {.request = RequestId{2}, .error = "x.y", .payload = json_payload("[1]")});
  caller.peer.answer = Sent::not_spellable;
  yield(callee, {.request = RequestId{3}, .payload = json_payload("[1]")});

  EXPECT_THAT(caller.peer.take(), ElementsAre("[8, 48, 1, {}, \"wamp.error.payload_size_exceeded\"]",
                                              "[8, 48, 2, {}, \"wamp.error.payload_size_exceeded\"]",
                                              "[8, 48, 3, {}, \"wamp.error.invalid_argument\"]"));
  EXPECT_EQ(caller.peer.texts[0], "the answer is larger than the caller's transport takes");
}

TEST_F(DealerCallTest, WhatTheRealmRefusesIsAnsweredOnce) {
  auto& caller = join();
  const auto refused = [&](bool progress) {
    dealer().refuse(caller.who, {.request = RequestId{1}, .procedure = "a", .progress = progress},
                    error_uri::not_authorized, "no", now);
    return caller.peer.take();
  };

  // More arguments of the same call were under way already.
  EXPECT_THAT(refused(true), ElementsAre("[8, 48, 1, {}, \"wamp.error.not_authorized\"]"));
  EXPECT_THAT(refused(true), IsEmpty());
  EXPECT_THAT(refused(false), IsEmpty());
  EXPECT_THAT(refused(false), ElementsAre("[8, 48, 1, {}, \"wamp.error.not_authorized\"]"));
}

TEST_F(DealerCallTest, WhatTheRealmRefusesInTheMiddleOfACallEndsIt) {
  auto& caller = join();
  auto& callee = join();
  enroll(callee, {.procedure = "a"});
  call(caller, {.request = RequestId{1}, .procedure = "a", .progress = true});
  callee.peer.take();

  dealer().refuse(caller.who, {.request = RequestId{1}, .procedure = "a"}, error_uri::not_authorized, "no",
                  now);

  EXPECT_THAT(caller.peer.take(), ElementsAre("[8, 48, 1, {}, \"wamp.error.not_authorized\"]"));
  EXPECT_THAT(callee.peer.take(),
              ElementsAre("[69, 1, {\"mode\": \"killnowait\", \"reason\": \"wamp.error.not_authorized\"}]"));
}

// Payload pass-through: wamp-router 7.7.

TEST_F(DealerCallTest, PayloadPassThroughIsCopiedBothWays) {
  auto& caller = join();
  auto& callee = join();
  enroll(callee, {.procedure = "a"});
  const PassThrough ppt{PassThrough::Dialect::ppt, "wamp", "cbor", "aes256gcm", "k1"};
  const auto keys =
      R"({"ppt_scheme": "wamp", "ppt_serializer": "cbor", "ppt_cipher": "aes256gcm", "ppt_keyid": "k1"})";

  call(caller,
       {.request = RequestId{1}, .procedure = "a", .pass_through = ppt, .payload = json_payload("[\"x\"]")});
  EXPECT_THAT(callee.peer.take(), ElementsAre("[68, 1, 1, " + std::string(keys) + ", [\"x\"]]"));
  yield(callee, {.request = RequestId{1}, .pass_through = ppt, .payload = json_payload("[\"y\"]")});
  EXPECT_THAT(caller.peer.take(), ElementsAre("[50, 1, " + std::string(keys) + ", [\"y\"]]"));

  call(caller, {.request = RequestId{2}, .procedure = "a"});
  error(callee,
        {.request = RequestId{2}, .error = "x.y", .pass_through = ppt, .payload = json_payload("[\"z\"]")});
  EXPECT_THAT(caller.peer.take(), ElementsAre("[8, 48, 2, " + std::string(keys) + ", \"x.y\", [\"z\"]]"));
}

TEST_F(DealerCallTest, AutobahnsOlderPassThroughNeedsNoAnnouncement) {
  auto& caller = join(no_call_features());
  auto& callee = join(no_call_features());
  enroll(callee, {.procedure = "a"});
  const PassThrough enc{PassThrough::Dialect::enc, "cryptobox", "json", "", "k1"};

  call(caller,
       {.request = RequestId{1}, .procedure = "a", .pass_through = enc, .payload = json_payload("\"b\"")});

  EXPECT_THAT(
      callee.peer.take(),
      ElementsAre(
          R"([68, 1, 1, {"enc_algo": "cryptobox", "enc_serializer": "json", "enc_key": "k1"}, "b"])"));
}

TEST_F(DealerCallTest, PassThroughThatWasNotAnnouncedIsAViolation) {
  auto& caller = join(all_but({Feature::call_payload_passthru}));
  auto& callee = join(all_but({Feature::callee_payload_passthru}));
  enroll(callee, {.procedure = "a"});
  const PassThrough ppt{PassThrough::Dialect::ppt, "wamp", "cbor", "", ""};
  call(caller, {.request = RequestId{1}, .procedure = "a"});

  EXPECT_FALSE(
      dealer().call(caller.who, {.request = RequestId{2}, .procedure = "a", .pass_through = ppt}, {}, now));
  EXPECT_FALSE(dealer().yield(callee.who, {.request = RequestId{1}, .pass_through = ppt}, now));
  EXPECT_FALSE(
      dealer().error(callee.who, {.request = RequestId{1}, .error = "x.y", .pass_through = ppt}, now));

  // Nothing was changed by it.
  EXPECT_EQ(dealer().open_calls(), 1u);
  EXPECT_THAT(caller.peer.take(), IsEmpty());
}

TEST_F(DealerCallTest, PassThroughThatTheOtherSideLacksIsNotSupported) {
  auto& caller = join();
  auto& simple = join(no_call_features());
  auto& callee = join();
  enroll(simple, {.procedure = "simple"});
  enroll(callee, {.procedure = "a"});
  const PassThrough ppt{PassThrough::Dialect::ppt, "wamp", "cbor", "", ""};
  const auto unsupported = "[8, 48, 1, {}, \"wamp.error.feature_not_supported\"]";

  call(caller, {.request = RequestId{1}, .procedure = "simple", .pass_through = ppt});
  EXPECT_THAT(caller.peer.take(), ElementsAre(unsupported));
  EXPECT_THAT(simple.peer.take(), IsEmpty());

  for (const bool is_error: {false, true}) {
    call(simple, {.request = RequestId{1}, .procedure = "a"});
    const RequestId invocation{is_error ? 2u : 1u};
    if (is_error) {
      error(callee, {.request = invocation, .error = "x.y", .pass_through = ppt});
    } else {
      yield(callee, {.request = invocation, .pass_through = ppt});
    }
    EXPECT_THAT(simple.peer.take(), ElementsAre(unsupported));
  }
}

TEST_F(DealerCallTest, OfSharedCalleesOneThatCanReadThePayloadIsChosen) {
  auto& caller = join();
  auto& simple = join(no_call_features());
  auto& able = join();
  enroll(simple, {.procedure = "a", .invoke = Invoke::first});
  enroll(able, {.procedure = "a", .invoke = Invoke::first});

  call(caller, {.request = RequestId{1},
                .procedure = "a",
                .pass_through = {PassThrough::Dialect::ppt, "wamp", "cbor", "", ""}});

  EXPECT_THAT(simple.peer.take(), IsEmpty());
  EXPECT_EQ(able.peer.take().size(), 1u);
}

}  // namespace
}  // namespace crosspoint::wamp
