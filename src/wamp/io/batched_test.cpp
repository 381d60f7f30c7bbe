// Batches over WebSocket: what a client sends in one is taken apart, what a turn has for a client goes out in
// one.
#include <gmock/gmock.h>

#include "wamp/io/test_node.h"
#include "websocket/test_frames.h"

namespace crosspoint::wamp {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using websocket::Opcode;

const std::string hello_batch = hello + '\x1e';

struct BatchedTest : NodeTest {
  std::unique_ptr<testing::RawClient> join(std::string_view fields = "", char separator = '\x1e') {
    auto client = connect_websocket("wamp.2.json.batched", "/ws", fields);
    client->take_received();
    say(*client, masked_frame(Opcode::text, hello + separator));
    return client;
  }
  // The same bytes for everybody, as a publication has them.
  void publish(std::string_view args, const std::vector<Peer*>& peers) {
    const Payload payload{data::Format::json, as_bytes(args), {}};
    const Event said{SubscriptionId{1}, PublicationId{2}, "", {}, false, false, {}, payload};
    SharedEvent event(said);
    for (auto* peer: peers) peer->send_event(event);
  }
  static std::string event(std::string_view args) { return "[36,1,2,{}," + std::string(args) + "]"; }
};

TEST_F(BatchedTest, TheSubprotocolIsAgreedInTheClientsOrder) {
  EXPECT_THAT(connect_websocket("wamp.2.cbor.batched, wamp.2.cbor")->received(),
              HasSubstr("Sec-WebSocket-Protocol: wamp.2.cbor.batched\r\n"));
  EXPECT_THAT(connect_websocket("wamp.2.json, wamp.2.json.batched")->received(),
              HasSubstr("Sec-WebSocket-Protocol: wamp.2.json\r\n"));
}

TEST_F(BatchedTest, EachMessageOfABatchIsTaken) {
  const auto client = connect_websocket("wamp.2.json.batched");
  client->take_received();
  const auto subscribe = R"([32,1,{},"com.a"])"s;
  const auto heard =
      say(*client, masked_frame(Opcode::text, hello_batch + subscribe + '\x1e' + subscribe + '\x1e'));
  EXPECT_THAT(heard, HasSubstr("[2,42,{"));
  EXPECT_THAT(heard, EndsWith("\x1e"));
  EXPECT_THAT(lobby.taken, ElementsAre(Code::subscribe, Code::subscribe));
  EXPECT_EQ(node.counters().messages_in, 3u);
}

TEST_F(BatchedTest, BinaryFormatsHaveALengthBeforeEachMessage) {
  const auto client = connect_websocket("wamp.2.msgpack.batched");
  client->take_received();
  // [1, "r", {"roles": {"caller": {}}}]
  const auto msgpack =
      "\x93\x01\xa1r\x81\xa5roles\x81\xa6"
      "caller\x80"s;
  const auto heard =
      say(*client, masked_frame(Opcode::binary, "\0\0\0"s + static_cast<char>(msgpack.size()) + msgpack));
  // A frame whose length takes two bytes, then one message to its end.
  ASSERT_GT(heard.size(), 8u);
  EXPECT_THAT(heard, StartsWith("\x82\x7e"));
  EXPECT_EQ(read_big_endian(as_bytes(heard).subspan(4, 4)), heard.size() - 8);
  EXPECT_EQ(heard.substr(8, 3), "\x93\x02\x2a");
}

TEST_F(BatchedTest, TheSeparatorThatTheClientUsedIsAnsweredWith) {
  const auto draft = connect_websocket("wamp.2.json.batched"),
             autobahn = connect_websocket("wamp.2.json.batched");
  draft->take_received(), autobahn->take_received();
  EXPECT_THAT(say(*draft, masked_frame(Opcode::text, hello + '\x1e')), EndsWith("\x1e"));
  EXPECT_THAT(say(*autobahn, masked_frame(Opcode::text, hello + '\x18')), EndsWith("\x18"));
}

TEST_F(BatchedTest, AutobahnPythonIsAnsweredInItsWayBeforeItHasSentASeparator) {
  const auto client =
      connect_websocket("wamp.2.json.batched", "/ws", "User-Agent: AutobahnPython/22.7.1\r\n");
  client->take_received();
  EXPECT_THAT(say(*client, masked_frame(Opcode::binary, hello)), HasSubstr("protocol_violation\"]\x18"));
}

TEST_F(BatchedTest, WhatATurnHasForAClientIsOneBatch) {
  const auto client = join();
  publish("[1]", {lobby.peer});
  lobby.peer->send(CallResult{RequestId{7}, false, {}, {}});
  publish("[2]", {lobby.peer});
  world.run_until_idle();
  EXPECT_EQ(client->take_received(),
            websocket::plain_frame(Opcode::text, event("[1]") + "\x1e[50,7,{}]\x1e" + event("[2]") + "\x1e"));
  EXPECT_EQ(node.counters().events_out, 2u);
}

TEST_F(BatchedTest, AnEventAloneIsABatchOfOneThatAllShare) {
  const auto first = join();
  auto* const first_peer = lobby.peer;
  const auto second = join();
  publish("[1]", {first_peer, lobby.peer});
  world.run_until_idle();
  for (const auto* client: {first.get(), second.get()}) {
    EXPECT_EQ(client->received(), websocket::plain_frame(Opcode::text, event("[1]") + '\x1e'));
  }
}

TEST_F(BatchedTest, ClientsOfBothSeparatorsGetTheirOwn) {
  const auto draft = join();
  auto* const draft_peer = lobby.peer;
  const auto autobahn = join("", '\x18');
  publish("[1]", {draft_peer, lobby.peer});
  world.run_until_idle();
  EXPECT_EQ(draft->received(), websocket::plain_frame(Opcode::text, event("[1]") + '\x1e'));
  EXPECT_EQ(autobahn->received(), websocket::plain_frame(Opcode::text, event("[1]") + '\x18'));
}

TEST_F(BatchedTest, ABatchGrowsNoLongerThanItsBound) {
  const auto client = join();
  const auto args = "[\"" + std::string(settings.transports.batch_bytes_max / 2, 'x') + "\"]";
  for (int i = 0; i < 3; ++i) publish(args, {lobby.peer});
  world.run_until_idle();
  const auto frame = websocket::plain_frame(Opcode::text, event(args) + '\x1e');
  EXPECT_EQ(client->received(), frame + frame + frame);
}

TEST_F(BatchedTest, AnAbortLeavesBeforeTheConnectionCloses) {
  const auto client = join();
  const auto heard = say(*client, masked_frame(Opcode::text, "[99]\x1e" + hello_batch));
  EXPECT_THAT(heard, HasSubstr("wamp.error.protocol_violation\"]\x1e"));
  EXPECT_THAT(heard, HasSubstr("\x03\xea"s)) << "close code 1002";
  EXPECT_EQ(node.counters().violations, 1u);
}

TEST_F(BatchedTest, ABatchThatIsNoneEndsTheSession) {
  for (const auto& batch: {""s, "\x1e"s, hello, R"([32,1,{},"com.a"])"s + "\x1e\x1e"}) {
    SCOPED_TRACE(batch);
    const auto client = join();
    EXPECT_THAT(say(*client, masked_frame(Opcode::text, batch)), HasSubstr("a batch "))
        << "or a message of a batch";
    EXPECT_EQ(lobby.left, lobby.entered);
  }
}

TEST_F(BatchedTest, MoreMessagesThanABatchMayHoldEndTheSession) {
  const auto client = join();
  std::string batch;
  for (std::size_t i = 0; i < settings.transports.batch_messages_max + 1; ++i) batch += "[32,1,{},\"a\"]\x1e";
  EXPECT_THAT(say(*client, masked_frame(Opcode::text, batch)),
              HasSubstr("more messages than this router takes"));
  EXPECT_EQ(lobby.taken.size(), settings.transports.batch_messages_max);
}

TEST_F(BatchedTest, WhatFollowsAMessageThatWaitsForTheGateWaitsBehindIt) {
  const auto client = join();
  const auto call = R"([48,1,{},"p"])"s, publish = R"([16,2,{},"t"])"s;
  lobby.decides_later = true;
  say(*client, masked_frame(Opcode::text, call + '\x1e' + publish + '\x1e'));
  EXPECT_THAT(lobby.taken, ElementsAre(Code::call));
  const auto read = node.counters().messages_in;
  say(*client, masked_frame(Opcode::text, "[32,3,{},\"t\"]\x1e"));
  EXPECT_EQ(node.counters().messages_in, read) << "nothing more is read";

  lobby.decides_later = false;
  lobby.control->on_decided({world.loop().now(), world.loop().wall_now()});
  world.run_until_idle();

  EXPECT_THAT(lobby.taken, ElementsAre(Code::call, Code::call, Code::publish, Code::subscribe));
}

TEST_F(BatchedTest, AClientThatDoesNotReadIsClosedAtTheBound) {
  const auto client = join();
  client->stop_reading();
  const std::string args = "[\"" + std::string(100'000, 'x') + "\"]";
  for (int i = 0; i < 200; ++i) {
    publish(args, {lobby.peer});
    world.run_until_idle();
  }
  EXPECT_EQ(lobby.left, 1);
  EXPECT_EQ(node.counters().closed_too_slow, 1u);
}

TEST_F(BatchedTest, ABoundReachedWithinOneTurnCountsToo) {
  const auto client = join();
  const std::string args = "[\"" + std::string(1'000'000, 'x') + "\"]";
  for (int i = 0; i < 10; ++i) {
    lobby.peer->send(CallResult{RequestId{1}, false, {}, {data::Format::json, as_bytes(args), {}}});
  }
  world.run_until_idle();
  EXPECT_EQ(lobby.left, 1);
  EXPECT_EQ(node.counters().closed_too_slow, 1u);
}

}  // namespace
}  // namespace crosspoint::wamp
