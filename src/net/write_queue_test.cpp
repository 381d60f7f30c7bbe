#include "net/write_queue.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace crosspoint::net {
namespace {

SegmentRef segment_of(std::string_view text, std::uint32_t capacity) {
  auto segment = Segment::make(capacity);
  segment->append(as_bytes(text));
  return segment;
}

std::string waiting_in(const WriteQueue& queue) { return std::string(as_text(queue.copy())); }

TEST(WriteQueue, KeepsTheOrderOfWhatItHoldsAndWhatItCopied) {
  const auto segment = segment_of("held", 4);
  WriteQueue queue;
  queue.push(as_bytes("copied "), nullptr);
  queue.push({segment->data(), 4}, &segment);
  queue.push(as_bytes(" and copied"), nullptr);
  std::array<Bytes, 2> pieces;

  EXPECT_EQ(queue.gather(pieces), 2u);
  EXPECT_EQ(as_text(pieces[0]), "copied ");
  EXPECT_EQ(pieces[1].data(), segment->data());
  EXPECT_EQ(waiting_in(queue), "copied held and copied");
  queue.wrote(9);
  EXPECT_EQ(waiting_in(queue), "ld and copied");
  EXPECT_EQ(queue.bytes(), 13u);
  EXPECT_TRUE(segment->shared());
  queue.wrote(2);
  EXPECT_FALSE(segment->shared());
  queue.wrote(11);
  EXPECT_EQ(queue.bytes(), 0u);
  EXPECT_EQ(queue.gather(pieces), 0u);
}

TEST(WriteQueue, CopiesThatFollowEachOtherAreOnePiece) {
  WriteQueue queue;
  std::string all;
  for (int i = 0; i < 1000; ++i) {
    all += std::to_string(i);
    queue.push(as_bytes(std::to_string(i)), nullptr);
  }
  std::array<Bytes, 8> pieces;

  EXPECT_EQ(queue.gather(pieces), 1u);
  EXPECT_EQ(as_text(pieces[0]), all);
}

// Otherwise a few bytes could keep a segment of any size.
TEST(WriteQueue, ASmallPartOfASegmentIsCopied) {
  constexpr std::uint32_t capacity = 1000;
  const auto segment = segment_of(std::string(capacity, 'x'), capacity);
  constexpr auto least = capacity / WriteQueue::held_bytes_factor;
  WriteQueue small, large;

  small.push({segment->data(), least - 1}, &segment);
  EXPECT_FALSE(segment->shared());
  large.push({segment->data(), least}, &segment);

  EXPECT_TRUE(segment->shared());
  EXPECT_EQ(small.bytes(), least - 1);
}

}  // namespace
}  // namespace crosspoint::net
