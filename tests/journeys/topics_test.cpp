// What the open relay promises, by the numbers of its specification's checks, in memory and on loopback.

#include <gtest/gtest.h>

#include "product.h"

namespace crosspoint::journeys {
namespace {

class TopicJourney : public Journey {};
INSTANTIATE_TEST_SUITE_P(Topics, TopicJourney, everywhere, name_of);

using Messages = std::vector<Received>;

TEST_P(TopicJourney, F5_EverybodyElseOnTheTopicGetsWhatOneSays) {
  Product product(table());
  const auto x = product.open("/expt");
  const auto y = product.open("/expt");
  const auto z = product.open("/expt");

  x->send("hi");
  product.until([&] { return !y->messages.empty() && !z->messages.empty(); });

  EXPECT_EQ(y->messages, Messages{text("hi")});
  EXPECT_EQ(z->messages, Messages{text("hi")});
  EXPECT_EQ(x->messages, Messages{});
}

TEST_P(TopicJourney, F6_F7_F12_TopicsAreComparedExactlyAfterDecoding) {
  Product product(table());
  const auto slash = product.open("/foo/");
  const auto plain = product.open("/foo?a=1");
  const auto upper = product.open("/Foo");
  const auto nested = product.open("/foo/bar");
  const auto encoded = product.open("/foo%2Fbar?b=2");

  slash->send("one");
  nested->send("two");
  product.until([&] { return !plain->messages.empty() && !encoded->messages.empty(); });

  EXPECT_EQ(plain->messages, Messages{text("one")});
  EXPECT_EQ(encoded->messages, Messages{text("two")});
  EXPECT_EQ(upper->messages, Messages{});
}

TEST_P(TopicJourney, F8_F9_F10_SendersSendReceiversListen) {
  Product product(table());
  const auto sender = product.open("/in/demo");
  const auto other_sender = product.open("/in/demo");
  const auto viewer = product.open("/out/demo");
  const auto other_viewer = product.open("/out/demo");

  viewer->send("receivers are not heard");
  sender->send_binary(as_bytes(std::string_view("\x00\xff", 2)));
  product.until([&] { return !viewer->messages.empty() && !other_sender->messages.empty(); });

  EXPECT_EQ(viewer->messages, Messages{binary(std::string("\x00\xff", 2))});
  EXPECT_EQ(other_sender->messages, Messages{binary(std::string("\x00\xff", 2))});
  EXPECT_EQ(sender->messages, Messages{});
  EXPECT_TRUE(viewer->open());
}

TEST_P(TopicJourney, InMayBeMadeToOnlySend) {
  relay::NodeSettings settings;
  settings.relay.in_strictly_sends = true;
  Product product(table(), settings);
  const auto sender = product.open("/in/demo");
  const auto other_sender = product.open("/in/demo");
  const auto viewer = product.open("/out/demo");

  sender->send("hi");
  product.until([&] { return !viewer->messages.empty(); });

  EXPECT_EQ(viewer->messages, Messages{text("hi")});
  EXPECT_EQ(other_sender->messages, Messages{});
}

TEST_P(TopicJourney, F11_BareInAndOutAreOrdinaryTopics) {
  Product product(table());
  const auto x = product.open("/in/");
  const auto y = product.open("/in");
  const auto out = product.open("/out/");

  x->send("there");
  y->send("back");
  product.until([&] { return !x->messages.empty() && !y->messages.empty(); });

  EXPECT_EQ(y->messages, Messages{text("there")});
  EXPECT_EQ(x->messages, Messages{text("back")});
  EXPECT_EQ(out->messages, Messages{});
}

TEST_P(TopicJourney, F13_TheSubprotocolNullIsGivenBackWhenOffered) {
  Product product(table());
  EXPECT_EQ(product.open("/x", {.subprotocols = {"null"}})->subprotocol, "null");
  EXPECT_EQ(product.open("/x", {.subprotocols = {"foo", "null"}})->subprotocol, "null");
  EXPECT_EQ(product.open("/x")->subprotocol, "");
}

TEST_P(TopicJourney, F17_TheLargestMessageIsDeliveredAndOneByteMoreCloses1009) {
  Product product(table());
  const auto viewer = product.open("/out/big");
  const auto sender = product.open("/in/big");
  const std::string largest(10 * 1024 * 1024, 'x');

  sender->send_binary(as_bytes(largest));
  product.until([&] { return !viewer->messages.empty(); }, 60s);
  ASSERT_EQ(viewer->messages.size(), 1u);
  EXPECT_EQ(viewer->messages[0].payload, largest);

  sender->send_binary(as_bytes(largest + "x"));
  product.until([&] { return sender->closed.has_value(); }, 60s);
  ASSERT_TRUE(sender->closed);
  EXPECT_EQ(sender->closed->code, websocket::CloseCode::message_too_big);
  EXPECT_EQ(viewer->messages.size(), 1u);
  EXPECT_TRUE(viewer->open());
}

TEST_P(TopicJourney, F22_F23_E4_QuickMessagesArriveWholeInOrderAndOfTheirOwnType) {
  Product product(table());
  const auto reader = product.open("/out/quick");
  const auto sender = product.open("/in/quick");

  Messages expected;
  for (int i = 0; i < 1000; ++i) {
    const auto payload = "{\"n\":" + std::to_string(i) + "}";
    expected.push_back(i % 2 == 0 ? text(payload) : binary(payload));
    sender->send(payload, expected.back().type);
  }
  product.until([&] { return reader->messages.size() == 1000; });

  EXPECT_EQ(reader->messages, expected);
}

TEST_P(TopicJourney, F33_J2_StoppingSaysGoodbyeToEverybody) {
  Product product(table());
  std::vector<std::unique_ptr<WebClient>> clients;
  for (int i = 0; i < 10; ++i) clients.push_back(product.open("/t" + std::to_string(i % 3)));
  const auto stats = product.open("/ws");

  product.stop_node();
  product.until([&] { return stats->closed.has_value(); });

  for (const auto& client: clients) {
    ASSERT_TRUE(client->closed);
    EXPECT_EQ(client->closed->code, websocket::CloseCode::going_away);
  }
  EXPECT_EQ(stats->closed->code, websocket::CloseCode::going_away);
}

TEST_P(TopicJourney, A6_AForeignOriginIsRefusedWhenAListIsGiven) {
  relay::NodeSettings settings;
  settings.relay.allow_origins = {"https://lab.example.org"};
  Product product(table(), settings);
  WebClient::Options foreign;
  foreign.fields.add("Origin", "https://evil.example");
  WebClient::Options ours;
  ours.fields.add("Origin", "https://lab.example.org");

  const auto refused = product.open("/x", std::move(foreign));
  const auto welcome = product.open("/x", std::move(ours));

  ASSERT_TRUE(refused->refused);
  EXPECT_EQ(refused->refused->http_status, 403);
  EXPECT_TRUE(welcome->open());
}

// One turn apart or in the same one, on one loop or several: the messages are the same.
class LoopsJourney : public ::testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Loops, LoopsJourney, ::testing::Values(1, 2, 3));

TEST_P(LoopsJourney, ATopicWithManyReceiversSpillsOverAllLoopsAndLosesNothing) {
  testing::MemoryWorld world;
  relay::NodeSettings settings;
  settings.relay.spill_receivers_min = 4;
  Product product(world, settings, GetParam());
  std::vector<std::unique_ptr<WebClient>> viewers;
  for (int i = 0; i < 30; ++i) viewers.push_back(product.open("/out/many"));
  const auto sender = product.open("/in/many");

  Messages expected;
  for (int i = 0; i < 50; ++i) {
    expected.push_back(text("message " + std::to_string(i)));
    sender->send(expected.back().payload);
    if (i % 7 == 0) world.run_until_idle();
  }
  world.run_until_idle();

  for (const auto& viewer: viewers) EXPECT_EQ(viewer->messages, expected);
  if (GetParam() > 1) {
    for (std::size_t loop = 0; loop < GetParam(); ++loop)
      EXPECT_GT(product.gateway(loop).sessions(), 0u) << loop;
  }

  viewers.clear();
  world.advance(70s);
  const auto late = product.open("/out/many");
  sender->send("still here");
  world.run_until_idle();
  EXPECT_EQ(late->messages, Messages{text("still here")});
}

}  // namespace
}  // namespace crosspoint::journeys
