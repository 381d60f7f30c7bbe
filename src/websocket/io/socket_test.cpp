// A socket's conversation: messages, control frames, closing. Deadlines and limits are in
// socket_limits_test.cpp.
#include "websocket/io/socket.h"

#include "testing/faulty_stream.h"
#include "websocket/io/test_socket.h"

namespace crosspoint::websocket {
namespace {

using One = Heard::One;
using Said = std::vector<One>;

// ---- Messages.

TEST_F(SocketTest, HandsOutMessagesAndSendsThem) {
  echo();
  open();

  say(masked_frame(Opcode::text, "Hello") + masked_frame(Opcode::binary, "\xff") +
      masked_frame(Opcode::text, ""));

  const Said both{{Opcode::text, "Hello"}, {Opcode::binary, "\xff"}, {Opcode::text, ""}};
  EXPECT_EQ(recorder.messages, both);
  EXPECT_EQ(said(), both);
  EXPECT_EQ(socket->counters().messages_received, 3u);
  EXPECT_EQ(socket->counters().bytes_received, 6u);
  EXPECT_EQ(socket->counters().messages_sent, 3u);
}

TEST_F(SocketTest, TheHandshakeGoesBeforeTheFirstFrame) {
  handshake = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
  early = masked_frame(Opcode::text, "early");
  echo();

  open();

  EXPECT_EQ(client->received(), handshake + plain_frame(Opcode::text, "early"));
}

// Row A8: what came with the request and what came after it are one stream, wherever it was split.
TEST_F(SocketTest, A8_EarlyBytesAreReadOnceAndInOrder) {
  const std::string bytes = masked_frame(Opcode::text, "first") + masked_frame(Opcode::text, "second");
  for (std::size_t split = 0; split <= bytes.size(); ++split) {
    recorder = {};
    early = bytes.substr(0, split);
    open();

    say(bytes.substr(split));

    EXPECT_EQ(recorder.messages, (Said{{Opcode::text, "first"}, {Opcode::text, "second"}})) << split;
    client.reset();
    world.run_until_idle();
    socket.reset();
  }
}

TEST_F(SocketTest, WhatIsSentInOneTurnIsWrittenAtOnce) {
  open();
  for (int i = 0; i < 100; ++i) socket->send(MessageType::text, as_bytes("x"));
  EXPECT_EQ(link().waiting_bytes(crosspoint::testing::Link::Way::to_connector),
            0u);  // nothing before the turn ends

  world.loop(0).turn();

  EXPECT_EQ(link().waiting_bytes(crosspoint::testing::Link::Way::to_connector), 300u);
}

TEST_F(SocketTest, B12_AConversationCutIntoBytesIsTheSameConversation) {
  const std::string conversation =
      masked_frame(Opcode::text, "one") + masked_frame(Opcode::binary, std::string(300, 'b')) +
      masked_frame(Opcode::ping, "alive?") + masked_frame(Opcode::text, "t\xe2\x82", {.final = false}) +
      masked_frame(Opcode::continuation, "\xac") +
      masked_frame(Opcode::close,
                   "\x03\xe8"
                   "bye");
  std::optional<Said> whole;
  for (const std::size_t segment_bytes: {100'000, 1, 2, 3, 7, 1000}) {
    recorder = {};
    echo();
    world.network().set_link_settings({.segment_bytes_max = segment_bytes, .write_bytes_max = segment_bytes});
    open();

    say(conversation);

    if (!whole) whole = recorder.messages;
    EXPECT_EQ(recorder.messages, *whole) << segment_bytes;
    EXPECT_EQ(recorder.messages.size(), 3u);
    // The pong may overtake; all else is in order.
    Said answers = said();
    std::erase(answers, One{Opcode::pong, "alive?"});
    Said expected = *whole;
    expected.push_back(close_frame(1000));
    EXPECT_EQ(answers, expected) << segment_bytes;
    client.reset();
    world.run_until_idle();
    socket.reset();
  }
}

TEST_F(SocketTest, ATopicMayPushSpansOfItsLog) {
  open();
  const std::string frames =
      plain_frame(Opcode::binary, "from the log") + plain_frame(Opcode::text, "and more");
  const auto segment = Segment::make(1024);
  segment->append(as_bytes(frames));

  socket->outbox().push({segment, 0, segment->size()}, world.loop().now());
  socket->wake();
  world.run_until_idle();

  EXPECT_EQ(client->received(), frames);
}

// ---- Control frames.

TEST_F(SocketTest, AnswersEachPingWithItsPayloadWhileItCan) {
  open();
  std::string pings;
  Said pongs;
  for (int i = 0; i < 10; ++i) {
    pings += masked_frame(Opcode::ping, "payload-" + std::to_string(i));
    pongs.push_back({Opcode::pong, "payload-" + std::to_string(i)});
  }

  say(pings);

  EXPECT_EQ(said(), pongs);
}

TEST_F(SocketTest, APongSlipsInBetweenWholeFramesOnly) {
  open();
  link().set({.capacity_bytes = 1000});
  client->stop_reading();
  socket->send(MessageType::binary, as_bytes(std::string(5000, 'a')));
  socket->send(MessageType::binary, as_bytes(std::string(5000, 'b')));
  world.run_until_idle();
  say(masked_frame(Opcode::ping, "now"));

  client->resume_reading();
  world.run_until_idle();

  EXPECT_EQ(said(), (Said{{Opcode::binary, std::string(5000, 'a')},
                          {Opcode::pong, "now"},
                          {Opcode::binary, std::string(5000, 'b')}}));
}

TEST_F(SocketTest, B8_NeverMoreThanOnePongWaits) {
  open();
  link().set({.capacity_bytes = 50});
  client->stop_reading();
  std::string pings;
  for (int i = 0; i < 40; ++i)
    pings += masked_frame(Opcode::ping, std::string(125, static_cast<char>('0' + i)));
  for (std::size_t i = 0; i < pings.size(); i += 40) {
    say(std::string_view(pings).substr(i, 40));
    ASSERT_LE(socket->unwritten_bytes(), 127u);
  }

  client->resume_reading();
  world.run_until_idle();

  // The one that was being written, and the newest.
  EXPECT_EQ(said(),
            (Said{{Opcode::pong, std::string(125, '0')}, {Opcode::pong, std::string(125, '0' + 39)}}));
}

TEST_F(SocketTest, APongNobodyAskedForIsIgnored) {
  open();

  say(masked_frame(Opcode::pong, "unasked") + masked_frame(Opcode::text, "x"));

  EXPECT_EQ(recorder.messages, (Said{{Opcode::text, "x"}}));
  EXPECT_TRUE(said().empty());
}

// ---- What peers do wrong.

TEST_F(SocketTest, AWrongFrameEndsTheConnectionAfterWhatWasRight) {
  struct Wrong {
    std::string bytes;
    int code;
  };
  const Wrong table[] = {
      {plain_frame(Opcode::text, "unmasked"), 1002},                  // B2
      {header({0x82, 0xfe, 0, 5}), 1002},                             // B3
      {header({0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0}), 1009},        // B3
      {header({0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0}), 1002},        // B3
      {masked_frame(Opcode::text, "\xff"), 1007},                     // B9
      {masked_frame(Opcode::text, "x", {.compressed = true}), 1002},  // B6
      {masked_frame(Opcode::continuation, "x"), 1002},
      {header({0x83}), 1002},
      {header({0x09}), 1002},
      {header({0x89, 0xfe}), 1002},
  };
  for (const Wrong& wrong: table) {
    recorder = {};
    echo();
    open();

    say(masked_frame(Opcode::text, "right") + wrong.bytes + masked_frame(Opcode::text, "not read"));

    const Said all = said();
    ASSERT_EQ(all.size(), 2u) << to_hex(as_bytes(wrong.bytes));
    EXPECT_EQ(all[0], (One{Opcode::text, "right"}));
    EXPECT_EQ(all[1].payload.substr(0, 2), close_frame(wrong.code).payload) << to_hex(as_bytes(wrong.bytes));
    EXPECT_TRUE(client->ended());
    client->finish();
    world.run_until_idle();
    ASSERT_TRUE(recorder.closed);
    EXPECT_EQ(static_cast<int>(recorder.closed->own->code), wrong.code);
    EXPECT_EQ(recorder.closed->peer.code, CloseCode::abnormal);
    EXPECT_FALSE(client->failure());
    socket.reset();
  }
}

TEST_F(SocketTest, B5_EndlessEmptyFragmentsEndTheConnection) {
  open();
  std::string bytes = masked_frame(Opcode::text, "", {.final = false});
  for (int i = 0; i < 1024; ++i) bytes += masked_frame(Opcode::continuation, "", {.final = false});

  say(bytes);

  ASSERT_EQ(said().size(), 1u);
  EXPECT_EQ(said()[0].payload.substr(0, 2), close_frame(1008).payload);
}

// ---- The other role.

class ClientSocketTest : public SocketTest {
 protected:
  ClientSocketTest() { role = Role::client; }
};

TEST_F(ClientSocketTest, MasksEachFrameWithAKeyOfItsOwn) {
  echo();
  open();

  say(plain_frame(Opcode::text, "same") + plain_frame(Opcode::text, "same") +
      plain_frame(Opcode::binary, std::string(100'000, 'l')));

  EXPECT_EQ(
      said(),
      (Said{{Opcode::text, "same"}, {Opcode::text, "same"}, {Opcode::binary, std::string(100'000, 'l')}}));
  const std::string received = client->received();
  EXPECT_NE(received.substr(0, 10), received.substr(10, 10));
}

TEST_F(ClientSocketTest, B2_AMaskedServerFrameIsAProtocolError) {
  open();

  say(masked_frame(Opcode::text, "masked"));

  ASSERT_EQ(said().size(), 1u);
  EXPECT_EQ(said()[0].payload.substr(0, 2), close_frame(1002).payload);
}

TEST_F(ClientSocketTest, LeavesItToTheServerToCloseTcp) {
  open();
  say(plain_frame(Opcode::close, "\x03\xe8"));
  EXPECT_EQ(said(), (Said{close_frame(1000)}));
  EXPECT_FALSE(client->ended());

  client->finish();
  world.run_until_idle();

  EXPECT_TRUE(recorder.closed);
  EXPECT_TRUE(client->ended());
  EXPECT_FALSE(client->failure());
}

TEST_F(ClientSocketTest, ButNotForEver) {
  open();
  say(plain_frame(Opcode::close, "\x03\xe8"));

  world.advance(1s);

  EXPECT_TRUE(recorder.closed);
}

// ---- Compression.

class DeflateSocketTest : public SocketTest {
 protected:
  DeflateSocketTest() { deflate = DeflateAgreement{}; }
};

TEST_F(DeflateSocketTest, CompressesWhatIsWorthItAndReadsBoth) {
  echo();
  open();
  std::string text;
  for (int i = 0; i < 200; ++i) text += "line " + std::to_string(i) + "\n";
  ByteVector deflated;
  Deflater(15, Deflater::Context::kept).compress(as_bytes(text), deflated);

  say(masked_frame(Opcode::text, as_text(deflated), {.compressed = true}) +
      masked_frame(Opcode::text, "plain"));

  const Said both{{Opcode::text, text}, {Opcode::text, "plain"}};
  EXPECT_EQ(recorder.messages, both);
  EXPECT_EQ(heard(true).messages, both);
  EXPECT_LT(client->received().size(), text.size() / 2);
}

TEST_F(DeflateSocketTest, SpansOfALogGoOutAsTheyAre) {
  open();
  const auto segment = Segment::make(1024);
  segment->append(as_bytes(plain_frame(Opcode::binary, std::string(500, 'z'))));

  socket->outbox().push({segment, 0, segment->size()}, world.loop().now());
  socket->send(MessageType::text, as_bytes(std::string(500, 'y')));
  world.run_until_idle();

  EXPECT_EQ(heard(true).messages,
            (Said{{Opcode::binary, std::string(500, 'z')}, {Opcode::text, std::string(500, 'y')}}));
}

TEST_F(DeflateSocketTest, B6_ACompressionBombIsTooBig) {
  limits.message_bytes_max = 1024 * 1024;
  open();
  ByteVector bomb;
  Deflater(15, Deflater::Context::kept).compress(as_bytes(std::string(4 * 1024 * 1024, '\0')), bomb);

  say(masked_frame(Opcode::binary, as_text(bomb), {.compressed = true}));

  ASSERT_EQ(said().size(), 1u);
  EXPECT_EQ(said()[0].payload.substr(0, 2), close_frame(1009).payload);
}

// Row B7: nothing is compressed unless it was agreed.
TEST_F(SocketTest, B7_WithoutAnAgreementNothingIsCompressed) {
  open();

  socket->send(MessageType::text, as_bytes(std::string(5000, 'x')));
  world.run_until_idle();

  EXPECT_EQ(client->received(), plain_frame(Opcode::text, std::string(5000, 'x')));
}

// ---- Faults of the stream.

// Every operation of the stream fails once. Whatever was going on, the socket ends once and nothing else
// happens.
TEST(SocketFaults, EveryFailureOfTheStreamEndsInOnClosed) {
  using namespace crosspoint::testing;
  bool struck = true;
  for (std::size_t n = 0; struck; ++n) {
    struct Setting : SocketTest {
      void TestBody() override {}
      using SocketTest::client, SocketTest::recorder, SocketTest::world, SocketTest::echo, SocketTest::open,
          SocketTest::say, SocketTest::limits, SocketTest::socket;
    } setting;
    const auto fault = std::make_shared<Fault>(n);
    bool first = true;  // the listener's end only
    setting.world.network().wrap_streams(
        [&](std::unique_ptr<net::Stream> stream) -> std::unique_ptr<net::Stream> {
          if (!std::exchange(first, false)) return stream;
          return std::make_unique<FaultyStream>(std::move(stream), fault);
        });
    setting.echo();
    setting.open();
    setting.say(masked_frame(Opcode::text, "one") + masked_frame(Opcode::ping, "two"));
    setting.say(masked_frame(Opcode::binary, std::string(200'000, 'x')));
    setting.say(masked_frame(Opcode::close, "\x03\xe8"));
    setting.client->finish();
    setting.world.advance(120s);

    EXPECT_TRUE(setting.recorder.closed) << n;
    struck = fault->struck();
  }
}

TEST(SocketSize, AnIdleConnectionIsSmall) { EXPECT_LE(sizeof(Socket), 224u); }

}  // namespace
}  // namespace crosspoint::websocket
