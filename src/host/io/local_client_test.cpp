// Programs on /ws/NAME (section B.8).
#include "host/io/local_client.h"

#include "host/io/test_host.h"
#include "host/test_camera.h"

namespace crosspoint::host {
namespace {

class LocalClientTest : public HostTest {};

TEST_F(LocalClientTest, ProgramsOnAFeedHearEachOtherWithTheTypeKeptAndNeverThemselves) {
  const auto a = program("d"), b = program("d"), c = program("other");
  a->send("text");
  a->send("bytes", MessageType::binary);
  a->send("");
  world.run_until_idle();
  EXPECT_EQ(b->got, (Texts{"text", "bytes", ""}));
  EXPECT_EQ(b->types, (std::vector{MessageType::text, MessageType::binary, MessageType::text}));
  EXPECT_EQ(a->got, Texts{});
  EXPECT_EQ(c->got, Texts{});
}

TEST_F(LocalClientTest, NullIsTheSubprotocolWhenItIsOffered) {
  const std::string url = "ws://127.0.0.1:8888/ws/d";
  EXPECT_EQ(Program(world, url, {"null"}).subprotocol, "null");
  EXPECT_EQ(Program(world, url, {"foo", "null"}).subprotocol, "null");
  EXPECT_EQ(Program(world, url, {"foo"}).subprotocol, "");
  EXPECT_EQ(Program(world, url).subprotocol, "");
}

TEST_F(LocalClientTest, AnyOriginIsAcceptedAndNothingIsCompressed) {
  const auto client = connect();
  client->send(
      "GET /ws/d HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: "
      "http://evil.example\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n");
  world.run_until_idle();
  EXPECT_TRUE(client->received().starts_with("HTTP/1.1 101 "));
  EXPECT_EQ(client->received().find("Extensions"), std::string::npos);
}

TEST_F(LocalClientTest, WithoutAnUpgradeItIsABadRequest) {
  const auto answer = ask("GET", "/ws/d");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, "Bad Request\n");
  EXPECT_TRUE(answer.has("Sec-WebSocket-Version: 13") || answer.has("Sec-Websocket-Version: 13"))
      << answer.head;
}

TEST_F(LocalClientTest, ANameThatIsNoneIsNotFound) {
  const auto bad = program("a_b");
  ASSERT_TRUE(bad->error);
  EXPECT_EQ(bad->error->http_status, 404);
}

TEST_F(LocalClientTest, ATrailingSlashIsAnotherName) {
  const auto a = program("d"), b = program("d/");
  a->send("x");
  world.run_until_idle();
  EXPECT_EQ(b->got, Texts{});
}

TEST_F(LocalClientTest, WhatIsSentWithTheHandshakeArrives) {
  const auto listener = program("d");
  const auto client = connect();
  std::string text =
      "GET /ws/d HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  text += std::string("\x81\x82\x00\x00\x00\x00hi", 8);
  client->send(text);
  world.run_until_idle();
  EXPECT_EQ(listener->got, Texts{"hi"});
}

TEST_F(LocalClientTest, F54_E11_AThousandTextsInABurstAllArriveInOrder) {
  const auto listener = program("d"), sender = program("d");
  Texts sent;
  for (int i = 0; i < 1000; ++i) sent.push_back(fmt::format(R"({{"n":{}}})", i));
  for (const auto& text: sent) sender->send(text);
  world.run_until_idle();
  EXPECT_EQ(listener->got, sent);
}

TEST_F(LocalClientTest, T4_AMessageOfTenMebibytesPassesAndOneByteMoreClosesItsSender) {
  settings.local.limits.write_time_max = 60s;
  const auto listener = program("t4"), sender = program("t4"), second = program("t4");
  const std::string largest(10'485'760, 'x');

  sender->send(largest, MessageType::binary);
  world.run_until_idle();
  ASSERT_EQ(listener->got.size(), 1u);
  EXPECT_TRUE(listener->got[0] == largest);

  sender->send(largest + "x", MessageType::binary);
  world.advance(2s);
  ASSERT_TRUE(sender->closed);
  EXPECT_EQ(sender->closed->code, websocket::CloseCode::message_too_big);
  EXPECT_EQ(listener->got.size(), 1u);
  EXPECT_FALSE(second->closed);
}

TEST_F(LocalClientTest, F55_AStreamIsHeardAsItsDestinationHearsItAndTakesNothing) {
  TestRelay relay(world, "relay.test");
  set_stream("stream/front/large", R"(["video0","audio0"])");
  set_destination("0", "stream/front/large", relay.url("/in/x"));
  const auto preview = program("stream/front/large"), video = program("video0"), audio = program("audio0");
  world.run_until_idle();

  video->send("V1", MessageType::binary);
  world.run_until_idle();
  audio->send("A1", MessageType::binary);
  preview->send("goes nowhere");
  world.run_until_idle();

  EXPECT_EQ(preview->got, (Texts{"V1", "A1"}));
  EXPECT_EQ(relay.guest().payloads(), (Texts{"V1", "A1"}));
  EXPECT_EQ(video->got, Texts{});
}

TEST_F(LocalClientTest, E15_APreviewThatLeavesIsGone) {
  set_stream("stream/s", R"(["video0"])");
  auto preview = program("stream/s");
  EXPECT_EQ(host->status().streams[0].listeners, 1u);
  preview.reset();
  world.run_until_idle();
  world.advance(2s);
  EXPECT_EQ(host->status().streams[0].listeners, 0u);
  EXPECT_EQ(host->status().clients, 0u);
}

// Stalls what the agent sends to this program.
void stall(testing::MemoryWorld& world) {
  world.network().newest_link()->stall(testing::Link::Way::to_connector);
}

TEST_F(LocalClientTest, FourMebibytesWaitForAProgramThatReadsSlowly) {
  const auto sender = program("d");
  const auto slow = program("d");
  const auto link = world.network().newest_link();
  stall(world);
  const std::string piece(16 * 1024, 'x');
  for (int i = 0; i < 256; ++i) sender->send(piece + std::to_string(i));
  world.run_until_idle();

  link->resume(testing::Link::Way::to_connector);
  world.run_until_idle();

  ASSERT_EQ(slow->got.size(), 256u);
  for (int i = 0; i < 256; ++i)
    ASSERT_TRUE(slow->got[static_cast<std::size_t>(i)] == piece + std::to_string(i));
  EXPECT_FALSE(slow->closed);
}

TEST_F(LocalClientTest, E1_AProgramThatDoesNotReadDataIsClosedAndTheOthersNeverNotice) {
  const auto sender = program("d"), good = program("d");
  const auto slow = program("d");
  const auto link = world.network().newest_link();
  stall(world);
  const std::string piece(64 * 1024, 'x');
  for (int i = 0; i < 200; ++i) {
    sender->send(piece);
    world.run_until_idle();
  }
  link->resume(testing::Link::Way::to_connector);
  world.advance(5s);
  EXPECT_EQ(good->got.size(), 200u);
  EXPECT_EQ(host->status().clients, 2u);
  EXPECT_LT(slow->got.size(), 200u);
}

TEST_F(LocalClientTest, E1_AProgramThatDoesNotReadPicturesGoesOnAtAKeyFrame) {
  const auto ffmpeg = upload("video0");
  const auto slow = program("video0");
  const auto link = world.network().newest_link();
  TestCamera camera(10, 30'000);
  const auto film = [&](int frames) {
    for (int i = 0; i < frames; ++i) {
      send_chunk(*ffmpeg, camera.next_frame());
      world.advance(10ms);
    }
  };
  film(20);
  stall(world);
  film(305);
  link->resume(testing::Link::Way::to_connector);
  film(30);

  std::string all;
  for (const auto& message: slow->got) all += message;
  const auto frames = frames_in(as_bytes(all));
  std::size_t gaps = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_TRUE(frames[i].intact) << i;
    if (i == 0 || frames[i].number == frames[i - 1].number + 1) continue;
    EXPECT_GT(frames[i].number, frames[i - 1].number);
    EXPECT_TRUE(frames[i].key) << i;
    ++gaps;
  }
  EXPECT_GE(gaps, 1u);
  EXPECT_EQ(frames.back().number, 354u);
  EXPECT_FALSE(slow->closed);
}

TEST_F(LocalClientTest, ClientsAreBounded) {
  settings.local_clients_max = 2;
  host.reset();
  start_host();
  const auto a = program("d"), b = program("d"), c = program("d");
  EXPECT_FALSE(a->error);
  EXPECT_FALSE(b->error);
  ASSERT_TRUE(c->error);
  EXPECT_EQ(c->error->http_status, 503);
}

}  // namespace
}  // namespace crosspoint::host
