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
