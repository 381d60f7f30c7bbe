#include "wamp/request_sequence.h"

#include <gtest/gtest.h>

namespace crosspoint::wamp {
namespace {

using Verdict = RequestSequence::Verdict;

TEST(RequestSequence, CountsFromOneWithoutAGap) {
  RequestSequence sequence;
  EXPECT_EQ(sequence.take(RequestId{2}), Verdict::gap);
  EXPECT_EQ(sequence.take(RequestId{1}), Verdict::next);
  EXPECT_EQ(sequence.take(RequestId{2}), Verdict::next);
  EXPECT_EQ(sequence.take(RequestId{4}), Verdict::gap);
  EXPECT_EQ(sequence.take(RequestId{3}), Verdict::next);
}

TEST(RequestSequence, AfterTheLargestBeginsAnew) {
  RequestSequence sequence(id_max - 1);
  EXPECT_EQ(sequence.take(RequestId{1}), Verdict::repeated);
  EXPECT_EQ(sequence.take(RequestId{id_max}), Verdict::next);
  EXPECT_EQ(sequence.take(RequestId{1}), Verdict::next);
  EXPECT_EQ(sequence.take(RequestId{2}), Verdict::next);
}

TEST(RequestSequence, KnowsANumberThatHasBeen) {
  RequestSequence sequence;
  for (std::uint64_t id = 1; id <= 3; ++id) sequence.take(RequestId{id});
  EXPECT_EQ(sequence.take(RequestId{1}), Verdict::repeated);
  EXPECT_EQ(sequence.take(RequestId{3}), Verdict::repeated);
  EXPECT_EQ(sequence.take(RequestId{4}), Verdict::next);
}

}  // namespace
}  // namespace crosspoint::wamp
