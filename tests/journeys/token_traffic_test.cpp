// What connections that came with codes say to each other, and how long they are kept: the checks of the
// secure relay's specification, on a network in memory with a clock moved by hand, over their full times.

#include <gmock/gmock.h>

#include "secure_product.h"
#include "testing/raw_client.h"
#include "websocket/test_frames.h"

namespace crosspoint::journeys {
namespace {

using ::testing::StartsWith;
using websocket::masked_frame;
using websocket::Opcode;
using websocket::plain_frame;

using Messages = std::vector<Received>;

struct TokenTraffic : ::testing::Test {
  // A client whose frames the test writes itself, and who answers nothing unless told to.
  std::unique_ptr<testing::RawClient> open_raw(const std::string& topic) {
    const auto address = product.address_for(topic, product.token(topic, {"read", "write"}, "b1", 1h));
    auto client = std::make_unique<testing::RawClient>(world.loop(), world.network(), product.relay());
    client->send("GET " + address +
                 " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                 "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    world.run_until_idle();
    EXPECT_THAT(client->take_received(), StartsWith("HTTP/1.1 101 "));
    return client;
  }
  std::unique_ptr<WebClient> open(const std::string& topic, std::vector<std::string> scopes) {
    return product.open(topic, product.token(topic, std::move(scopes)));
  }

  testing::MemoryWorld world;
  SecureProduct product{world};
};

TEST_F(TokenTraffic, S33_E4_AllReceiversGetTheSameMessagesInTheSameOrder) {
  const auto a = open("t", {"write"}), b = open("t", {"write"});
  std::vector<std::unique_ptr<WebClient>> readers;
  for (int i = 0; i < 3; ++i) readers.push_back(open("t", {"read"}));
  for (int i = 0; i < 100; ++i) {
    a->send("a" + std::to_string(i));
    b->send("b" + std::to_string(i));
    if (i % 7 == 0) world.run_until_idle();
  }
  world.run_until_idle();

  EXPECT_EQ(readers[0]->messages.size(), 200u);
  EXPECT_EQ(readers[1]->messages, readers[0]->messages);
  EXPECT_EQ(readers[2]->messages, readers[0]->messages);
}

TEST_F(TokenTraffic, S34_FragmentsArriveAsOneMessageAndEmptyMessagesArrive) {
  const auto reader = open("t", {"read"});
  const auto raw = open_raw("t");
  raw->send(masked_frame(Opcode::text, "he", {.final = false}) + masked_frame(Opcode::continuation, "llo") +
            masked_frame(Opcode::text, "") + masked_frame(Opcode::binary, ""));
  world.run_until_idle();

  EXPECT_EQ(reader->messages, (Messages{text("hello"), text(""), binary("")}));
}

TEST_F(TokenTraffic, S35_TenMebibytesPassAndAByteMoreClosesItsSender) {
  const std::string largest(10485760, 'x');
  const auto reader = open("t", {"read"}), sender = open("t", {"write"});
  sender->send(largest);
  product.until([&] { return reader->messages.size() == 1; });
  EXPECT_EQ(reader->take(), Messages{text(largest)});

  sender->send(largest + "x");
  product.until([&] { return sender->closed.has_value(); });
  ASSERT_TRUE(sender->closed);
  EXPECT_EQ(sender->closed->code, websocket::CloseCode::message_too_big);
  EXPECT_EQ(reader->messages, Messages{});
}

TEST_F(TokenTraffic, S36_APingIsAnsweredAndSoIsAGoodbye) {
  const auto raw = open_raw("t");
  raw->send(masked_frame(Opcode::ping, "pp"));
  world.run_until_idle();
  EXPECT_EQ(raw->take_received(), plain_frame(Opcode::pong, "pp"));

  raw->send(masked_frame(Opcode::close, "\x03\xe8"));
  world.run_until_idle();
  EXPECT_EQ(raw->received(), plain_frame(Opcode::close, "\x03\xe8"));
  EXPECT_TRUE(raw->over());
}

TEST_F(TokenTraffic, S37_AnIdleClientThatAnswersPingsStays) {
  const auto raw = open_raw("t");
  for (int i = 0; i < 5; ++i) {  // four minutes and a half
    world.advance(53s);
    EXPECT_EQ(raw->take_received(), "");
    world.advance(1s);
    EXPECT_EQ(raw->take_received(), plain_frame(Opcode::ping, "")) << i;
    raw->send(masked_frame(Opcode::pong, ""));
    world.run_until_idle();
  }
  EXPECT_FALSE(raw->over());
  EXPECT_EQ(product.gateway().sessions(), 1u);
}

TEST_F(TokenTraffic, S38_D10_AClientThatAnswersNoPingsIsGoneAfterAMinute) {
  const auto raw = open_raw("t");
  world.advance(59s);
  EXPECT_EQ(product.gateway().sessions(), 1u);

  world.advance(6s);
  EXPECT_TRUE(raw->over());
  EXPECT_EQ(product.gateway().sessions(), 0u);
}

TEST_F(TokenTraffic, S40_AReaderThatStallsTakesNothingFromTheOthers) {
  const auto sender = open("t", {"write"}), reader = open("t", {"read"}), stalled = open("t", {"read"});
  stalled->stop_reading();
  Messages sent;
  for (int i = 0; i < 1000; ++i) {
    sent.push_back(binary(std::to_string(i) + std::string(20000, '.')));
    sender->send_binary(as_bytes(sent.back().payload));
    if (i % 10 == 9) world.run_until_idle();
  }
  world.run_until_idle();

  EXPECT_TRUE(reader->messages == sent);
  EXPECT_TRUE(sender->open());
  world.advance(10s);
  stalled->resume_reading();
  world.run_until_idle();
  EXPECT_LT(stalled->messages.size(), sent.size());
  EXPECT_EQ(product.gateway().sessions(), 2u);
}

TEST_F(TokenTraffic, S41_E4_ThreeHundredSmallMessagesStayThreeHundredMessages) {
  const auto reader = open("t", {"read"});
  const auto raw = open_raw("t");
  std::string frames;
  Messages sent;
  for (int i = 1000000; i < 1000300; ++i) {
    sent.push_back(text(std::to_string(i)));
    frames += masked_frame(Opcode::text, sent.back().payload);
  }
  raw->send(frames);
  world.run_until_idle();

  EXPECT_EQ(reader->messages, sent);
}

TEST_F(TokenTraffic, S42_TopicsDoNotHearEachOther) {
  const auto t1 = open("t1", {"read", "write"}), t2 = open("t2", {"read"});
  const auto below = product.open("t1%2Fx", product.token("t1/x", {"read"}));
  t1->send("for t1");
  world.run_until_idle();

  EXPECT_EQ(t2->messages, Messages{});
  EXPECT_EQ(below->messages, Messages{});
}

}  // namespace
}  // namespace crosspoint::journeys
