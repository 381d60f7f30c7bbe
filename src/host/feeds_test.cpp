#include "host/feeds.h"

#include <gtest/gtest.h>

#include <string>

#include "host/test_camera.h"

namespace crosspoint::host {
namespace {

using websocket::MessageType;
using Texts = std::vector<std::string>;

constexpr MonotonicTime now{100s};

class Listener final : public Receiver {
 public:
  Texts got;
  std::vector<MessageFacts> facts;
  std::vector<Span> frames;

 private:
  void receive(Message& message) override {
    got.push_back(to_string(message.payload()));
    facts.push_back(message.facts());
    frames.push_back(message.server_frame());
  }
};

class FeedsTest : public testing::Test {
 protected:
  void publish(const Subscription& from, std::string_view text) {
    feeds_.publish(from, MessageType::text, as_bytes(text), now);
  }
  void publish(const Source& from, std::string_view text) {
    feeds_.publish(from, MessageType::binary, as_bytes(text), now);
  }
  void set_stream(std::string_view name, const Texts& feeds) { feeds_.set_stream(name, feeds); }

  Feeds feeds_;
};

TEST_F(FeedsTest, EverybodyOnAFeedHearsEverybodyElseButNotThemselves) {
  Listener a, b, c;
  const auto on_a = feeds_.subscribe("data", a), on_b = feeds_.subscribe("data", b),
             on_c = feeds_.subscribe("other", c);

  publish(*on_a, "hello");

  EXPECT_EQ(a.got, Texts{});
  EXPECT_EQ(b.got, Texts{"hello"});
  EXPECT_EQ(c.got, Texts{});
}

TEST_F(FeedsTest, UploadsAreHeardByEverybody) {
  Listener a;
  const auto source = feeds_.add_source("video0");
  const auto on_a = feeds_.subscribe("video0", a);
  publish(*source, "frame");
  EXPECT_EQ(a.got, Texts{"frame"});
}

TEST_F(FeedsTest, F42_AStreamGetsTheMessagesOfItsFeedsWholeAndInOrder) {
  Listener relay;
  set_stream("stream/front", {"video0", "audio0"});
  const auto destination = feeds_.subscribe("stream/front", relay);
  const auto video = feeds_.add_source("video0"), audio = feeds_.add_source("audio0"),
             other = feeds_.add_source("video1");

  publish(*video, "V1");
  publish(*other, "X");
  publish(*audio, "A1");
  publish(*video, "V2");

  EXPECT_EQ(relay.got, (Texts{"V1", "A1", "V2"}));
}

TEST_F(FeedsTest, RuleAndListenerMayComeInEitherOrder) {
  Listener early, late;
  const auto video = feeds_.add_source("video0");
  const auto before = feeds_.subscribe("stream/front", early);
  set_stream("stream/front", {"video0"});
  const auto after = feeds_.subscribe("stream/front", late);
  publish(*video, "V1");
  EXPECT_EQ(early.got, Texts{"V1"});
  EXPECT_EQ(late.got, Texts{"V1"});
}

TEST_F(FeedsTest, F43_MutingStopsAtOnceAndUnmutingGoesOn) {
  Listener relay;
  const auto destination = feeds_.subscribe("stream/front", relay);
  const auto video = feeds_.add_source("video0"), audio = feeds_.add_source("audio0");
  set_stream("stream/front", {"video0", "audio0"});
  publish(*video, "V1");
  publish(*audio, "A1");
  set_stream("stream/front", {"video0"});
  publish(*video, "V2");
  publish(*audio, "A2");
  set_stream("stream/front", {"video0", "audio0"});
  publish(*video, "V3");
  publish(*audio, "A3");
  EXPECT_EQ(relay.got, (Texts{"V1", "A1", "V2", "V3", "A3"}));
}

TEST_F(FeedsTest, ARemovedStreamIsSilentUntilItComesBack) {
  Listener relay;
  const auto destination = feeds_.subscribe("stream/front", relay);
  const auto video = feeds_.add_source("video0");
  set_stream("stream/front", {"video0"});
  feeds_.erase_stream("stream/front");
  feeds_.erase_stream("stream/front");
  publish(*video, "lost");
  set_stream("stream/front", {"video0"});
  publish(*video, "V");
  EXPECT_EQ(relay.got, Texts{"V"});
}

TEST_F(FeedsTest, AFeedOfSeveralStreamsGoesToEach) {
  Listener one, two;
  set_stream("stream/one", {"video0"});
  set_stream("stream/two", {"video0", "audio0"});
  const auto a = feeds_.subscribe("stream/one", one), b = feeds_.subscribe("stream/two", two);
  const auto video = feeds_.add_source("video0");
  publish(*video, "V");
  EXPECT_EQ(one.got, Texts{"V"});
  EXPECT_EQ(two.got, Texts{"V"});
}

TEST_F(FeedsTest, StreamsDoNotNest) {
  Listener outer;
  set_stream("stream/inner", {"video0"});
  set_stream("stream/outer", {"stream/inner"});
  const auto listening = feeds_.subscribe("stream/outer", outer);
  const auto video = feeds_.add_source("video0");
  publish(*video, "V");
  EXPECT_EQ(outer.got, Texts{});
}

TEST_F(FeedsTest, AStreamWhoseNameIsNotAStreamsWorksForItsDestinations) {
  Listener relay;
  set_stream("front", {"video0", "front"});
  const auto destination = feeds_.subscribe("front", relay);
  const auto video = feeds_.add_source("video0"), direct = feeds_.add_source("front");
  publish(*video, "V");
  publish(*direct, "once");
  EXPECT_EQ(relay.got, (Texts{"V", "once"}));
}

TEST_F(FeedsTest, F46_WhatComesBackOnAFeedGoesToItsListenersItsStreamsAndOtherDestinations) {
  Listener local, relay_1, relay_2, stream;
  set_stream("stream/s", {"data"});
  const auto on_local = feeds_.subscribe("data", local);
  const auto on_relay_1 = feeds_.subscribe("data", relay_1, "ws://one/x");
  const auto on_relay_2 = feeds_.subscribe("data", relay_2, "ws://two/x");
  const auto on_stream = feeds_.subscribe("stream/s", stream);

  publish(*on_relay_1, "back");

  EXPECT_EQ(local.got, Texts{"back"});
  EXPECT_EQ(relay_1.got, Texts{});
  EXPECT_EQ(relay_2.got, Texts{"back"});
  EXPECT_EQ(stream.got, Texts{"back"});
}

TEST_F(FeedsTest, F46_DestinationsWithTheSameAddressNeverHearEachOther) {
  Listener a, b, local;
  const auto on_a = feeds_.subscribe("data", a, "ws://one/x"),
             on_b = feeds_.subscribe("data", b, "ws://one/x");
  const auto on_local = feeds_.subscribe("data", local), on_local_2 = feeds_.subscribe("data", local);
  publish(*on_a, "back");
  EXPECT_EQ(b.got, Texts{});
  EXPECT_EQ(local.got, (Texts{"back", "back"}));
  publish(*on_local, "out");
  EXPECT_EQ(a.got, Texts{"out"});
  EXPECT_EQ(b.got, Texts{"out"});
}

TEST_F(FeedsTest, IsStreamKnowsNamesAndRules) {
  EXPECT_TRUE(feeds_.is_stream("stream/x"));
  EXPECT_FALSE(feeds_.is_stream("front"));
  set_stream("front", {});
  EXPECT_TRUE(feeds_.is_stream("front"));
}

TEST_F(FeedsTest, LeavingEndsIt) {
  Listener a, b;
  auto on_a = feeds_.subscribe("data", a);
  const auto on_b = feeds_.subscribe("data", b);
  on_a.reset();
  publish(*on_b, "x");
  EXPECT_EQ(a.got, Texts{});
}

TEST_F(FeedsTest, AllListenersShareOneFrame) {
  Listener a, b;
  const auto on_a = feeds_.subscribe("data", a), on_b = feeds_.subscribe("data", b),
             on_c = feeds_.subscribe("data", b);
  publish(*on_c, "hi");
  ASSERT_EQ(a.frames.size(), 1u);
  ASSERT_EQ(b.frames.size(), 1u);
  EXPECT_EQ(a.frames[0].bytes().data(), b.frames[0].bytes().data());
  EXPECT_EQ(to_hex(a.frames[0].bytes()), "81 02 68 69");
}

TEST_F(FeedsTest, E7_AFrameThatWaitsIsNotChangedByLaterOnes) {
  Listener slow;
  const auto on_slow = feeds_.subscribe("video0", slow);
  const auto source = feeds_.add_source("video0");
  for (int i = 0; i < 2000; ++i) publish(*source, std::string(100, static_cast<char>('a' + i % 26)));
  for (std::size_t i = 0; i < slow.frames.size(); ++i)
    ASSERT_EQ(to_string(slow.frames[i].bytes().subspan(2)),
              std::string(100, static_cast<char>('a' + i % 26)));
}

TEST_F(FeedsTest, PicturesAreNumberedWithoutGapsWhateverElseIsPublishedAmongThem) {
  Listener a, b;
  const auto on_a = feeds_.subscribe("video0", a), on_b = feeds_.subscribe("video0", b);
  const auto source = feeds_.add_source("video0");
  TestCamera camera;
  for (int i = 0; i < 3; ++i) {
    publish(*source, as_text(camera.next_frame()));
    publish(*on_b, "text");
  }
  ASSERT_EQ(a.facts.size(), 6u);
  EXPECT_TRUE(a.facts[0].begins_stream);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(a.facts[2 * i].report.is_ts);
    EXPECT_EQ(a.facts[2 * i].sequence, i);
    EXPECT_EQ(a.facts[2 * i].access_point != nullptr, i == 0);
    EXPECT_EQ(a.facts[2 * i].begins_stream, i == 0);
    EXPECT_FALSE(a.facts[2 * i + 1].report.is_ts);
    EXPECT_TRUE(a.facts[2 * i + 1].feed_is_ts);
  }
}

TEST_F(FeedsTest, NamesNobodyUsesAreForgottenWhenThereAreTooMany) {
  Feeds few(3);
  Listener a;
  const auto kept = few.subscribe("kept", a);
  for (int i = 0; i < 100; ++i) EXPECT_NE(few.subscribe("n" + std::to_string(i), a), nullptr);
  EXPECT_LE(few.names(), 3u);
  EXPECT_NE(few.find("kept"), nullptr);
}

TEST_F(FeedsTest, MoreNamesInUseThanAllowedAreRefused) {
  Feeds few(2);
  Listener a;
  const auto one = few.subscribe("1", a);
  const auto two = few.add_source("2");
  EXPECT_EQ(few.subscribe("3", a), nullptr);
  EXPECT_EQ(few.add_source("4"), nullptr);
  EXPECT_NE(few.subscribe("2", a), nullptr);
}

TEST_F(FeedsTest, F53_AHundredUploadsLeaveNothingButTheirNumbers) {
  for (int i = 0; i < 100; ++i) {
    const auto source = feeds_.add_source("video0");
    publish(*source, "x");
  }
  EXPECT_EQ(feeds_.names(), 1u);
  EXPECT_EQ(feeds_.find("video0")->sources(), 0u);
  EXPECT_EQ(feeds_.find("video0")->counters().messages, 100u);
}

}  // namespace
}  // namespace crosspoint::host
