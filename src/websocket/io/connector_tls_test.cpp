// wss, and the way through a proxy: what lies between the connection and the request for an upgrade.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "testing/certificates.h"
#include "testing/faulty_stream.h"
#include "testing/recording_server.h"
#include "testing/tls_network.h"
#include "testing/world.h"
#include "websocket/io/connector.h"
#include "websocket/io/socket.h"
#include "websocket/io/test_socket.h"
#include "websocket/test_frames.h"

namespace crosspoint::websocket {
namespace {

using crosspoint::testing::Fault;
using crosspoint::testing::FaultyStream;
using crosspoint::testing::RecordingEnd;
using crosspoint::testing::RecordingServer;
using crosspoint::testing::test_authority;
using crosspoint::testing::test_identity;
using crosspoint::testing::TlsNetwork;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Cause = ConnectError::Cause;

constexpr std::string_view proxy_text = "http://user:secret@proxy.example.org:3128";

class ConnectorTlsTest : public ::testing::Test {
 protected:
  static net::Endpoint at(std::string host, std::uint16_t port) {
    return {.kind = net::Endpoint::Kind::tcp, .host = std::move(host), .port = port, .path = {}};
  }
  void listen(const net::Endpoint& endpoint, net::Network& network) {
    const net::Network::ListenPoint point{&world.loop(), &server};
    listeners.push_back(std::move(network.listen(endpoint, {}, std::span(&point, 1))->front()));
  }
  ConnectRequest request(std::string_view url = "wss://localhost:9000/in/video?code=secret") {
    ConnectRequest what{.url = *http::parse_url(url)};
    what.tls = client_tls.get();
    return what;
  }
  ConnectRequest through_proxy(std::string_view url = "ws://relay.example.org/in/video?code=secret",
                               std::string_view proxy = proxy_text) {
    auto what = request(url);
    what.proxy = *http::parse_proxy(proxy);
    return what;
  }
  void connect(ConnectRequest what) {
    result.reset();
    connector = std::make_unique<Connector>(world.loop(), world.network(), random, std::move(what),
                                            [this](auto the_result) { result = std::move(the_result); });
    world.run_until_idle();
  }
  RecordingEnd& end() { return *server.connections.back(); }
  void say(std::string_view text) {
    ASSERT_EQ(end().stream->write_some(as_bytes(text)), text.size());
    world.run_until_idle();
  }
  // Answers the request for an upgrade that has come.
  void answer(std::string_view early = {}) {
    const std::string_view name = "Sec-WebSocket-Key: ";
    const auto where = end().received.find(name);
    ASSERT_NE(where, std::string::npos) << end().received;
    say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
        "Upgrade\r\nSec-WebSocket-Accept: " +
        accept_value(end().received.substr(where + name.size(), 24)) + "\r\n\r\n" + std::string(early));
  }
  // A proxy connects: from here on the connection is the relay's, which speaks TLS.
  void become_a_tls_server() {
    ASSERT_TRUE(end().stream->write_some(as_bytes("HTTP/1.1 200 OK\r\n\r\n")));
    auto stream = server_tls->accept(world.loop(), std::move(end().stream));
    server.connections.push_back(std::make_unique<RecordingEnd>(std::move(stream)));
    end().start();
    world.run_until_idle();
  }
  void expect_error(Cause cause, std::string_view sentence, int status = 0) {
    ASSERT_TRUE(result);
    ASSERT_FALSE(result->has_value());
    EXPECT_EQ(result->error().cause, cause);
    EXPECT_EQ(result->error().sentence, sentence);
    EXPECT_EQ(result->error().http_status, status);
    EXPECT_THAT(result->error().sentence, Not(HasSubstr("secret")));
  }

  crosspoint::testing::MemoryWorld world;
  SeededRandom random{1};
  std::unique_ptr<net::TlsContext> client_tls = *net::TlsContext::client(test_authority().certificate_pem());
  std::unique_ptr<net::TlsContext> server_tls =
      *net::TlsContext::server(test_authority().issue({.names = {"relay.example.org"}}));
  TlsNetwork tls_network{world.network(), test_identity(), test_authority().certificate_pem()};
  RecordingServer server;
  std::vector<std::unique_ptr<net::Listener>> listeners;
  std::optional<Result<Connected, ConnectError>> result;
  std::unique_ptr<Connector> connector;
};

TEST_F(ConnectorTlsTest, ASocketGoesOnWhereTheHandshakeEnded) {
  listen(at("localhost", 9000), tls_network);
  connect(request());
  EXPECT_THAT(end().received, StartsWith("GET /in/video?code=secret HTTP/1.1\r\nHost: localhost:9000\r\n"));
  answer(plain_frame(Opcode::text, "one") + plain_frame(Opcode::text, "two").substr(0, 3));
  ASSERT_TRUE(result && *result);
  Recorder recorder;
  const SocketLimits limits;
  Socket socket(world.loop(), std::move((*result)->stream), Role::client, limits, random, recorder);
  socket.start({}, std::move((*result)->early_bytes));
  world.run_until_idle();

  say(plain_frame(Opcode::text, "two").substr(3));
  end().received.clear();
  socket.send(MessageType::text, as_bytes("three"));
  world.run_until_idle();

  EXPECT_EQ(recorder.messages, (std::vector<Heard::One>{{Opcode::text, "one"}, {Opcode::text, "two"}}));
  EXPECT_EQ(end().received.size(), 2u + 4u + 5u);
}

TEST_F(ConnectorTlsTest, B12_ReadsAHandshakeThatComesByteByByte) {
  world.network().set_link_settings({.segment_bytes_max = 1, .write_bytes_max = 7});
  listen(at("localhost", 9000), tls_network);
  connect(request());
  answer();
  EXPECT_TRUE(result && *result);
}

TEST_F(ConnectorTlsTest, WithoutAContextWssIsNotTried) {
  listen(at("localhost", 9000), tls_network);
  auto what = request();
  what.tls = nullptr;
  connect(std::move(what));
  expect_error(Cause::tls_unavailable, "localhost:9000 needs TLS, which this connection cannot do");
  EXPECT_EQ(server.connections.size(), 0u);
}

TEST_F(ConnectorTlsTest, H4_ACertificateThatIsNotTrustedEndsItBeforeAnythingIsAsked) {
  listen(at("localhost", 9000), tls_network);
  const crosspoint::testing::CertificateAuthority stranger("Another Authority");
  const auto trusting_another = *net::TlsContext::client(stranger.certificate_pem());
  auto what = request();
  what.tls = trusting_another.get();
  connect(std::move(what));
  expect_error(Cause::tls, "the certificate of localhost is signed by nobody this machine trusts");
  EXPECT_EQ(end().received, "");
}

TEST_F(ConnectorTlsTest, H4_AServerThatSpeaksPlainHttpIsNamed) {
  listen(at("localhost", 9000), world.network());
  connect(request());
  say("HTTP/1.1 400 Bad Request\r\n\r\n");
  expect_error(Cause::tls, "localhost does not speak TLS; is the port right?");
}

TEST_F(ConnectorTlsTest, H1_AHandshakeThatTakesTooLongIsGivenUp) {
  listen(at("localhost", 9000), world.network());
  connect(request());
  world.advance(9s);
  EXPECT_FALSE(result);
  world.advance(1s);
  expect_error(Cause::timed_out, "localhost:9000 did not finish the TLS handshake in time");
}

TEST_F(ConnectorTlsTest, TheLimitIsForHandshakeAndAnswerTogether) {
  listen(at("localhost", 9000), tls_network);
  connect(request());
  world.advance(10s);
  expect_error(Cause::timed_out, "localhost:9000 did not answer in time");
}

TEST_F(ConnectorTlsTest, AnAnswerThatIsCutOffIsAnError) {
  listen(at("localhost", 9000), tls_network);
  connect(request());
  say("HTTP/1.1 101 Switching Proto");
  world.network().newest_link()->cut();
  world.run_until_idle();
  expect_error(Cause::network, "localhost:9000: the connection was reset");
}

TEST_F(ConnectorTlsTest, EveryFailureBelowEndsInOneResult) {
  listen(at("localhost", 9000), tls_network);
  for (std::size_t n = 0;; ++n) {
    SCOPED_TRACE(n);
    const auto fault = std::make_shared<Fault>(n);
    world.network().wrap_streams(
        [&](auto stream) { return std::make_unique<FaultyStream>(std::move(stream), fault); });
    server.connections.clear();
    connect(request());
    if (!server.connections.empty() && end().received.find("\r\n\r\n") != std::string::npos) {
      const std::string_view name = "Sec-WebSocket-Key: ";
      const auto key = end().received.substr(end().received.find(name) + name.size(), 24);
      const auto text =
          "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
          accept_value(key) + "\r\n\r\n";
      (void)end().stream->write_some(as_bytes(text));
    }
    world.advance(10s);
    EXPECT_TRUE(result);
    connector.reset();
    if (!fault->struck()) break;
    ASSERT_LT(n, 100u);
  }
  EXPECT_TRUE(*result);
}

TEST_F(ConnectorTlsTest, MayBeGivenUpAtAnyStage) {
  listen(at("localhost", 9000), tls_network);
  for (int stage = 0; stage < 12; ++stage) {
    connector = std::make_unique<Connector>(world.loop(), world.network(), random, request(),
                                            [](auto) { FAIL() << "called after it was given up"; });
    for (int i = 0; i < stage; ++i) world.loop(0).turn();
    connector.reset();
    world.advance(20s);
  }
}

// Proxies
// -------------------------------------------------------------------------------------------------

TEST_F(ConnectorTlsTest, AProxyIsAskedToConnectAndThenTheRelay) {
  listen(at("proxy.example.org", 3128), world.network());
  connect(through_proxy());
  EXPECT_EQ(end().received,
            "CONNECT relay.example.org:80 HTTP/1.1\r\nHost: relay.example.org:80\r\n"
            "Proxy-Authorization: Basic " +
                encode_base64(Base64::standard, as_bytes("user:secret")) + "\r\n\r\n");

  end().received.clear();
  say("HTTP/1.1 200 Connection established\r\nContent-Length: 5\r\n\r\n");
  EXPECT_THAT(end().received,
              StartsWith("GET /in/video?code=secret HTTP/1.1\r\nHost: relay.example.org\r\n"));
  EXPECT_THAT(end().received, Not(HasSubstr("Proxy-Authorization")));

  answer(plain_frame(Opcode::text, "early"));
  ASSERT_TRUE(result && *result);
  EXPECT_EQ(to_string((*result)->early_bytes), plain_frame(Opcode::text, "early"));
}

TEST_F(ConnectorTlsTest, AProxyThatNeedsNoNameIsToldNone) {
  listen(at("proxy.example.org", 3128), world.network());
  connect(through_proxy("wss://[2001:db8::7]:8443/", "http://proxy.example.org:3128"));
  EXPECT_EQ(end().received, "CONNECT [2001:db8::7]:8443 HTTP/1.1\r\nHost: [2001:db8::7]:8443\r\n\r\n");
}

TEST_F(ConnectorTlsTest, WssGoesThroughAProxyWithTheRelaysOwnCertificate) {
  listen(at("proxy.example.org", 3128), world.network());
  connect(through_proxy("wss://relay.example.org/in/video"));
  EXPECT_THAT(end().received, StartsWith("CONNECT relay.example.org:443 HTTP/1.1\r\n"));
  become_a_tls_server();
  answer();
  EXPECT_TRUE(result && *result);
}

TEST_F(ConnectorTlsTest, AProxyMayBeReachedByTlsItself) {
  listen(at("localhost", 3128), tls_network);
  connect(through_proxy("wss://relay.example.org/in/video", "https://localhost:3128"));
  EXPECT_THAT(end().received, StartsWith("CONNECT relay.example.org:443 HTTP/1.1\r\n"));
  become_a_tls_server();
  answer();
  ASSERT_TRUE(result && *result);
}

TEST_F(ConnectorTlsTest, TheProxysCertificateIsNotTheRelays) {
  listen(at("localhost", 3128), tls_network);
  connect(through_proxy("wss://other.example.org/", "https://localhost:3128"));
  become_a_tls_server();
  expect_error(Cause::tls, "the certificate of other.example.org is for another name");
}

TEST_F(ConnectorTlsTest, AProxyThatIsNotWhoItShouldBeHearsNothing) {
  listen(at("proxy.example.org", 3128), tls_network);
  connect(through_proxy("ws://relay.example.org/", "https://user:secret@proxy.example.org:3128"));
  expect_error(Cause::tls, "the certificate of proxy.example.org is for another name");
  EXPECT_EQ(end().received, "");
}

TEST_F(ConnectorTlsTest, H4_WhateverAProxyAnswersInsteadIsAnErrorWithItsStatus) {
  listen(at("proxy.example.org", 3128), world.network());
  struct Row {
    std::string said;
    std::string sentence;
    int status;
  };
  const std::string proxy = "the proxy proxy.example.org:3128 ";
  const Row table[] = {
      {"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
       proxy + "answered 407 Proxy Authentication Required to CONNECT relay.example.org", 407},
      {"HTTP/1.1 403 Your secret\r\n\r\n", proxy + "answered 403 Forbidden to CONNECT relay.example.org",
       403},
      {"HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\n\r\n",
       proxy + "answered 302 Found to CONNECT relay.example.org", 302},
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
       proxy + "answered 101 Switching Protocols to CONNECT relay.example.org", 101},
      {"HTTP/1.1 200 OK\r\n\r\n<html>", proxy + "sent something that nobody asked for", 200},
      {"SSH-2.0-OpenSSH_9.2\r\n", proxy + "did not answer in HTTP", 0},
      {"HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x'), proxy + "did not answer in HTTP", 0},
  };
  for (const Row& row: table) {
    SCOPED_TRACE(row.sentence);
    connect(through_proxy());
    say(row.said);
    expect_error(Cause::proxy, row.sentence, row.status);
    EXPECT_THAT(end().received, Not(HasSubstr("GET"))) << "the relay's request is for the relay";
  }
}

TEST_F(ConnectorTlsTest, AProxyThatCannotBeReachedOrSaysNothingIsNamed) {
  connect(through_proxy("ws://relay.example.org/", "http://127.0.0.1:3128"));
  expect_error(
      Cause::network,
      "no way through the proxy: cannot connect to 127.0.0.1:3128: nobody listens there; is the other "
      "program running, and on this port?");

  listen(at("proxy.example.org", 3128), world.network());
  connect(through_proxy());
  world.advance(10s);
  expect_error(Cause::timed_out, "the proxy proxy.example.org:3128 did not answer in time");

  connect(through_proxy());
  end().stream->shutdown_write();
  world.run_until_idle();
  expect_error(Cause::network, "the proxy proxy.example.org:3128 closed the connection without an answer");
}

}  // namespace
}  // namespace crosspoint::websocket
