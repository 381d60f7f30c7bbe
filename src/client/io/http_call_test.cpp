// One request and its answer: over good connections, bad ones, TLS and proxies.
#include "client/io/http_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/io/test_access.h"
#include "testing/certificates.h"
#include "testing/faulty_stream.h"
#include "testing/recording_server.h"
#include "testing/tls_network.h"
#include "testing/world.h"

namespace crosspoint::client {
namespace {

using crosspoint::testing::Fate;
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
using Cause = HttpCallError::Cause;

class HttpCallTest : public ::testing::Test {
 protected:
  static net::Endpoint at(std::string host, std::uint16_t port) {
    return {.kind = net::Endpoint::Kind::tcp, .host = std::move(host), .port = port, .path = {}};
  }
  void listen(const net::Endpoint& endpoint, net::Network& network) {
    const net::Network::ListenPoint point{&world.loop(), &server};
    listeners.push_back(std::move(network.listen(endpoint, {}, std::span(&point, 1))->front()));
  }
  void listen() { listen(at("lab.test", 80), world.network()); }
  HttpQuestion question(std::string_view url = "http://lab.test/session/t1?x=secret") {
    HttpQuestion what{.url = *http::parse_url(url), .method = "POST", .fields = {}, .body = {}};
    what.fields.add("Authorization", "the-secret-token");
    what.tls = client_tls.get();
    return what;
  }
  void call(HttpQuestion what) {
    result.reset();
    the_call =
        std::make_unique<HttpCall>(world.loop(), world.network(), std::move(what), [this](auto answer) {
          ASSERT_FALSE(result) << "called twice";
          result = std::move(answer);
          the_call.reset();
        });
    world.run_until_idle();
  }
  RecordingEnd& end() { return *server.connections.back(); }
  void say(std::string_view text) {
    ASSERT_EQ(end().stream->write_some(as_bytes(text)), text.size());
    world.run_until_idle();
  }
  void expect_error(Cause cause, std::string_view sentence) {
    ASSERT_TRUE(result);
    ASSERT_FALSE(result->has_value()) << (*result)->head.status;
    EXPECT_EQ(result->error().cause, cause);
    EXPECT_EQ(result->error().sentence, sentence);
    EXPECT_THAT(result->error().sentence, Not(HasSubstr("secret")));
  }
  void expect_answer(int status, std::string_view body) {
    ASSERT_TRUE(result);
    ASSERT_TRUE(result->has_value()) << result->error().sentence;
    EXPECT_EQ((*result)->head.status, status);
    EXPECT_EQ((*result)->body, body);
  }

  crosspoint::testing::MemoryWorld world;
  std::unique_ptr<net::TlsContext> client_tls = *net::TlsContext::client(test_authority().certificate_pem());
  TlsNetwork tls_network{world.network(), test_identity(), test_authority().certificate_pem()};
  RecordingServer server;
  std::vector<std::unique_ptr<net::Listener>> listeners;
  std::optional<Result<HttpAnswer, HttpCallError>> result;
  std::unique_ptr<HttpCall> the_call;
};

TEST_F(HttpCallTest, AsksOnceAndGivesTheAnswer) {
  listen();
  call(question());
  EXPECT_EQ(end().received,
            "POST /session/t1?x=secret HTTP/1.1\r\nHost: lab.test\r\nAuthorization: the-secret-token\r\n"
            "Content-Length: 0\r\nConnection: close\r\n\r\n");
  say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
  expect_answer(200, "hello");
  EXPECT_EQ(end().ends, 1u);
}

TEST_F(HttpCallTest, SendsABodyAndAGetHasNoLength) {
  listen();
  auto what = question();
  what.body = "{}";
  call(std::move(what));
  EXPECT_THAT(end().received, HasSubstr("Content-Length: 2\r\nConnection: close\r\n\r\n{}"));
  what = question();
  what.method = "GET";
  call(std::move(what));
  EXPECT_THAT(end().received, Not(HasSubstr("Content-Length")));
}

TEST_F(HttpCallTest, TakesAnAnswerByteByByteInChunksOrUntilTheEnd) {
  world.network().set_link_settings({.segment_bytes_max = 1, .write_bytes_max = 7});
  listen();
  call(question());
  for (const std::string_view text:
       {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"}) {
    for (const char c: text) say(std::string_view(&c, 1));
  }
  expect_answer(200, "abcde");

  call(question());
  for (const char c: std::string_view("HTTP/1.1 401 No\r\n\r\nnot you")) say(std::string_view(&c, 1));
  EXPECT_FALSE(result);
  end().stream->shutdown_write();
  world.run_until_idle();
  expect_answer(401, "not you");
}

TEST_F(HttpCallTest, H4_ARedirectIsAnAnswerAndIsNotFollowed) {
  listen();
  listen(at("elsewhere", 80), world.network());
  call(question());
  say("HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n");
  expect_answer(302, "");
  world.advance(1min);
  EXPECT_EQ(server.connections.size(), 1u);
}

TEST_F(HttpCallTest, H4_AnAnswerIsBoundedToTheByte) {
  listen();
  auto what = question();
  what.answer_bytes_max = 10;
  call(what);
  say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789");
  expect_answer(200, "0123456789");
  call(what);
  say("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n0123456789a");
  expect_error(Cause::too_big, "lab.test answered more than 10 bytes");
}

TEST_F(HttpCallTest, WhatIsNoHttpIsAnError) {
  listen();
  for (const auto* text: {"SSH-2.0-OpenSSH\r\n", "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"}) {
    call(question());
    say(text);
    expect_error(Cause::not_http, "lab.test did not answer in HTTP");
  }
  call(question());
  say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
  expect_error(Cause::not_http, "lab.test switched protocols unasked");
}

TEST_F(HttpCallTest, AnEndInTheMiddleIsAnError) {
  listen();
  for (const auto* text: {"", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell"}) {
    call(question());
    if (*text != '\0') say(text);
    end().stream->shutdown_write();
    world.run_until_idle();
    expect_error(Cause::network, "lab.test closed the connection without a whole answer");
  }
}

TEST_F(HttpCallTest, NobodyThereIsASentence) {
  call(question());
  ASSERT_TRUE(result && !*result);
  EXPECT_EQ(result->error().cause, Cause::network);
  listen();
  world.network().set_fate(at("lab.test", 80), Fate::refused);
  call(question());
  ASSERT_TRUE(result && !*result);
  EXPECT_EQ(result->error().cause, Cause::network);
  EXPECT_THAT(result->error().sentence, Not(HasSubstr("secret")));
}

TEST_F(HttpCallTest, EverythingTogetherHasALimitOfTime) {
  listen();
  call(question());
  say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 9; ++i) {
    world.advance(1s);
    say("1\r\nx\r\n");
  }
  world.advance(999ms);
  EXPECT_FALSE(result);
  world.advance(1ms);
  expect_error(Cause::timed_out, "lab.test did not answer in time");
}

TEST_F(HttpCallTest, WhatCannotBeSentIsNotSent) {
  listen();
  auto what = question();
  what.fields.add("X", "a\r\nInjected: secret");
  call(std::move(what));
  ASSERT_TRUE(result && !*result);
  EXPECT_EQ(result->error().cause, Cause::bad_request);
  EXPECT_EQ(server.connections.size(), 0u);
}

TEST_F(HttpCallTest, DestroyingItGivesUp) {
  listen();
  call(question());
  the_call.reset();
  world.run_until_idle();
  world.advance(1min);
  EXPECT_FALSE(result);
  EXPECT_EQ(end().ends + end().failures, 1u);
}

TEST_F(HttpCallTest, SpeaksTlsAndChecksWhoAnswers) {
  listen(at("localhost", 443), tls_network);
  call(question("https://localhost/status"));
  EXPECT_THAT(end().received, StartsWith("POST /status HTTP/1.1\r\nHost: localhost\r\n"));
  say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  expect_answer(200, "ok");

  listen(at("lab.test", 443), tls_network);
  call(question("https://lab.test/status"));
  ASSERT_TRUE(result && !*result);
  EXPECT_EQ(result->error().cause, Cause::tls);
  EXPECT_THAT(result->error().sentence, HasSubstr("lab.test"));
  EXPECT_EQ(end().received, "");
}

TEST_F(HttpCallTest, WithoutAContextHttpsIsNotTried) {
  auto what = question("https://localhost/status");
  what.tls = nullptr;
  call(std::move(what));
  expect_error(Cause::tls_unavailable, "localhost needs TLS, which this connection cannot do");
}

TEST_F(HttpCallTest, AProxyIsToldTheWholeAddressOfAnHttpOne) {
  listen(at("proxy.test", 3128), world.network());
  auto what = question("http://lab.test:8080/status?a=b");
  what.method = "GET";
  what.proxy = *http::parse_proxy("http://me:pw@proxy.test:3128");
  call(std::move(what));
  EXPECT_EQ(end().received,
            "GET http://lab.test:8080/status?a=b HTTP/1.1\r\nHost: lab.test:8080\r\nAuthorization: "
            "the-secret-token\r\nConnection: close\r\nProxy-Authorization: Basic bWU6cHc=\r\n\r\n");
  say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  expect_answer(200, "ok");
}

TEST_F(HttpCallTest, H4_ATunnellingProxyNeverSeesTheToken) {
  listen(at("proxy.test", 3128), world.network());
  auto what = question("https://localhost/status");
  what.proxy = *http::parse_proxy("http://me:pw@proxy.test:3128");
  call(what);
  EXPECT_EQ(end().received,
            "CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\nProxy-Authorization: Basic "
            "bWU6cHc=\r\n\r\n");
  say("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
  expect_error(Cause::proxy,
               "the proxy proxy.test:3128 answered 407 Proxy Authentication Required to "
               "CONNECT localhost");

  const auto server_tls = *net::TlsContext::server(test_identity());
  call(what);
  ASSERT_TRUE(end().stream->write_some(as_bytes("HTTP/1.1 200 OK\r\n\r\n")));
  auto stream = server_tls->accept(world.loop(), std::move(end().stream));
  server.connections.push_back(std::make_unique<RecordingEnd>(std::move(stream)));
  end().start();
  world.run_until_idle();
  EXPECT_THAT(end().received, StartsWith("POST /status HTTP/1.1\r\nHost: localhost\r\nAuthorization: "));
  EXPECT_THAT(end().received, Not(HasSubstr("bWU6cHc=")));
  say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  expect_answer(200, "ok");
}

TEST_F(HttpCallTest, WhateverOperationFailsTheCallEndsOnce) {
  TestAccess access(world, "lab.test");
  for (std::size_t n = 0; n < 100; ++n) {
    SCOPED_TRACE(n);
    const auto fault = std::make_shared<Fault>(n);
    world.network().wrap_streams(
        [&](auto stream) { return std::make_unique<FaultyStream>(std::move(stream), fault); });
    call(question());
    world.advance(10s);
    ASSERT_TRUE(result);
    if (!fault->struck())
      return expect_answer(200, "{\"uri\":\"ws://relay.test/session/t1?code=c0de-" +
                                    std::to_string(access.requests.size()) + "\"}\n");
    if (!*result) {
      EXPECT_NE(result->error().sentence, "");
    }
  }
  FAIL() << "it never passed untouched";
}

}  // namespace
}  // namespace crosspoint::client
