#include "host/gate.h"

#include <gtest/gtest.h>

namespace crosspoint::host {
namespace {

using websocket::MessageType;
using Verdict = Gate::Verdict;

constexpr MonotonicTime start{100s};
constexpr QueueState nothing_waits{};

// A gate, and the messages that come to it. The payload of an access point is one packet with sync byte; the
// tables are one too.
class GateTest : public testing::Test {
 protected:
  GateTest() {
    access_point_.tables.assign(media::packet_bytes, std::byte{0x47});
    access_point_.tables[3] = std::byte{0x10};
    picture_.assign(media::packet_bytes, std::byte{0});
    media::write_packet({.pid = 0x100, .payload_unit_start = true}, as_bytes("picture"),
                        media::MutablePacketBytes(picture_.data(), media::packet_bytes));
  }

  MessageFacts data(FeedId feed = 1) {
    MessageFacts facts;
    facts.feed = feed;
    facts.at = now_;
    return facts;
  }
  MessageFacts picture(std::uint64_t sequence, FeedId feed = 1) {
    auto facts = data(feed);
    facts.sequence = sequence;
    facts.feed_is_ts = true;
    facts.report.is_ts = true;
    facts.report.aligned = true;
    return facts;
  }
  MessageFacts key_picture(std::uint64_t sequence, FeedId feed = 1) {
    auto facts = picture(sequence, feed);
    facts.report.access_point = 0;
    facts.access_point = &access_point_;
    return facts;
  }
  MessageFacts first_picture(FeedId feed = 1) {
    auto facts = key_picture(0, feed);
    facts.begins_stream = true;
    return facts;
  }

  Gate::Ruling judge(const MessageFacts& facts, const QueueState& queue = nothing_waits,
                     MessageType type = MessageType::binary) {
    out_.clear();
    return gate_.judge(facts, type, picture_, queue, out_);
  }
  Verdict verdict(const MessageFacts& facts, const QueueState& queue = nothing_waits) {
    return judge(facts, queue).verdict;
  }

  Gate::Settings settings_{.bounds = {.bytes_max = 1000, .picture_age_max = 2s}};
  Gate gate_{settings_};
  media::AccessPoint access_point_;
  ByteVector picture_;
  ByteVector out_;
  MonotonicTime now_ = start;
};

TEST_F(GateTest, DataPassesWheneverThereIsRoom) {
  EXPECT_EQ(verdict(data()), Verdict::give);
  EXPECT_EQ(verdict(data(), {.bytes = 999, .oldest_age = 1h}), Verdict::give);
}

TEST_F(GateTest, DataOverTheBoundIsAnOverflowAndNothingThatWaitsIsThrownAway) {
  const auto ruling = judge(data(), {.bytes = 1000, .oldest_age = 0s});
  EXPECT_EQ(ruling.verdict, Verdict::overflow);
  EXPECT_FALSE(ruling.drop_waiting);
}

TEST_F(GateTest, AStreamSeenFromItsBeginningIsGivenUntouched) {
  EXPECT_EQ(verdict(first_picture()), Verdict::give);
  EXPECT_EQ(verdict(picture(1)), Verdict::give);
  EXPECT_EQ(verdict(key_picture(2)), Verdict::give);
}

TEST_F(GateTest, F44_WhoComesLateBeginsAtTablesAndAKeyFrame) {
  EXPECT_EQ(verdict(picture(7)), Verdict::withhold);
  EXPECT_EQ(verdict(picture(8)), Verdict::withhold);
  EXPECT_TRUE(out_.empty());

  EXPECT_EQ(verdict(key_picture(9)), Verdict::rewrite);
  ASSERT_EQ(out_.size(), 2 * media::packet_bytes);
  EXPECT_TRUE(std::equal(access_point_.tables.begin(), access_point_.tables.end(), out_.begin()));
  EXPECT_EQ(verdict(picture(10)), Verdict::give);
}

TEST_F(GateTest, F43_AMutedFeedComesBackAtAKeyFrame) {
  verdict(first_picture());
  verdict(picture(1));
  // 2 and 3 were not for this receiver.
  EXPECT_EQ(verdict(picture(4)), Verdict::withhold);
  EXPECT_EQ(verdict(key_picture(5)), Verdict::rewrite);
  EXPECT_EQ(verdict(picture(6)), Verdict::give);
}

TEST_F(GateTest, F49_ANewConnectionBeginsAtAKeyFrame) {
  verdict(first_picture());
  gate_.begin_anew();
  EXPECT_EQ(verdict(picture(1)), Verdict::withhold);
  EXPECT_EQ(verdict(key_picture(2)), Verdict::rewrite);
}

TEST_F(GateTest, F58_AQueueThatIsTooOldOrTooLongIsThrownAwayAndGoesOnAtAKeyFrame) {
  for (const QueueState full:
       {QueueState{.bytes = 1000, .oldest_age = 0s}, QueueState{.bytes = 1, .oldest_age = 2001ms}}) {
    gate_.begin_anew();
    verdict(first_picture());

    const auto ruling = judge(picture(1), full);

    EXPECT_TRUE(ruling.drop_waiting);
    EXPECT_EQ(ruling.verdict, Verdict::withhold);
    EXPECT_EQ(verdict(picture(2)), Verdict::withhold);
    EXPECT_EQ(verdict(key_picture(3)), Verdict::rewrite);
    EXPECT_EQ(verdict(picture(4)), Verdict::give);
  }
}

TEST_F(GateTest, F58_AKeyFrameThatMeetsAFullQueueReplacesIt) {
  verdict(first_picture());
  const auto ruling = judge(key_picture(1), {.bytes = 1000, .oldest_age = 0s});
  EXPECT_TRUE(ruling.drop_waiting);
  EXPECT_EQ(ruling.verdict, Verdict::rewrite);
}

TEST_F(GateTest, WhatIsThrownAwayIsAGapInEveryFeedOfTheStream) {
  verdict(first_picture(1));
  verdict(first_picture(2));
  judge(picture(1, 1), {.bytes = 1000, .oldest_age = 0s});
  EXPECT_EQ(verdict(picture(1, 2)), Verdict::withhold);
}

TEST_F(GateTest, FeedsOfOneStreamAreFollowedApart) {
  verdict(first_picture(1));
  EXPECT_EQ(verdict(picture(5, 2)), Verdict::withhold);
  EXPECT_EQ(verdict(picture(1, 1)), Verdict::give);
}

TEST_F(GateTest, AnotherStreamOnTheSameFeedIsEnteredAtItsKeyFrame) {
  verdict(first_picture());
  auto other = picture(1);
  other.report.restarted = true;
  EXPECT_EQ(verdict(other), Verdict::withhold);
  auto key = key_picture(2);
  EXPECT_EQ(verdict(key), Verdict::rewrite);
}

TEST_F(GateTest, AStreamWithoutAccessPointsIsNotWithheldForEver) {
  EXPECT_EQ(verdict(picture(1)), Verdict::withhold);
  now_ += settings_.access_wait_max;
  EXPECT_EQ(verdict(picture(2)), Verdict::withhold);
  now_ += 1ms;
  EXPECT_EQ(verdict(picture(3)), Verdict::give);
}

TEST_F(GateTest, MessagesThatEndInsideAPacketAreNotThrownAwayFromTheQueue) {
  auto first = first_picture();
  first.report.aligned = false;
  first.report.tail_bytes = 100;
  verdict(first);
  auto next = picture(1);
  next.report.aligned = false;

  const auto ruling = judge(next, {.bytes = 1000, .oldest_age = 0s});

  EXPECT_FALSE(ruling.drop_waiting);
  EXPECT_EQ(ruling.verdict, Verdict::withhold);
}

TEST_F(GateTest, TextIsKeptFromReceiversOfPicturesWhereThatIsAsked) {
  settings_.text = TextAmongPictures::withhold;
  Gate strict(settings_);
  auto text = data();
  EXPECT_EQ(strict.judge(text, MessageType::text, {}, nothing_waits, out_).verdict, Verdict::give);
  text.feed_is_ts = true;
  EXPECT_EQ(strict.judge(text, MessageType::text, {}, nothing_waits, out_).verdict, Verdict::withhold);
  EXPECT_EQ(judge(text, nothing_waits, MessageType::text).verdict, Verdict::give);
}

TEST_F(GateTest, MemoryStaysBoundedHoweverManyFeedsPass) {
  for (FeedId feed = 1; feed < 10'000; ++feed) EXPECT_EQ(verdict(first_picture(feed)), Verdict::give);
  EXPECT_EQ(verdict(picture(1, 9'999)), Verdict::give);
  EXPECT_EQ(verdict(picture(1, 1)), Verdict::withhold);  // forgotten: waits for an access point
}

}  // namespace
}  // namespace crosspoint::host
