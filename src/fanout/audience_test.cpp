#include "fanout/audience.h"

#include <gtest/gtest.h>

#include <memory>

#include "fanout/test_frames.h"

namespace crosspoint::fanout {
namespace {

using testing::payloads;

// A member with its outbox, and what its connection has written so far.
struct Viewer final : MemberEvents {
  Viewer(Audience& audience, PublisherId id, bool receives = true, Start start = Start::next_frame)
      : outbox(testing::frame_length), member(audience, outbox, *this, id, receives, start) {}

  void on_delivered() override { ++deliveries; }
  void on_overflow() override { overflowed = true; }

  std::string write(std::size_t most = SIZE_MAX) {
    wire += testing::write(outbox, most);
    return payloads(wire);
  }

  Outbox outbox;
  std::string wire;
  int deliveries = 0;
  bool overflowed = false;
  Member member;
};

class AudienceTest : public ::testing::Test {
 protected:
  void publish(std::string_view payload, PublisherId publisher = 99) {
    testing::append(log, payload, publisher, now);
  }
  void end_turn() { audience.distribute(now); }

  // As a relay does when a frame holds an access point; what stands in for it says so.
  void publish_access_point(std::string_view payload, PublisherId publisher = 99) {
    const auto& record = testing::append(log, payload, publisher, now);
    FrameLog stand_ins;
    const auto stand_in = [&](const char* prefix) {
      const auto& made = testing::append(stand_ins, std::string(prefix) + std::string(payload));
      std::vector<Span> spans;
      stand_ins.spans(made.begin, made.end(), spans);
      return spans.front();
    };
    audience.set_access_point(
        AccessPoint{record.begin, record.end(), now, stand_in("join:"), stand_in("skip:")});
  }

  FrameLog log;
  Bounds bounds{.bytes_max = 20, .age_max = 2s};
  Audience audience{log, bounds};
  MonotonicTime now{1s};
};

TEST_F(AudienceTest, EverybodyGetsEachFrameOnceAndInOrder) {
  Viewer a(audience, 1);
  Viewer b(audience, 2);
  publish("one");
  publish("two");

  end_turn();
  end_turn();

  EXPECT_EQ(a.write(), "one two");
  EXPECT_EQ(b.write(), "one two");
  EXPECT_EQ(a.deliveries, 1);
  EXPECT_EQ(a.member.counters().frames, 2u);
  EXPECT_EQ(a.member.counters().payload_bytes, 6u);
}

TEST_F(AudienceTest, E7_NobodyGetsBackWhatItPublished) {
  Viewer a(audience, 1);
  Viewer b(audience, 2);
  Viewer c(audience, 3);
  publish("from-a", 1);
  publish("also-a", 1);
  publish("from-b", 2);
  publish("a-again", 1);

  end_turn();

  EXPECT_EQ(a.write(), "from-b");
  EXPECT_EQ(b.write(), "from-a also-a a-again");
  EXPECT_EQ(c.write(), "from-a also-a from-b a-again");
}

TEST_F(AudienceTest, E7_WhoWaitsForAPictureDoesNotBeginWithItsOwn) {
  audience.set_policy(SlowPolicy::video);
  Viewer camera(audience, 1, true, Start::next_access_point),
      other(audience, 2, true, Start::next_access_point);
  publish_access_point("I1", 1);
  publish("P1", 1);
  publish("word", 2);
  end_turn();
  publish("more", 2);
  end_turn();

  EXPECT_EQ(camera.write(), "word more");
  EXPECT_EQ(other.write(), "join:I1 P1");
}

TEST_F(AudienceTest, ManyPublishersInOneTurnAreStillToldApart) {
  std::vector<std::unique_ptr<Viewer>> members;
  for (PublisherId id = 1; id <= 9; ++id) members.push_back(std::make_unique<Viewer>(audience, id));
  for (PublisherId id = 1; id <= 9; ++id) publish(std::to_string(id), id);

  end_turn();

  EXPECT_EQ(members[0]->write(), "2 3 4 5 6 7 8 9");
  EXPECT_EQ(members[8]->write(), "1 2 3 4 5 6 7 8");
}

TEST_F(AudienceTest, AMemberThatDoesNotReceiveGetsNothing) {
  Viewer sender(audience, 1, false);
  publish("one");

  end_turn();

  EXPECT_EQ(sender.write(), "");
}

TEST_F(AudienceTest, E6_WhoJoinsInTheMiddleOfATurnGetsOnlyWhatCameAfter) {
  publish("before");
  Viewer viewer(audience, 1);
  publish("after");

  end_turn();

  EXPECT_EQ(viewer.write(), "after");
}

TEST_F(AudienceTest, E6_MembersMayLeaveInAnyOrder) {
  auto a = std::make_unique<Viewer>(audience, 1);
  auto b = std::make_unique<Viewer>(audience, 2);
  Viewer c(audience, 3);
  a.reset();
  publish("x");
  end_turn();
  EXPECT_EQ(b->write(), "x");
  b.reset();
  publish("y");
  end_turn();

  EXPECT_EQ(c.write(), "x y");
  EXPECT_EQ(audience.members(), 1u);
}

TEST_F(AudienceTest, ALateJoinerBeginsAtTheNewestAccessPoint) {
  audience.set_policy(SlowPolicy::video);
  publish("P0");
  publish_access_point("I1");
  publish("P1");
  end_turn();
  Viewer viewer(audience, 1, true, Start::newest_access_point);
  EXPECT_FALSE(audience.up_to_date());

  end_turn();
  publish("P2");
  end_turn();

  EXPECT_EQ(viewer.write(), "join:I1 P1 P2");
}

TEST_F(AudienceTest, ALateJoinerMayPreferToWaitForTheNextAccessPoint) {
  audience.set_policy(SlowPolicy::video);
  publish_access_point("I1");
  end_turn();
  Viewer viewer(audience, 1, true, Start::next_access_point);
  publish("P1");
  end_turn();
  EXPECT_EQ(viewer.write(), "");

  publish_access_point("I2");
  publish("P2");
  end_turn();

  EXPECT_EQ(viewer.write(), "join:I2 P2");
}

// Row E1, video: what waits is thrown away, whole frames only, and the picture goes on at an access point.
TEST_F(AudienceTest, E1_ASlowViewerOfVideoGoesOnAtTheNextAccessPoint) {
  audience.set_policy(SlowPolicy::video);
  Viewer slow(audience, 1);
  Viewer quick(audience, 2);
  publish_access_point("I0");
  publish("P-a-long-frame-of-a-picture");
  end_turn();
  EXPECT_EQ(slow.write(5), "I0 P");
  quick.write();

  publish("P2");
  end_turn();
  publish_access_point("I3");
  publish("P4");
  end_turn();

  EXPECT_EQ(slow.write(), "I0 P-a-long-frame-of-a-picture skip:I3 P4");
  EXPECT_EQ(quick.write(), "I0 P-a-long-frame-of-a-picture P2 I3 P4");
}

TEST_F(AudienceTest, E1_AViewerPastItsAgeBoundSkipsForwardAndNeverBack) {
  audience.set_policy(SlowPolicy::video);
  Viewer slow(audience, 1);
  publish_access_point("I0");
  publish("P0");
  end_turn();
  publish("P1");
  end_turn();
  EXPECT_EQ(slow.write(3), "I0");

  now += 3s;
  publish("P2");
  end_turn();
  EXPECT_EQ(slow.write(), "I0") << "I0 was sent already: going on there would go back in time";

  publish_access_point("I3");
  publish("P3");
  end_turn();
  EXPECT_EQ(slow.write(), "I0 skip:I3 P3");
  EXPECT_EQ(slow.member.counters().skips, 1u);
  EXPECT_EQ(slow.member.counters().frames_dropped, 2u);
}

TEST_F(AudienceTest, E1_AnAccessPointThatStillWaitedIsTakenUpAtOnce) {
  audience.set_policy(SlowPolicy::video);
  Viewer slow(audience, 1);
  publish("P-a-long-frame-of-a-picture");
  end_turn();
  publish_access_point("I1");
  publish("P1");
  end_turn();  // over the bound: the long frame goes, and I1 has never been sent

  EXPECT_EQ(slow.write(), "skip:I1 P1");
}

TEST_F(AudienceTest, E1_ASlowMemberOfAReliableTopicIsToldAndGetsNothingMore) {
  audience.set_policy(SlowPolicy::reliable);
  Viewer slow(audience, 1);
  publish("a message over the bound of bytes");
  end_turn();
  EXPECT_FALSE(slow.overflowed) << "one turn's worth is never too much";

  publish("the next");
  end_turn();
  publish("and another");
  end_turn();

  EXPECT_TRUE(slow.overflowed);
  EXPECT_EQ(slow.write(), "");
  EXPECT_EQ(audience.frames_dropped(), 1u);
}

TEST_F(AudienceTest, E1_ASlowMemberOfALatestTopicGetsTheNewestFrameOnly) {
  audience.set_policy(SlowPolicy::latest);
  Viewer slow(audience, 1);
  publish("a position that is over the bound");
  end_turn();
  publish("pos2");
  publish("pos3");
  end_turn();

  EXPECT_EQ(slow.write(), "pos3");
}

TEST_F(AudienceTest, WhenAnotherStreamBeginsEverybodyGoesOnAtItsFirstAccessPoint) {
  audience.set_policy(SlowPolicy::video);
  Viewer viewer(audience, 1);
  Viewer joined_late(audience, 2, true, Start::next_access_point);
  publish("end-of-old");
  const auto change = log.end();
  publish("P-of-new");
  audience.require_access_point(change);
  end_turn();
  EXPECT_EQ(viewer.write(), "end-of-old");

  publish_access_point("I-of-new");
  end_turn();

  EXPECT_EQ(viewer.write(), "end-of-old skip:I-of-new");
  EXPECT_EQ(joined_late.write(), "join:I-of-new");
}

TEST_F(AudienceTest, WhenThereWillBeNoAccessPointsThoseWhoWaitGoOnWithWhatComes) {
  audience.set_policy(SlowPolicy::video);
  Viewer viewer(audience, 1);
  Viewer waiting(audience, 2, true, Start::next_access_point);
  publish("before");
  end_turn();
  publish("after");
  audience.stop_awaiting();
  end_turn();

  EXPECT_EQ(viewer.write(), "before after");
  EXPECT_EQ(waiting.write(), "after");
}

TEST_F(AudienceTest, OneSlowMemberTakesNothingFromTheOthers) {
  audience.set_policy(SlowPolicy::video);
  Viewer stalled(audience, 1);
  Viewer quick(audience, 2);
  std::string expected;
  for (int i = 0; i < 500; ++i) {
    publish("frame" + std::to_string(i));
    end_turn();
    quick.write();
    log.trim_before(log.end());
    now += 10ms;
    expected += (i > 0 ? " frame" : "frame") + std::to_string(i);
  }

  EXPECT_EQ(quick.write(), expected);
  EXPECT_EQ(quick.member.counters().frames_dropped, 0u);
  EXPECT_LE(stalled.outbox.bytes(), bounds.bytes_max + 20);
}

}  // namespace
}  // namespace crosspoint::fanout
