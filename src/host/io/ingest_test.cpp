// Uploads to /ts/NAME (section B.7).
#include "host/io/ingest.h"

#include "host/io/test_host.h"
#include "host/test_camera.h"
#include "testing/heap.h"

namespace crosspoint::host {
namespace {

std::string blob(std::size_t bytes, std::uint64_t seed) {
  std::string out(bytes, '\0');
  SeededRandom(seed).fill(std::as_writable_bytes(std::span(out)));
  return out;
}

class IngestTest : public HostTest {
 protected:
  std::string joined(const Texts& texts) {
    std::string all;
    for (const auto& text: texts) all += text;
    return all;
  }
};

TEST_F(IngestTest, F50_T1_AFilePostedByCurlArrivesWholeAndCurlGetsItsAnswer) {
  const auto listener = program("t");
  const auto file = blob(65'536, 1);

  const auto answer = ask("POST", "/ts/t", file);

  world.run_until_idle();

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
  EXPECT_TRUE(joined(listener->got) == file);
  for (const auto type: listener->types) EXPECT_EQ(type, MessageType::binary);
}

TEST_F(IngestTest, Expect100IsAnswered) {
  const auto client = connect();
  client->send("POST /ts/t HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  world.run_until_idle();
  EXPECT_TRUE(client->received().starts_with("HTTP/1.1 100 ")) << client->received();
  client->send("abc");
  world.run_until_idle();
  EXPECT_NE(client->received().find("HTTP/1.1 200 "), std::string::npos);
}

TEST_F(IngestTest, AnyMethodAndAnyContentTypeWillDo) {
  const auto listener = program("t");
  for (const auto* method: {"POST", "PUT", "PATCH", "GET"})
    EXPECT_EQ(ask(method, "/ts/t", method).status, 200) << method;
  EXPECT_EQ(listener->got, (Texts{"POST", "PUT", "PATCH", "GET"}));
}

TEST_F(IngestTest, Http10BodiesAreAccepted) {
  const auto listener = program("t");
  const auto client = connect();
  client->send("POST /ts/t HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello");
  world.run_until_idle();
  EXPECT_EQ(listener->got, Texts{"hello"});
  EXPECT_NE(client->received().find(" 200 "), std::string::npos) << client->received();
}

TEST_F(IngestTest, F51_E10_ThreeMillionBytesInOneBurstAllArrive) {
  world.network().set_link_settings({.capacity_bytes = 8 * 1024 * 1024});
  const auto listener = program("t");
  const auto file = blob(3'000'000, 2);
  EXPECT_EQ(ask("POST", "/ts/t", file).status, 200);
  world.run_until_idle();
  EXPECT_TRUE(joined(listener->got) == file);
  for (const auto& message: listener->got) EXPECT_LE(message.size(), 1'024'000u);
}

TEST_F(IngestTest, T4_TheLargestMessageOfTheOlderAgentIsOneMessage) {
  const auto listener = program("t");
  const auto file = blob(1'024'000, 3);
  ask("POST", "/ts/t", file);
  world.run_until_idle();
  EXPECT_TRUE(joined(listener->got) == file);
}

TEST_F(IngestTest, F52_EachFrameThatFfmpegSendsIsOneMessageOfWholePackets) {
  const auto listener = program("video0");
  const auto ffmpeg = upload("video0");
  TestCamera camera(12, 60'000);
  ByteVector sent;
  for (int i = 0; i < 100; ++i) {
    const auto frame = camera.next_frame();
    append(sent, frame);
    // A frame larger than that comes in chunks of 32,768 bytes, the last one shorter.
    for (auto rest = Bytes(frame); !rest.empty();) {
      const auto piece = rest.first(std::min<std::size_t>(rest.size(), 32'768));
      send_chunk(*ffmpeg, piece);
      rest = rest.subspan(piece.size());
    }
    world.advance(40ms);
  }
  EXPECT_EQ(listener->got.size(), 100u);
  for (const auto& message: listener->got) {
    EXPECT_EQ(message.size() % 188, 0u);
    EXPECT_EQ(message.front(), 0x47);
  }
  EXPECT_EQ(joined(listener->got), crosspoint::to_string(sent));
}

TEST_F(IngestTest, T5_SizesThatGoUpAndDownKeepTheirOrder) {
  const auto listener = program("t");
  const auto source = upload("t");
  std::string sent;
  const std::array<std::size_t, 6> sizes{188, 37'600, 1316, 188'000, 940, 9400};
  for (std::uint32_t i = 0; i < 300; ++i) {
    auto piece = blob(sizes[i % sizes.size()], i);
    std::array<std::byte, 4> number;
    write_big_endian(i, number);
    piece.replace(0, 4, as_text(number));
    sent += piece;
    send_chunk(*source, as_bytes(piece));
    world.advance(5ms);
  }
  EXPECT_TRUE(joined(listener->got) == sent);
}

TEST_F(IngestTest, BytesThatAreNotTsGoOutAfterAShortSilence) {
  const auto listener = program("t");
  const auto source = upload("t");
  send_chunk(*source, as_bytes("hello"));
  EXPECT_EQ(listener->got.size(), 0u);
  world.advance(5ms);
  EXPECT_EQ(listener->got, Texts{"hello"});
}

TEST_F(IngestTest, SeveralUploadsFeedOneName) {
  const auto listener = program("t");
  const auto one = upload("t"), two = upload("t");
  EXPECT_EQ(feed("t").uploads, 2u);
  send_chunk(*one, as_bytes("a"));
  world.advance(5ms);
  send_chunk(*two, as_bytes("b"));
  world.advance(5ms);
  EXPECT_EQ(listener->got, (Texts{"a", "b"}));
}

TEST_F(IngestTest, F53_AHundredUploadsLeaveNothingBehind) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(ask("POST", "/ts/t", blob(10'000, 4)).status, 200);
  }
  world.advance(1s);
  EXPECT_EQ(host->status().uploads, 0u);
  EXPECT_EQ(host->http_counters().open, 0u);
  EXPECT_EQ(host->status().feeds.size(), 1u);
  // Nothing polls.
  const auto turns = world.loop(0).timers().next_due();
  EXPECT_FALSE(turns);
}

TEST_F(IngestTest, H6_ASourceKilledAHundredTimesNeverMixesOldBytesIntoTheNewStream) {
  const auto listener = program("video0");
  TestCamera camera(12, 3000);
  std::uint32_t whole_frames = 0;
  for (int i = 0; i < 100; ++i) {
    TestCamera restarted(12, 3000, 1000 * static_cast<std::uint32_t>(i));
    const auto ffmpeg = upload("video0");
    for (int n = 0; n < 3; ++n, ++whole_frames) send_chunk(*ffmpeg, restarted.next_frame());
    // Half a frame, ending in the middle of a packet; then it is gone.
    const auto half = restarted.next_frame();
    send_chunk(*ffmpeg, Bytes(half).first(1000));
    if (i % 2 == 0) {
      ffmpeg->reset();
    } else {
      ffmpeg->close();
    }
    world.advance(100ms);
  }
  EXPECT_EQ(host->status().uploads, 0u);
  std::uint32_t intact = 0;
  for (const auto& frame: frames_in(as_bytes(joined(listener->got)))) intact += frame.intact ? 1 : 0;
  EXPECT_GE(intact, whole_frames);
}

TEST_F(IngestTest, H6_AStallIsReportedAndEndsWithTheNextByte) {
  const auto source = upload("video0");
  send_chunk(*source, as_bytes("x"));
  EXPECT_FALSE(feed("video0").stalled);
  world.advance(1900ms);
  EXPECT_FALSE(feed("video0").stalled);
  world.advance(200ms);
  EXPECT_TRUE(feed("video0").stalled);
  send_chunk(*source, as_bytes("y"));
  world.advance(5ms);
  EXPECT_FALSE(feed("video0").stalled);
  world.advance(10s);
  EXPECT_TRUE(feed("video0").stalled);
  source->close();
  world.advance(10ms);
  EXPECT_FALSE(feed("video0").stalled);
}

TEST_F(IngestTest, H6_AnUploadThatPausesForAnHourGoesOn) {
  const auto listener = program("video0");
  const auto source = upload("video0");
  send_chunk(*source, as_bytes("before"));
  world.advance(1h);
  send_chunk(*source, as_bytes("after"));
  world.advance(1s);
  EXPECT_EQ(listener->got, (Texts{"before", "after"}));
}

// In one chunk, and no pause: where a message ends is for its size alone to say.
TEST_F(IngestTest, H6_GarbageWithoutABoundaryStaysBounded) {
  constexpr std::size_t pieces = 64, piece_bytes = 1 << 20, message_bytes_max = 1'024'000;
  const auto reads = program("t"), sleeps = program("t");
  sleeps->socket->pause_reading();
  const auto source = upload("t");
  const auto piece = blob(piece_bytes, 6);
  source->send(fmt::format("{:x}\r\n", pieces * piece_bytes));
  const auto before = testing::heap_bytes();
  std::size_t most = 0, got = 0;

  for (std::size_t i = 0; i < pieces; ++i) {
    source->send(piece);
    world.run_until_idle();
    most = std::max(most, testing::heap_bytes() - before);
    for (const auto& message: reads->got) {
      EXPECT_LE(message.size(), message_bytes_max);
      got += message.size();
    }
    reads->got = {};
  }

  EXPECT_EQ(feed("t").bytes, pieces * piece_bytes / message_bytes_max * message_bytes_max);
  EXPECT_EQ(got, feed("t").bytes);
  EXPECT_LT(most, 12u << 20) << "a message, what waits for one who does not read, and what is on its way";
}

TEST_F(IngestTest, StreamsAreNotUploadedTo) { EXPECT_EQ(ask("POST", "/ts/stream/front", "x").status, 400); }

TEST_F(IngestTest, UploadsAreBounded) {
  settings.ingest.uploads_max = 2;
  host.reset();
  start_host();
  const auto one = upload("a"), two = upload("a");
  EXPECT_EQ(ask("POST", "/ts/a", "x").status, 503);
  one->close();
  world.advance(10ms);
  EXPECT_EQ(ask("POST", "/ts/a", "x").status, 200);
}

TEST_F(IngestTest, NamesAreBounded) {
  settings.agent.names_max = 2;
  host.reset();
  start_host();
  const auto one = upload("a"), two = upload("b");
  EXPECT_EQ(ask("POST", "/ts/c", "x").status, 503);
  const auto late = program("d");
  ASSERT_TRUE(late->error);
  EXPECT_EQ(late->error->http_status, 503);
}

TEST_F(IngestTest, TheStatusKnowsWhatAFeedCarries) {
  const auto ffmpeg = upload("video0");
  TestCamera camera;
  for (int i = 0; i < 30; ++i) {
    send_chunk(*ffmpeg, camera.next_frame());
    world.advance(40ms);
  }
  EXPECT_EQ(feed("video0").content.container, media::Container::mpeg_ts);
  EXPECT_EQ(feed("video0").content.video, media::Codec::mpeg1_video);
  EXPECT_EQ(feed("video0").content.width, 320);
  EXPECT_EQ(feed("video0").content.height, 240);
}

}  // namespace
}  // namespace crosspoint::host
