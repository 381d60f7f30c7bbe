#include "wamp/request_sequence.h"

#include <gtest/gtest.h>

namespace crosspoint::wamp {
namespace {

using Order = RequestSequence::Verdict;

TEST(RequestSequence, CountsFromOneWithoutAGap) {
  RequestSequence sequence;
  EXPECT_EQ(sequence.take(RequestId{2}), Order::gap);
  EXPECT_EQ(sequence.take(RequestId{1}), Order::next);
  EXPECT_EQ(sequence.take(RequestId{2}), Order::next);
  EXPECT_EQ(sequence.take(RequestId{4}), Order::gap);
  EXPECT_EQ(sequence.take(RequestId{3}), Order::next);
}

TEST(RequestSequence, AfterTheLargestBeginsAnew) {
  RequestSequence sequence(id_max - 1);
  EXPECT_EQ(sequence.take(RequestId{1}), Order::repeated);
  EXPECT_EQ(sequence.take(RequestId{id_max}), Order::next);
  EXPECT_EQ(sequence.take(RequestId{1}), Order::next);
  EXPECT_EQ(sequence.take(RequestId{2}), Order::next);
}

TEST(RequestSequence, KnowsANumberThatHasBeen) {
  RequestSequence sequence;
  for (std::uint64_t id = 1; id <= 3; ++id) sequence.take(RequestId{id});
  EXPECT_EQ(sequence.take(RequestId{1}), Order::repeated);
  EXPECT_EQ(sequence.take(RequestId{3}), Order::repeated);
  EXPECT_EQ(sequence.take(RequestId{4}), Order::next);
}

}  // namespace
}  // namespace crosspoint::wamp
