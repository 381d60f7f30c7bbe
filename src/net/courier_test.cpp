#include "net/courier.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "testing/manual_clock.h"
#include "testing/manual_loop.h"

namespace crosspoint::net {
namespace {

using crosspoint::testing::ManualClock;
using crosspoint::testing::ManualLoop;
// Keeps what it is posted.
class Letterbox final : public Loop {
 public:
  WallTime wall_now() const override { return {}; }
  void post(std::move_only_function<void()> work) override { posts.push_back(std::move(work)); }
  MutableBytes read_buffer() override { return {}; }
  std::vector<std::move_only_function<void()>> posts;
};

// Writes down what it hears: "3:0 abc", pieces apart, those of segments in brackets.
class Scribe final : public FarHearer {
 public:
  void on_batch(FarBatch& batch) override {
    ++batches;
    for (const auto& note: batch.notes()) {
      std::string line = std::to_string(note.line) + ":" + std::to_string(static_cast<int>(note.news));
      if (note.news == FarNews::bytes) {
        for (const auto& piece: batch.take_pieces(note.value)) {
          const auto text = std::string(as_text(batch.bytes_of(piece)));
          line += batch.segment_of(piece) != nullptr ? " [" + text + "]" : " " + text;
        }
      }
      heard.push_back(line);
    }
  }
  std::vector<std::string> heard;
  int batches = 0;
};

struct CourierTest : ::testing::Test {
  CourierTest() { courier.deliver_to(scribe); }
  void note_bytes(std::uint32_t line, std::string_view text) { courier.note_bytes(line, as_bytes(text)); }
  void note_shared(std::uint32_t line, std::size_t begin, std::size_t end) {
    courier.note_shared(line, Bytes(segment->data() + begin, segment->data() + end), segment);
  }
  void read_post() {
    for (auto& post: std::exchange(there.posts, {})) post();
  }

  ManualClock clock;
  ManualLoop here{clock};
  Letterbox there;
  Courier courier{here, there};
  std::shared_ptr<Scribe> scribe = std::make_shared<Scribe>();
  SegmentRef segment = [] {
    auto made = Segment::make(100);
    made->append(as_bytes("one, two, three"));
    return made;
  }();
};

TEST_F(CourierTest, AllOfATurnIsOnePostAndInItsOrder) {
  note_bytes(1, "a");
  note_bytes(2, "b");
  courier.note({FarNews::end, 2, 0});
  note_bytes(1, "c");
  EXPECT_TRUE(there.posts.empty());

  here.turn();
  ASSERT_EQ(there.posts.size(), 1u);
  read_post();

  EXPECT_EQ(scribe->heard, (std::vector<std::string>{"1:0 a", "2:0 b", "2:3", "1:0 c"}));
  here.turn();
  EXPECT_TRUE(there.posts.empty());
}

TEST_F(CourierTest, WhatTheTurnsHooksSayLeavesWithTheRest) {
  struct Hook final : TurnEndHook {
    explicit Hook(CourierTest& the_test) : test(the_test) {}
    void on_turn_end() override { test.note_bytes(2, "later"); }
    CourierTest& test;
  } hook(*this);
  note_bytes(1, "early");
  here.at_turn_end(hook);

  here.turn();
  ASSERT_EQ(there.posts.size(), 1u);
  read_post();

  EXPECT_EQ(scribe->heard, (std::vector<std::string>{"1:0 early", "2:0 later"}));
}

TEST_F(CourierTest, BytesThatGoOnAreOneNote) {
  note_bytes(7, "one ");
  note_bytes(7, "two");
  note_bytes(7, ", four");

  here.turn();
  read_post();

  EXPECT_EQ(scribe->heard, (std::vector<std::string>{"7:0 one two, four"}));
}

TEST_F(CourierTest, SharedBytesCrossInTheirSegmentAndGoOnToo) {
  note_shared(7, 0, 5);
  note_shared(7, 5, 8);
  note_bytes(7, " and ");
  note_shared(7, 10, 15);
  note_shared(8, 10, 15);

  here.turn();
  read_post();

  EXPECT_EQ(scribe->heard, (std::vector<std::string>{"7:0 [one, two]  and  [three]", "8:0 [three]"}));
}

TEST_F(CourierTest, SegmentsAreHeldUntilTheBatchWasRead) {
  auto other = Segment::make(100);
  other->append(as_bytes("x"));
  for (std::uint32_t line = 0; line < 10; ++line) {
    note_shared(line, 0, 3);
    courier.note_shared(line, Bytes(other->data(), 1), other);
  }
  here.turn();
  EXPECT_TRUE(segment->shared() && other->shared());

  read_post();

  EXPECT_FALSE(segment->shared() || other->shared());
  EXPECT_EQ(scribe->heard.size(), 10u);
  EXPECT_EQ(scribe->heard.back(), "9:0 [one] [x]");
}

TEST_F(CourierTest, SegmentsOfABatchThatNobodyReadsAreLetGo) {
  note_shared(1, 0, 3);
  here.turn();

  there.posts.clear();  // the loop has ended

  EXPECT_FALSE(segment->shared());
  note_shared(1, 0, 3);
  here.turn();
  scribe.reset();
  read_post();
  EXPECT_FALSE(segment->shared());
}

TEST_F(CourierTest, HoweverLongTheyAreBytesLieSideBySide) {
  std::vector<std::string> expected;
  for (std::size_t size = 1; size < 300'000; size = size * 3 + 1) {
    for (std::uint32_t line = 1; line <= 2; ++line) {
      const std::string text(size, static_cast<char>('a' + line));
      note_bytes(line, text);
      expected.push_back(std::to_string(line) + ":0 " + text);
    }
  }

  here.turn();
  read_post();

  EXPECT_EQ(scribe->heard, expected);
}

TEST_F(CourierTest, MemoryOfLargeTurnsComesBackAndIsUsedAgainUpToABound) {
  const std::string text(50'000, 'x');
  const auto say = [&](std::uint32_t times) {
    for (std::uint32_t i = 0; i < times; ++i) note_bytes(i, text);
    here.turn();
    read_post();  // and what comes back is posted here
    here.turn();
  };
  say(1);
  EXPECT_EQ(courier.spare_bytes(), 0u);
  say(10);
  const auto kept = courier.spare_bytes();
  EXPECT_GT(kept, 9 * text.size());
  say(10);
  EXPECT_EQ(courier.spare_bytes(), kept);

  say(1000);

  EXPECT_LE(courier.spare_bytes(), FarSpares::bytes_max);
  EXPECT_GT(courier.spare_bytes(), FarSpares::bytes_max / 2);
  EXPECT_EQ(scribe->heard.back(), "999:0 " + text);
}

TEST_F(CourierTest, NobodyHearsWhatComesTooLate) {
  note_bytes(1, "a");
  here.turn();

  scribe.reset();

  read_post();
}

}  // namespace
}  // namespace crosspoint::net
