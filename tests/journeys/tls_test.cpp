// A picture's way over wss: the host knows whom to trust, the node shows a certificate.

#include <gtest/gtest.h>

#include "media/test_stream.h"
#include "product.h"
#include "testing/certificates.h"
#include "testing/raw_client.h"
#include "testing/tls_network.h"

namespace crosspoint::journeys {
namespace {

// The node and its viewers speak TLS, the host's own door does not.
class TlsJourney : public ::testing::TestWithParam<Where> {
 protected:
  void SetUp() override {
    relay::NodeSettings settings;
    settings.relay.echo = true;
    product.emplace(world, settings);
  }
  void TearDown() override {
    bool stopped = false;
    host->stop([&] { stopped = true; });
    plain().run_until([&] { return stopped; });
    host.reset();
    product.reset();
  }
  testing::World& plain() { return world.below(); }

  void start_host(const net::TlsContext& tls) {
    host::HostSettings settings;
    settings.listen = {.host = "127.0.0.1", .port = 0};
    settings.agent.destination.tls = &tls;
    host = std::make_unique<host::Host>(world.loop(), plain().network(), world.files(), random,
                                        std::move(settings));
    ASSERT_TRUE(host->start());
  }
  void send(const std::string& feed, const std::string& path) {
    ASSERT_TRUE(host->agent().set(host::DestinationRule{
        .id = "0", .stream = feed, .destination = "wss://" + net::to_string(product->node()) + path}));
  }
  bool connected() {
    return plain().run_until([&] { return host->status().destinations.at(0).state == "connected"; });
  }

  testing::TlsWorld world{GetParam() == Where::memory
                              ? std::unique_ptr<testing::World>(std::make_unique<testing::MemoryWorld>())
                              : std::make_unique<testing::SystemWorld>()};
  SeededRandom random{12};
  std::unique_ptr<net::TlsContext> trusting =
      *net::TlsContext::client(testing::test_authority().certificate_pem());
  std::unique_ptr<net::TlsContext> trusting_the_system = *net::TlsContext::client();
  std::optional<Product> product;
  std::unique_ptr<host::Host> host;
};
INSTANTIATE_TEST_SUITE_P(Tls, TlsJourney, ::testing::Values(Where::memory, Where::loopback), name_of);

TEST_P(TlsJourney, APictureArrivesByteForByte) {
  start_host(*trusting);
  send("front", "/in/front");
  ASSERT_TRUE(connected()) << host->status().destinations.at(0).last_error;
  const auto viewer = product->open("/out/front");
  testing::RawClient camera(world.loop(), plain().network(), host->endpoint());
  camera.send("POST /ts/front HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  media::TestStream stream;
  std::string posted;

  for (std::uint64_t i = 0; i < 30; ++i) {
    if (i % 12 == 0) stream.tables();
    i % 12 == 0 ? stream.key_frame(90'000 + 3600 * i, 40'000) : stream.other_frame(90'000 + 3600 * i, 900);
    const auto picture = to_string(stream.take());
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", picture.size());
    camera.send(size + picture + "\r\n");
    posted += picture;
    product->until([&] { return viewer->bytes().size() == posted.size(); });
  }

  EXPECT_TRUE(viewer->bytes() == posted);
}

TEST_P(TlsJourney, WhatTheRelaySendsComesBack) {
  start_host(*trusting);
  send("data", "/echo");
  ASSERT_TRUE(connected()) << host->status().destinations.at(0).last_error;
  WebClient program(plain(), host->endpoint(), "/ws/data");
  ASSERT_TRUE(plain().run_until([&] { return program.open(); }));

  const std::string large(200'000, 'x');
  program.send("hello");
  program.send(large);

  EXPECT_TRUE(plain().run_until([&] { return program.messages.size() == 2; }));
  EXPECT_EQ(program.messages.at(0), text("hello"));
  EXPECT_TRUE(program.messages.at(1) == text(large));
}

TEST_P(TlsJourney, ARelayThatNobodyVouchesForGetsNothingAndTheStatusSaysWhy) {
  start_host(*trusting_the_system);
  send("front", "/in/front");

  EXPECT_TRUE(plain().run_until([&] { return host->status().destinations.at(0).attempts > 1; }));

  EXPECT_EQ(host->status().destinations.at(0).last_error,
            "the certificate of 127.0.0.1 is signed by nobody this machine trusts");
  EXPECT_EQ(product->gateway().sessions(), 0u);
}

// The node's own TLS, as `crosspoint serve` has it
// -------------------------------------------------------------------------------------------------

TEST(NodeTls, J8_OtherCertificatesAreShownOnEveryLoopAndNobodyIsDropped) {
  testing::MemoryWorld world;
  Product product({world, Table::Node::tls}, {}, 3);
  const auto viewer = product.open("/out/front");
  const auto sender = product.open("/in/front");
  ASSERT_TRUE(viewer->open() && sender->open());

  const testing::CertificateAuthority stranger("Another Authority");
  product.relay().show(*net::TlsContext::server(stranger.issue()));
  world.run_until_idle();

  for (int i = 0; i < 6; ++i) {
    const auto later = product.open("/out/front");
    ASSERT_TRUE(later->refused);
    EXPECT_EQ(later->refused->cause, websocket::ConnectError::Cause::tls);
  }
  sender->send("still here");
  product.until([&] { return !viewer->messages.empty(); });
  EXPECT_EQ(viewer->messages, std::vector{text("still here")});

  product.relay().show(*net::TlsContext::server(testing::test_authority().issue()));
  world.run_until_idle();
  EXPECT_TRUE(product.open("/out/front")->open());
}

TEST(NodeTls, D7_AHandshakeHasTheTimeOfAHeadAndNoMore) {
  testing::MemoryWorld world;
  Product product({world, Table::Node::tls});
  const auto open = [&] { return product.relay().http_counters(0).open; };
  testing::RawClient slow(world.loop(), world.network(), product.node());
  testing::RawClient silent(world.loop(), world.network(), product.node());
  const std::string hello("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
  for (int second = 0; second < 4; ++second) {
    slow.send(hello.substr(static_cast<std::size_t>(second), 1));
    world.advance(1s);
  }
  world.advance(900ms);
  EXPECT_EQ(open(), 2u);
  world.advance(200ms);
  EXPECT_EQ(open(), 0u);
  EXPECT_EQ(slow.received() + silent.received(), "");
}

TEST(NodeTls, PlainHttpIsToldInPlainHttpWhatToDo) {
  testing::MemoryWorld world;
  Product product({world, Table::Node::tls});
  testing::RawClient client(world.loop(), world.network(), product.node());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  world.run_until_idle();

  const auto& answer = client.received();
  ASSERT_TRUE(answer.starts_with("HTTP/1.1 400 Bad Request\r\n")) << answer;
  const auto body = answer.substr(answer.find("\r\n\r\n") + 4);
  EXPECT_NE(body.find("https://"), std::string::npos);
  EXPECT_NE(answer.find("Content-Length: " + std::to_string(body.size()) + "\r\n"), std::string::npos);
  EXPECT_EQ(product.relay().http_counters(0).open, 0u);
}

}  // namespace
}  // namespace crosspoint::journeys
