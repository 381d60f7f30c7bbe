#include "fanout/frame_log.h"

#include <gtest/gtest.h>

#include "fanout/test_frames.h"

namespace crosspoint::fanout {
namespace {

using testing::append;
using testing::payloads;

std::string text_between(const FrameLog& log, Position from, Position to) {
  std::vector<Span> spans;
  log.spans(from, to, spans);
  std::string wire;
  for (const auto& span: spans) wire += as_text(span.bytes());
  return payloads(wire);
}

TEST(FrameLog, GivesBackAnyRangeOfFrames) {
  FrameLog log;
  std::vector<Position> ends{0};
  for (int i = 0; i < 2000; ++i) ends.push_back(append(log, "frame" + std::to_string(i)).end());

  EXPECT_EQ(text_between(log, ends[3], ends[5]), "frame3 frame4");
  EXPECT_EQ(text_between(log, ends[1998], log.end()), "frame1998 frame1999");
  EXPECT_EQ(text_between(log, log.end(), log.end()), "");
  EXPECT_EQ(log.index_of(ends[7]), 7u);
}

TEST(FrameLog, AFrameLiesInOnePieceEvenIfItIsLargerThanASegment) {
  FrameLog log;
  append(log, "small");
  const std::string huge(3 * FrameLog::largest_segment_bytes, 'h');
  const auto& record = log.append(as_bytes("H"), as_bytes(huge), 1, {});

  EXPECT_EQ(as_text(log.frame(record)), "H" + huge);
  std::vector<Span> spans;
  log.spans(record.begin, record.end(), spans);
  EXPECT_EQ(spans.size(), 1u);
}

TEST(FrameLog, TrimmedFramesAreGoneButSpansOfThemStayReadable) {
  FrameLog log;
  append(log, "old");
  append(log, "kept");
  std::vector<Span> spans;
  log.spans(0, 4, spans);

  log.trim_before(4);

  EXPECT_EQ(log.begin(), 4u);
  EXPECT_EQ(text_between(log, 4, log.end()), "kept");
  EXPECT_EQ(payloads(as_text(spans[0].bytes())), "old");
}

TEST(FrameLog, ABusyTopicThatKeepsNothingReusesTheSameMemory) {
  FrameLog log;
  for (int i = 0; i < 1000; ++i) {
    append(log, std::string(200, 'x'));
    log.trim_before(log.end());
  }
  EXPECT_LE(log.memory_bytes(), FrameLog::smallest_segment_bytes);
}

TEST(FrameLog, BytesThatSomebodyStillHoldsAreNotOverwritten) {
  FrameLog log;
  append(log, "held");
  std::vector<Span> held;
  log.spans(0, log.end(), held);
  log.trim_before(log.end());

  append(log, "next");

  EXPECT_EQ(payloads(as_text(held[0].bytes())), "held");
  EXPECT_EQ(text_between(log, log.begin(), log.end()), "next");
}

TEST(FrameLog, ASilentTopicHoldsNoMemory) {
  FrameLog log;
  for (int i = 0; i < 100; ++i) append(log, std::string(200, 'x'));
  log.trim_before(log.end());

  log.release_idle_memory();

  EXPECT_EQ(log.memory_bytes(), 0u);
  append(log, "awake");
  EXPECT_EQ(text_between(log, log.begin(), log.end()), "awake");
}

TEST(FrameLog, AnEnormousFrameDoesNotLeaveAnEnormousSegmentBehind) {
  FrameLog log;
  const std::string huge(4 * FrameLog::largest_segment_bytes, 'h');
  log.append(as_bytes("H"), as_bytes(huge), 1, {});

  log.trim_before(log.end());

  EXPECT_EQ(log.memory_bytes(), 0u);
}

TEST(FrameLog, ACopyOnAnotherLoopSharesTheBytesAndThePositions) {
  FrameLog log;
  append(log, "before");
  const auto joined = log.end();
  append(log, "one", 7);
  append(log, "two", 8);
  FrameBatch batch{.begin = joined};
  log.spans(joined, log.end(), batch.spans);
  batch.records.assign(log.records().begin() + 1, log.records().end());

  FrameLog copy;
  copy.append_shared(batch);

  EXPECT_EQ(copy.begin(), joined);
  EXPECT_EQ(copy.end(), log.end());
  EXPECT_EQ(text_between(copy, joined, copy.end()), "one two");
  EXPECT_EQ(copy.records()[1].publisher, 8u);
  EXPECT_EQ(copy.frame(copy.records()[0]).data(), log.frame(log.records()[1]).data());
}

}  // namespace
}  // namespace crosspoint::fanout
