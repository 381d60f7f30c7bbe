// Destinations: feeds and streams on their way to relays (sections B.10 and B.11), over good connections and
// bad ones.
#include "host/io/destination.h"

#include "host/io/test_host.h"
#include "host/test_camera.h"

namespace crosspoint::host {
namespace {

class DestinationTest : public HostTest {
 protected:
  // Films for so many frames, 40 ms each.
  void film(testing::RawClient& ffmpeg, TestCamera& camera, int frames) {
    for (int i = 0; i < frames; ++i) {
      send_chunk(ffmpeg, camera.next_frame());
      world.advance(40ms);
    }
  }
  std::unique_ptr<Program> silent_program(std::string_view name) { return program(name); }

  TestRelay relay{world, "relay.test"};
  TestRelay other{world, "other.test"};
};

TEST_F(DestinationTest, F42_FeedsOfAStreamArriveAsSeparateBinaryMessages) {
  set_stream("stream/front/large", R"(["video0","audio0"])");
  set_destination("0", "stream/front/large", relay.url("/in/x"));
  const auto video = program("video0"), audio = program("audio0");

  video->send("V1", MessageType::binary);
  world.run_until_idle();
  audio->send("A1", MessageType::binary);
  world.run_until_idle();

  EXPECT_EQ(relay.guest().payloads(), (Texts{"V1", "A1"}));
  for (const auto& message: relay.guest().messages) EXPECT_EQ(message.type, MessageType::binary);
}

TEST_F(DestinationTest, F43_MutingAndUnmutingNeedsOneHandshakeInAll) {
  set_stream("stream/front/large", R"(["video0","audio0"])");
  set_destination("0", "stream/front/large", relay.url("/in/x"));
  const auto video = program("video0"), audio = program("audio0");
  const auto both_send = [&](std::string_view number) {
    video->send("V" + std::string(number), MessageType::binary);
    world.run_until_idle();
    audio->send("A" + std::string(number), MessageType::binary);
    world.run_until_idle();
  };

  set_stream("stream/front/large", R"(["video0"])");
  both_send("2");
  set_stream("stream/front/large", R"(["video0","audio0"])");
  both_send("3");

  EXPECT_EQ(relay.guest().payloads(), (Texts{"V2", "V3", "A3"}));
  EXPECT_EQ(relay.attempts.size(), 1u);
}

TEST_F(DestinationTest, F43_PicturesThatWereMutedComeBackAtAKeyFrame) {
  set_stream("stream/s", R"(["video0"])");
  set_destination("0", "stream/s", relay.url("/in/x"));
  const auto ffmpeg = upload("video0");
  TestCamera camera(10);
  film(*ffmpeg, camera, 15);
  set_stream("stream/s", "[]");
  film(*ffmpeg, camera, 8);
  set_stream("stream/s", R"(["video0"])");
  film(*ffmpeg, camera, 10);

  const auto frames = frames_in(as_bytes(relay.guest().bytes()));
  ASSERT_EQ(frames.size(), 15u + 3u);
  EXPECT_EQ(frames[14].number, 14u);
  EXPECT_EQ(frames[15].number, 30u);
  EXPECT_TRUE(frames[15].key);
  for (const auto& frame: frames) EXPECT_TRUE(frame.intact);
}

TEST_F(DestinationTest, F44_ADestinationIsSwappedWhileFfmpegRunsOn) {
  set_destination("0", "video0", relay.url("/in/x"));
  const auto ffmpeg = upload("video0");
  TestCamera camera(12);
  film(*ffmpeg, camera, 20);

  set_destination("0", "video0", other.url("/in/y"));
  world.run_until_idle();
  ASSERT_TRUE(relay.guest().closed);
  EXPECT_EQ(relay.guest().closed->code, websocket::CloseCode::normal);
  ASSERT_EQ(other.guests.size(), 1u);
  film(*ffmpeg, camera, 20);

  EXPECT_FALSE(ffmpeg->over());
  EXPECT_EQ(frames_in(as_bytes(relay.guest().bytes())).size(), 20u);
  const auto seen = other.guest().bytes();
  EXPECT_TRUE(begins_with_tables(as_bytes(seen)));
  const auto frames = frames_in(as_bytes(seen));
  ASSERT_FALSE(frames.empty());
  EXPECT_TRUE(frames.front().key);
  EXPECT_EQ(frames.front().number, 24u);
  EXPECT_EQ(frames.back().number, 39u);
}

TEST_F(DestinationTest, PostingTheSameRuleAgainDialsAnew) {
  set_destination("0", "d", relay.url("/in/x"));
  set_destination("0", "d", relay.url("/in/x"));
  world.run_until_idle();
  ASSERT_EQ(relay.guests.size(), 2u);
  EXPECT_EQ(relay.guests[0]->closed->code, websocket::CloseCode::normal);
  EXPECT_FALSE(relay.guests[1]->closed);
}

TEST_F(DestinationTest, AStreamThatIsDeletedLeavesItsDestinationConnectedAndIdle) {
  set_stream("stream/s", R"(["d"])");
  set_destination("0", "stream/s", relay.url("/in/x"));
  const auto sender = program("d");
  ask("DELETE", "/api/streams/stream/s");
  sender->send("lost");
  world.run_until_idle();
  set_stream("stream/s", R"(["d"])");
  sender->send("found");
  world.run_until_idle();
  EXPECT_EQ(relay.guest().payloads(), Texts{"found"});
  EXPECT_EQ(relay.attempts.size(), 1u);
}

TEST_F(DestinationTest, F46_WhatTheRelaySendsOnAPlainFeedIsPublishedThere) {
  set_stream("stream/s", R"(["data"])");
  set_destination("0", "data", relay.url("/x"));
  set_destination("1", "data", other.url("/x"));
  set_destination("2", "stream/s", other.url("/stream"));
  const auto local = program("data"), preview = program("stream/s");
  world.run_until_idle();
  ASSERT_EQ(other.guests.size(), 2u);

  relay.guest().socket.send(MessageType::text, as_bytes("back"));
  world.run_until_idle();

  EXPECT_EQ(local->got, Texts{"back"});
  EXPECT_EQ(local->types, std::vector{MessageType::text});
  EXPECT_EQ(other.guests[0]->payloads(), Texts{"back"});
  EXPECT_EQ(other.guests[1]->payloads(), Texts{"back"});
  EXPECT_EQ(relay.guest().payloads(), Texts{});
}

TEST_F(DestinationTest, F46_WhatComesBackOnAStreamGoesNowhere) {
  set_stream("stream/s", R"(["data"])");
  set_destination("0", "stream/s", relay.url("/x"));
  set_destination("1", "data", other.url("/x"));
  const auto local = program("data"), preview = program("stream/s");
  world.run_until_idle();

  relay.guest().socket.send(MessageType::text, as_bytes("back"));
  world.run_until_idle();

  EXPECT_EQ(local->got, Texts{});
  EXPECT_EQ(preview->got, Texts{});
  EXPECT_EQ(other.guest().payloads(), Texts{});
  EXPECT_EQ(destination("0").discarded, 1u);
}

TEST_F(DestinationTest, F46_DestinationsWithTheSameAddressDoNotHearEachOther) {
  set_destination("0", "data", relay.url("/x"));
  set_destination("1", "data", relay.url("/x"));
  world.run_until_idle();
  ASSERT_EQ(relay.guests.size(), 2u);
  relay.guests[0]->socket.send(MessageType::text, as_bytes("back"));
  world.run_until_idle();
  EXPECT_EQ(relay.guests[1]->payloads(), Texts{});
}

TEST_F(DestinationTest, F47_ARelayThatRefusesIsDialledOnScheduleForEver) {
  relay.mood = TestRelay::Mood::refuse;
  set_destination("0", "d", relay.url("/x"));
  world.run_until_idle();
  const auto began = relay.attempts.front();
  world.advance(50s);
  const std::vector<double> expected{0, 1, 3, 7, 15, 25, 35};
  ASSERT_GE(relay.attempts.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto at = std::chrono::duration<double>(relay.attempts[i] - began).count();
    EXPECT_GE(at, expected[i]);
    EXPECT_LE(at, expected[i] * 1.2 + 0.01);
  }
  EXPECT_EQ(destination("0").state, "waiting");
  EXPECT_NE(destination("0").last_error.find("503"), std::string::npos);
}

TEST_F(DestinationTest, F48_E8_ARelayThatAcceptsAndClosesIsNotDialledInATightLoop) {
  relay.mood = TestRelay::Mood::close_at_once;
  set_destination("0", "d", relay.url("/x"));
  world.advance(60s);
  for (std::size_t i = 1; i < relay.attempts.size(); ++i)
    EXPECT_GE(relay.attempts[i] - relay.attempts[i - 1], 500ms);
  EXPECT_LE(relay.attempts.size(), 12u);
}

TEST_F(DestinationTest, F49_E14_AfterAnOutageComeTablesAndANewKeyFrameAndNothingStale) {
  set_destination("0", "video0", relay.url("/in/x"));
  const auto ffmpeg = upload("video0");
  TestCamera camera(12);
  film(*ffmpeg, camera, 30);
  relay.go_away();
  film(*ffmpeg, camera, 125);  // five seconds
  const auto newest_before = camera.next_number();
  relay.listen();
  film(*ffmpeg, camera, 300);

  ASSERT_EQ(relay.guests.size(), 2u);
  const auto seen = relay.guest().bytes();
  EXPECT_TRUE(begins_with_tables(as_bytes(seen)));
  const auto frames = frames_in(as_bytes(seen));
  ASSERT_FALSE(frames.empty());
  EXPECT_TRUE(frames.front().key);
  EXPECT_GE(frames.front().number, newest_before);
  for (std::size_t i = 1; i < frames.size(); ++i) EXPECT_EQ(frames[i].number, frames[i - 1].number + 1);
  EXPECT_GE(destination("0").dropped, 125u);
  EXPECT_EQ(destination("0").connections, 2u);
}

TEST_F(DestinationTest, DataThatWasSentWhileNobodyWasThereIsForgottenAfterASecond) {
  relay.mood = TestRelay::Mood::refuse;
  set_destination("0", "d", relay.url("/x"));
  const auto sender = program("d");
  sender->send("stale");
  world.run_until_idle();
  world.advance(8s);
  relay.mood = TestRelay::Mood::welcome;
  ASSERT_TRUE(world.run_until([&] { return relay.attempts.size() == 5; }, 20s));
  world.run_until_idle();
  sender->send("fresh");
  world.run_until_idle();
  EXPECT_EQ(relay.guest().payloads(), Texts{"fresh"});
  EXPECT_EQ(destination("0").dropped, 1u);
}

TEST_F(DestinationTest, DataSentDuringTheFirstHandshakeArrives) {
  world.network().set_link_settings({.latency = 100ms});
  const auto sender = program("d");
  world.advance(1s);
  host->agent().set(DestinationRule{"0", "d", relay.url("/x")}).value();
  sender->send("early");
  world.advance(2s);
  ASSERT_EQ(relay.guests.size(), 1u);
  EXPECT_EQ(relay.guest().payloads(), Texts{"early"});
}

TEST_F(DestinationTest, F54_E11_AThousandTextsInABurstAllArriveInOrder) {
  set_destination("0", "d", relay.url("/x"));
  const auto sender = program("d");
  world.run_until_idle();
  Texts sent;
  for (int i = 0; i < 1000; ++i) sent.push_back(fmt::format(R"({{"n":{}}})", i));
  for (const auto& text: sent) sender->send(text);
  world.run_until_idle();
  EXPECT_EQ(relay.guest().payloads(), sent);
  for (const auto& message: relay.guest().messages) EXPECT_EQ(message.type, MessageType::text);
  EXPECT_EQ(destination("0").dropped, 0u);
}

TEST_F(DestinationTest, T3_TwoBlobsReachTwoRelaysInOrder) {
  set_destination("a", "t3", relay.url("/x"));
  set_destination("b", "t3", other.url("/y"));
  world.run_until_idle();
  const std::string first(10'000, 'a'), second(20'000, 'b');
  ask("POST", "/ts/t3", first);
  ask("POST", "/ts/t3", second);
  world.run_until_idle();
  EXPECT_TRUE(relay.guest().bytes() == first + second);
  EXPECT_TRUE(other.guest().bytes() == first + second);
}

TEST_F(DestinationTest, T4_TenMebibytesPassWhole) {
  relay.limits.write_time_max = 60s;
  set_destination("0", "t4", relay.url("/x"));
  const auto sender = program("t4");
  world.run_until_idle();
  const std::string largest(10'485'760, 'x');
  sender->send(largest, MessageType::binary);
  world.run_until_idle();
  ASSERT_EQ(relay.guest().messages.size(), 1u);
  EXPECT_TRUE(relay.guest().messages[0].payload == largest);
}

TEST_F(DestinationTest, T7_APlainFeedArrivesByteForByte) {
  set_destination("0", "video0", relay.url("/x"));
  world.run_until_idle();
  const auto ffmpeg = upload("video0");
  TestCamera camera;
  ByteVector sent;
  for (int i = 0; i < 100; ++i) {
    const auto frame = camera.next_frame();
    append(sent, frame);
    send_chunk(*ffmpeg, frame);
    world.advance(40ms);
  }
  EXPECT_TRUE(relay.guest().bytes() == as_text(sent));
  EXPECT_EQ(relay.guest().messages.size(), 100u);
  EXPECT_EQ(destination("0").messages, 100u);
  EXPECT_EQ(feed("video0").messages, 100u);
}

TEST_F(DestinationTest,
       F58_E7_ARelayThatStopsReadingForTenSecondsGetsNoFrameAlteredOrRepeatedAndGoesOnAtAKeyFrame) {
  world.network().set_link_settings({.capacity_bytes = 64 * 1024});
  set_destination("0", "video0", relay.url("/x"));
  world.run_until_idle();
  const auto link = world.network().newest_link();
  set_destination("1", "video0", other.url("/y"));
  world.run_until_idle();
  const auto ffmpeg = upload("video0");
  TestCamera camera(12, 6000);
  film(*ffmpeg, camera, 50);
  link->stall(testing::Link::Way::to_listener);
  film(*ffmpeg, camera, 250);
  link->resume(testing::Link::Way::to_listener);
  film(*ffmpeg, camera, 100);

  const auto frames = frames_in(as_bytes(relay.guest().bytes()));
  std::size_t gaps = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_TRUE(frames[i].intact) << i;
    if (i == 0 || frames[i].number == frames[i - 1].number + 1) continue;
    EXPECT_GT(frames[i].number, frames[i - 1].number) << "repeated";
    EXPECT_TRUE(frames[i].key);
    ++gaps;
  }
  EXPECT_EQ(gaps, 1u);
  EXPECT_EQ(frames.back().number, 399u);
  EXPECT_EQ(relay.attempts.size(), 1u);
  EXPECT_GT(destination("0").dropped, 150u);
  EXPECT_EQ(frames_in(as_bytes(other.guest().bytes())).size(), 400u);
  EXPECT_EQ(destination("1").dropped, 0u);
}

TEST_F(DestinationTest, DataForARelayThatDoesNotReadIsBoundedAndTheLossIsCounted) {
  set_destination("0", "d", relay.url("/x"));
  const auto sender = program("d");
  world.run_until_idle();
  const auto link = world.network().links();
  relay.guest().socket.pause_reading();
  const std::string piece(64 * 1024, 'x');
  for (int i = 0; i < 200; ++i) {
    sender->send(piece + std::to_string(i));
    world.run_until_idle();
  }
  EXPECT_LE(destination("0").queued_bytes, 5u * 1024 * 1024);
  EXPECT_GT(destination("0").dropped, 100u);

  relay.guest().socket.resume_reading();
  world.run_until_idle();
  const auto got = relay.guest().payloads();
  EXPECT_EQ(got.size() + destination("0").dropped, 200u);
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_TRUE(got[i] == piece + std::to_string(i)) << i;
}

TEST_F(DestinationTest, F66_TextDoesNotGetAmongPictures) {
  set_destination("0", "video0", relay.url("/x"));
  const auto ffmpeg = upload("video0");
  const auto sender = program("video0");
  world.run_until_idle();
  TestCamera camera;
  film(*ffmpeg, camera, 5);
  sender->send("poison");
  film(*ffmpeg, camera, 5);
  for (const auto& message: relay.guest().messages) EXPECT_EQ(message.type, MessageType::binary);
  EXPECT_EQ(frames_in(as_bytes(relay.guest().bytes())).size(), 10u);
}

TEST_F(DestinationTest, AnFfmpegThatIsRestartedIsFollowedWithoutReconnecting) {
  set_destination("0", "video0", relay.url("/x"));
  world.run_until_idle();
  TestCamera first(12, 4000, 0), second(12, 4000, 1000);
  {
    const auto ffmpeg = upload("video0");
    film(*ffmpeg, first, 17);
  }
  world.advance(1s);
  const auto ffmpeg = upload("video0");
  film(*ffmpeg, second, 30);

  const auto frames = frames_in(as_bytes(relay.guest().bytes()));
  ASSERT_EQ(frames.size(), 47u);
  EXPECT_EQ(frames[17].number, 1000u);
  EXPECT_TRUE(frames[17].key);
  for (const auto& frame: frames) EXPECT_TRUE(frame.intact);
  EXPECT_EQ(relay.attempts.size(), 1u);
}

TEST_F(DestinationTest, AStreamOfTwoFeedsIsSwitchedAThousandTimesWithoutGrowingOrRedialling) {
  set_stream("stream/s", R"(["video0","audio0"])");
  set_destination("0", "stream/s", relay.url("/x"));
  const auto ffmpeg = upload("video0");
  TestCamera camera(1, 500);
  for (int i = 0; i < 1000; ++i) {
    host->agent().set(StreamRule{"stream/s", Texts{i % 2 == 0 ? "video0" : "audio0"}}).value();
    send_chunk(*ffmpeg, camera.next_frame());
  }
  EXPECT_EQ(relay.attempts.size(), 1u);
  const auto frames = frames_in(as_bytes(relay.guest().bytes()));
  EXPECT_EQ(frames.size(), 500u);
  EXPECT_LE(host->agent().feeds().names(), 3u);
}

TEST_F(DestinationTest, ReplacingADestinationFasterThanItCanSayGoodbyeStaysBounded) {
  for (int i = 0; i < 500; ++i) host->agent().set(DestinationRule{"0", "d", relay.url("/x")}).value();
  EXPECT_LE(host->agent().leaving(), 64u);
  world.advance(5s);
  EXPECT_EQ(host->agent().leaving(), 0u);
  EXPECT_EQ(destination("0").state, "connected");
}

}  // namespace
}  // namespace crosspoint::host
