#include "fanout/outbox.h"

#include <gtest/gtest.h>

#include <array>

#include "fanout/test_frames.h"

namespace crosspoint::fanout {
namespace {

using testing::append;
using testing::frame_length;
using testing::payloads;
using testing::write;

constexpr MonotonicTime start{};

std::vector<Span> spans_of(const FrameLog& log, Position from, Position to) {
  std::vector<Span> spans;
  log.spans(from, to, spans);
  return spans;
}

TEST(Outbox, FramesThatFollowEachOtherAreWrittenAsOnePiece) {
  FrameLog log;
  Outbox outbox(frame_length);
  for (const auto* text: {"one", "two", "three"}) {
    const auto& record = append(log, text);
    for (const auto& span: spans_of(log, record.begin, record.end())) outbox.push(span, start);
  }

  std::array<Bytes, 8> pieces;
  const auto count = outbox.gather(pieces);

  EXPECT_EQ(count, 1u);
  EXPECT_EQ(payloads(as_text(pieces[0])), "one two three");
}

TEST(Outbox, WhatWasTakenInAnyPiecesIsWhatWasPushed) {
  for (std::size_t step = 1; step < 20; ++step) {
    SCOPED_TRACE(step);
    FrameLog log;
    Outbox outbox(frame_length);
    append(log, "first");
    append(log, "second");
    for (const auto& span: spans_of(log, 0, log.end())) outbox.push(span, start);
    outbox.push_private(as_bytes("\4"), as_bytes("mine"), start);
    outbox.push(spans_of(log, 0, 6).front(), start);

    std::string wire;
    while (!outbox.empty()) wire += write(outbox, step);

    EXPECT_EQ(payloads(wire), "first second mine first");
    EXPECT_EQ(outbox.bytes(), 0u);
    EXPECT_EQ(outbox.owed_bytes(), 0u);
  }
}

TEST(Outbox, DroppingAtAnyPointLeavesWholeFramesOnTheWire) {
  constexpr std::size_t all = 2 + 3 + 4 + 5;
  for (std::size_t taken = 0; taken <= all; ++taken) {
    SCOPED_TRACE(taken);
    FrameLog log;
    Outbox outbox(frame_length);
    for (const auto* text: {"a", "bb", "ccc", "dddd"}) append(log, text);
    outbox.push(spans_of(log, 0, 5).front(), start);
    outbox.push(spans_of(log, 5, log.end()).front(), start + 1s);

    auto wire = write(outbox, taken);
    const auto owed = outbox.owed_bytes();
    const auto dropped = outbox.drop_unwritten();
    wire += write(outbox);
    outbox.push_private(as_bytes("\1"), as_bytes("!"), start);
    wire += write(outbox);

    EXPECT_EQ(wire.size(), taken + owed + 2);
    EXPECT_EQ(dropped.bytes, all - taken - owed);
    const auto text = payloads(wire);
    EXPECT_TRUE(text == "!" || text == "a !" || text == "a bb !" || text == "a bb ccc !" ||
                text == "a bb ccc dddd !")
        << text;
  }
}

TEST(Outbox, CountsTheFramesItDropped) {
  FrameLog log;
  Outbox outbox(frame_length);
  for (const auto* text: {"a", "bb", "ccc"}) append(log, text);
  outbox.push(spans_of(log, 0, log.end()).front(), start);
  write(outbox, 1);

  const auto dropped = outbox.drop_unwritten();

  EXPECT_EQ(dropped.frames, 2u);
  EXPECT_EQ(dropped.bytes, 7u);
}

// Frames of one connection, each with a name of a letter or two.
void push_own(Outbox& outbox, std::string_view name, MonotonicTime now, Keep keep) {
  const auto segment = Segment::make(16);
  segment->append(as_bytes(testing::header_of(name)));
  segment->append(as_bytes(name));
  outbox.push({segment, 0, segment->size()}, now, keep);
}

TEST(Outbox, ThrowsAwayTheOldestOfWhatMayBeAndKeepsTheRestInOrder) {
  const std::pair<std::size_t, std::string> rows[] = {{0, "a R1 b R2 c d"}, {1, "R1 b R2 c d"},
                                                      {2, "R1 b R2 c d"},   {3, "R1 R2 c d"},
                                                      {8, "R1 R2"},         {99, "R1 R2"}};
  for (const auto& [bytes, left]: rows) {
    SCOPED_TRACE(bytes);
    Outbox outbox(frame_length);
    for (const auto* name: {"a", "R1", "b", "R2", "c", "d"}) {
      push_own(outbox, name, start, name[0] == 'R' ? Keep::always : Keep::while_there_is_room);
    }
    const auto before = outbox.bytes();

    const auto dropped = outbox.drop_oldest(bytes, start, start);

    EXPECT_EQ(dropped.bytes, before - outbox.bytes());
    EXPECT_EQ(dropped.frames * 2, dropped.bytes);
    push_own(outbox, "z", start, Keep::always);
    EXPECT_EQ(payloads(write(outbox)), left + " z");
    EXPECT_EQ(outbox.bytes(), 0u);
  }
}

TEST(Outbox, ThrowsAwayWhatMayBeAndIsTooOld) {
  Outbox outbox(frame_length);
  push_own(outbox, "a", start, Keep::while_there_is_room);
  push_own(outbox, "R", start, Keep::always);
  push_own(outbox, "b", start + 1s, Keep::while_there_is_room);
  push_own(outbox, "c", start + 2s, Keep::while_there_is_room);

  EXPECT_EQ(outbox.drop_oldest(0, start + 2s, start + 3s).frames, 2u);

  EXPECT_EQ(payloads(write(outbox)), "R c");
}

TEST(Outbox, WhatIsBegunIsFinishedHoweverOldAndHasItsTimeOnce) {
  Outbox outbox(frame_length);
  push_own(outbox, "ab", start, Keep::while_there_is_room);
  push_own(outbox, "cd", start, Keep::while_there_is_room);
  auto wire = write(outbox, 1);

  EXPECT_EQ(outbox.drop_oldest(99, start, start + 5s).frames, 1u);
  EXPECT_EQ(outbox.oldest(), start + 5s);
  EXPECT_EQ(outbox.drop_oldest(99, start + 9s, start + 9s).frames, 0u);
  EXPECT_EQ(outbox.oldest(), start + 5s);

  push_own(outbox, "ef", start + 9s, Keep::while_there_is_room);
  wire += write(outbox);
  EXPECT_EQ(payloads(wire), "ab ef");
}

TEST(Outbox, WhatMayBeLostIsNotOnePieceWithWhatMayNot) {
  FrameLog log;
  Outbox outbox(frame_length);
  for (const auto* text: {"kept", "lost"}) append(log, text);
  outbox.push(spans_of(log, 0, 5).front(), start);
  outbox.push(spans_of(log, 5, 10).front(), start, Keep::while_there_is_room);

  EXPECT_EQ(outbox.drop_oldest(1, start, start).frames, 1u);

  EXPECT_EQ(payloads(write(outbox)), "kept");
}

TEST(Outbox, KnowsTheAgeOfItsOldestByte) {
  FrameLog log;
  Outbox outbox(frame_length);
  append(log, "old");
  append(log, "new");
  outbox.push(spans_of(log, 0, 4).front(), start);
  outbox.push(spans_of(log, 4, 8).front(), start + 3s);
  EXPECT_EQ(outbox.oldest(), start);

  write(outbox, 4);

  EXPECT_EQ(outbox.oldest(), start + 3s);
}

TEST(Outbox, SaysInWhoseSegmentEachPieceLies) {
  FrameLog log;
  Outbox outbox(frame_length);
  const auto& record = append(log, "shared");
  const auto spans = spans_of(log, record.begin, record.end());
  outbox.push(spans[0], start);
  outbox.push_private(as_bytes("own "), as_bytes("frame"), start);
  std::array<Bytes, 8> pieces;
  std::array<const SegmentRef*, 8> segments{};

  ASSERT_EQ(outbox.gather(pieces, segments), 2u);

  EXPECT_EQ(*segments[0], spans[0].segment);
  EXPECT_EQ((*segments[1])->data(), pieces[1].data());
  EXPECT_EQ(segments[2], nullptr);
}

TEST(Outbox, AConnectionThatFellBehindHoldsFewEntries) {
  FrameLog log;
  Outbox outbox(frame_length);
  append(log, "x");
  append(log, "y");
  const auto spans = spans_of(log, 0, log.end());
  for (int turn = 0; turn < 1000; ++turn)
    outbox.push(spans[0], start + turn * 1ms);  // never continues the last

  std::array<Bytes, 2000> pieces;
  EXPECT_EQ(outbox.gather(pieces), 1000u);  // what does not continue cannot merge

  Outbox merged(frame_length);
  FrameLog busy;
  for (int turn = 0; turn < 200; ++turn) {
    const auto& record = append(busy, "zz");
    for (const auto& span: spans_of(busy, record.begin, record.end())) merged.push(span, start + turn * 10ms);
  }
  EXPECT_LE(merged.gather(pieces), 21u);
}

}  // namespace
}  // namespace crosspoint::fanout
