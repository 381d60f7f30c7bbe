#include "wamp/owed_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wamp/test_peer.h"

namespace crosspoint::wamp {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(OwedAnswer, IsGivenOnce) {
  TestPeer caller;
  OwedAnswer answer(caller, RequestId{3});

  answer.result({}, json_payload("[1]"));

  EXPECT_THAT(caller.take(), ElementsAre("[50, 3, {}, [1]]"));
  EXPECT_DEATH(answer.error("x.y", "again"), "caller_ != nullptr");
  EXPECT_DEATH(answer.waive(), "caller_ != nullptr");
}

TEST(OwedAnswer, CannotBeLeftUngiven) {
  TestPeer caller;
  EXPECT_DEATH({ OwedAnswer answer(caller, RequestId{3}); }, "caller_ == nullptr");
}

TEST(OwedAnswer, IsNotSentToACallerThatHasLeft) {
  TestPeer caller;
  OwedAnswer(caller, RequestId{3}).waive();
  EXPECT_THAT(caller.take(), IsEmpty());
}

TEST(OwedAnswer, WhatTheCallerCannotBeSentBecomesAnError) {
  TestPeer caller;
  caller.answer = Sent::too_large;
  OwedAnswer(caller, RequestId{3}).error("x.y", {}, json_payload("[1]"));
  EXPECT_THAT(caller.take(), ElementsAre("[8, 48, 3, {}, \"wamp.error.payload_size_exceeded\"]"));
}

}  // namespace
}  // namespace crosspoint::wamp
