// TLS over links in memory, where each end and what lies between can be made to do anything. That a TlsStream
// is a Stream like any other is shown by network_contract_test.cpp.

#include "net/tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "testing/certificates.h"
#include "testing/faulty_stream.h"
#include "testing/recording_server.h"
#include "testing/seed.h"
#include "testing/world.h"

namespace crosspoint::net {
namespace {

using crosspoint::testing::CertificateAuthority;
using crosspoint::testing::CertificateWish;
using crosspoint::testing::Fault;
using crosspoint::testing::FaultyStream;
using crosspoint::testing::Link;
using crosspoint::testing::MemoryWorld;
using crosspoint::testing::RecordingEnd;
using crosspoint::testing::RecordingServer;
using crosspoint::testing::test_authority;
using crosspoint::testing::test_identity;
using ::testing::HasSubstr;
using ::testing::Not;

std::unique_ptr<TlsContext> client_context(
    std::optional<std::string_view> authorities = test_authority().certificate_pem()) {
  auto made = TlsContext::client(authorities);
  EXPECT_TRUE(made) << made.error();
  return std::move(*made);
}

std::unique_ptr<TlsContext> server_context(const TlsIdentity& identity = test_identity()) {
  auto made = TlsContext::server(identity);
  EXPECT_TRUE(made) << made.error().what;
  return std::move(*made);
}

const TlsStream& tls_of(const RecordingEnd& end) { return dynamic_cast<const TlsStream&>(*end.stream); }

class TlsTest : public ::testing::Test {
 protected:
  // A link, and TLS on its client's end; the server's end has yet to be asked for.
  void connect(const TlsContext& context, std::string_view name = "localhost") {
    const Network::ListenPoint point{&world.loop(), &accepted};
    const Endpoint any_port{.kind = Endpoint::Kind::tcp, .host = "127.0.0.1", .port = 0, .path = {}};
    const auto listeners = *world.network().listen(any_port, {}, {&point, 1});
    const auto before = accepted.connections.size();
    std::unique_ptr<Stream> below;
    const auto connecting = world.network().connect(world.loop(), listeners.front()->endpoint(), {}, 5s,
                                                    [&](auto result) { below = std::move(*result); });
    world.run_until_idle();
    ASSERT_NE(below, nullptr);
    ASSERT_GT(accepted.connections.size(), before);
    below_server = std::move(accepted.connections.back()->stream);
    below_client = below.get();
    client = std::make_unique<RecordingEnd>(context.connect(world.loop(), std::move(below), name));
  }
  void accept(const TlsContext& context) {
    server = std::make_unique<RecordingEnd>(context.accept(world.loop(), std::move(below_server)));
    server->start();
  }
  // Both ends, shaking hands until nothing more happens.
  void shake_hands(const TlsContext& client_side, const TlsContext& server_side,
                   std::string_view name = "localhost") {
    connect(client_side, name);
    below_server_end = below_server.get();
    accept(server_side);
    client->start();
    world.run_until_idle();
  }
  void shake_hands() { shake_hands(*client_tls, *server_tls); }

  std::size_t write(RecordingEnd& end, std::string_view text) {
    const auto taken = end.stream->write_some(as_bytes(text));
    EXPECT_TRUE(taken);
    world.run_until_idle();
    return taken.value_or(0);
  }

  MemoryWorld world;
  std::unique_ptr<TlsContext> client_tls = client_context();
  std::unique_ptr<TlsContext> server_tls = server_context();
  RecordingServer accepted{false};
  std::unique_ptr<Stream> below_server;  // until it is accepted
  Stream* below_server_end = nullptr;    // under the server's TLS
  Stream* below_client = nullptr;        // under the client's
  std::unique_ptr<RecordingEnd> client;
  std::unique_ptr<RecordingEnd> server;
};

// Who the server is
// -------------------------------------------------------------------------------------------------

struct Judgement {
  std::string_view about;
  TlsIdentity identity;
  std::string_view peer_name;
  std::string_view sentence;  // empty: trusted
};

WallTime day(int year, unsigned month, unsigned number) {
  return std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) /
                               std::chrono::day(number));
}

// The clock of the loop says 2025-01-01.
TEST_F(TlsTest, OnlyACertificateThatIsRightInEveryWayIsTrusted) {
  const auto& authority = test_authority();
  const auto below = authority.issue_authority();
  const CertificateAuthority stranger("Another Authority");
  const CertificateAuthority impostor;
  const auto relay = [](auto change) {
    CertificateWish wish{.names = {"relay.example.org"}, .addresses = {"192.0.2.7", "2001:db8::7"}};
    change(wish);
    return wish;
  };
  const auto as_it_is = relay([](auto&) {});
  auto without_chain = below.issue(as_it_is);
  without_chain.certificates_pem.resize(without_chain.certificates_pem.find("-----END CERTIFICATE-----") +
                                        26);

  const Judgement table[] = {
      {"right", authority.issue(as_it_is), "relay.example.org", ""},
      {"right, by an authority below", below.issue(as_it_is), "relay.example.org", ""},
      {"capital letters", authority.issue(as_it_is), "Relay.Example.ORG", ""},
      {"a dot behind", authority.issue(as_it_is), "relay.example.org.", ""},
      {"an IPv4 address", authority.issue(as_it_is), "192.0.2.7", ""},
      {"an IPv6 address", authority.issue(as_it_is), "2001:db8:0::7", ""},
      {"an IPv6 address with a zone", authority.issue(as_it_is), "2001:db8::7%eth0", ""},
      {"a wildcard", authority.issue(relay([](auto& wish) { wish.names = {"*.example.org"}; })),
       "relay.example.org", ""},

      {"expired", authority.issue(relay([](auto& wish) { wish.valid_until = day(2024, 12, 31); })),
       "relay.example.org", "the certificate of relay.example.org has expired"},
      {"not valid yet", authority.issue(relay([](auto& wish) { wish.valid_from = day(2025, 1, 2); })),
       "relay.example.org",
       "the certificate of relay.example.org is not valid yet; is the clock of this machine right?"},
      {"another name", authority.issue(as_it_is), "other.example.org",
       "the certificate of other.example.org is for another name"},
      {"a name below", authority.issue(as_it_is), "a.relay.example.org",
       "the certificate of a.relay.example.org is for another name"},
      {"a wildcard two levels up", authority.issue(relay([](auto& wish) { wish.names = {"*.org"}; })),
       "relay.example.org", "the certificate of relay.example.org is for another name"},
      {"a wildcard in a label", authority.issue(relay([](auto& wish) { wish.names = {"re*.example.org"}; })),
       "relay.example.org", "the certificate of relay.example.org is for another name"},
      {"a name in the subject alone", authority.issue(relay([](auto& wish) { wish.names = {}; })),
       "Test Server", "the certificate of Test Server is for another name"},
      {"another address", authority.issue(as_it_is), "192.0.2.8",
       "the certificate of 192.0.2.8 is not for this address"},
      {"an address where a name is meant", authority.issue(relay([](auto& wish) {
         wish.names = {"192.0.2.9"};
         wish.addresses = {};
       })),
       "192.0.2.9", "the certificate of 192.0.2.9 is not for this address"},
      {"signed by itself", crosspoint::testing::self_signed(as_it_is), "relay.example.org",
       "the certificate of relay.example.org is signed by itself alone, which this machine does not trust"},
      {"signed by a stranger", stranger.issue(as_it_is), "relay.example.org",
       "the certificate of relay.example.org is signed by nobody this machine trusts"},
      {"signed by a stranger who goes by a trusted name", impostor.issue(as_it_is), "relay.example.org",
       "the certificate of relay.example.org is signed by nobody this machine trusts"},
      {"the authority between is not shown", without_chain, "relay.example.org",
       "the certificate of relay.example.org is signed by nobody this machine trusts"},
      {"no name to check", authority.issue(as_it_is), "",
       "the other side has no name that a certificate could be for"},
  };
  for (const auto& row: table) {
    SCOPED_TRACE(row.about);
    shake_hands(*client_tls, *server_context(row.identity), row.peer_name);
    EXPECT_EQ(tls_of(*client).trouble(), row.sentence);
    EXPECT_EQ(tls_of(*client).established(), row.sentence.empty());
    EXPECT_EQ(client->failures, row.sentence.empty() ? 0u : 1u);
    if (row.sentence.empty()) continue;
    EXPECT_EQ(client->failure, StreamError::tls);
    EXPECT_EQ(client->stream->write_some(as_bytes("secret")).error(), StreamError::tls);
    EXPECT_FALSE(tls_of(*server).established());
  }
}

TEST_F(TlsTest, ACertificateExpiresByTheClockOfTheLoop) {
  const auto server_side = server_context(test_authority().issue({.valid_until = day(2025, 1, 2)}));
  shake_hands(*client_tls, *server_side);
  EXPECT_TRUE(tls_of(*client).established());

  world.clock().set_wall(day(2025, 1, 3));
  shake_hands(*client_tls, *server_side);

  EXPECT_EQ(tls_of(*client).trouble(), "the certificate of localhost has expired");
}

TEST_F(TlsTest, ACertificateSignedByItselfIsTrustedWhenItIsNamed) {
  const auto identity = crosspoint::testing::self_signed();
  shake_hands(*client_context(identity.certificates_pem), *server_context(identity));
  EXPECT_TRUE(tls_of(*client).established()) << tls_of(*client).trouble();
}

TEST_F(TlsTest, AnAuthorityBelowIsTrustedWhenItIsNamed) {
  const auto below = test_authority().issue_authority();
  shake_hands(*client_context(below.certificate_pem()), *server_context(below.issue()));
  EXPECT_TRUE(tls_of(*client).established()) << tls_of(*client).trouble();
}

// An authority made by the test is not among the system's.
TEST_F(TlsTest, WithoutAuthoritiesOfItsOwnTheSystemsAreTrusted) {
  shake_hands(*client_context(std::nullopt), *server_tls);
  EXPECT_EQ(tls_of(*client).trouble(),
            "the certificate of localhost is signed by nobody this machine trusts");
}

TEST_F(TlsTest, TheNameIsToldToTheServerButNoAddressIs) {
  for (const auto* name: {"relay.example.org", "192.0.2.7"}) {
    connect(*client_tls, name);
    RecordingEnd raw(std::move(below_server));
    raw.start();
    client->start();
    world.run_until_idle();
    const bool told = raw.received.find(name) != std::string::npos;
    EXPECT_EQ(told, std::string_view(name) == "relay.example.org");
  }
}

TEST(TlsContext, SaysWhatIsWrongWithAFileOfAuthorities) {
  const auto& right = test_authority().certificate_pem();
  auto broken = right;
  broken[broken.size() / 2] = broken[broken.size() / 2] == 'A' ? 'B' : 'A';
  struct Row {
    std::string text;
    std::string_view sentence;
  };
  const Row table[] = {
      {"", "holds no certificate in PEM format (\"-----BEGIN CERTIFICATE-----\")"},
      {"hello", "holds no certificate in PEM format (\"-----BEGIN CERTIFICATE-----\")"},
      {test_identity().private_key_pem,
       "holds no certificate in PEM format (\"-----BEGIN CERTIFICATE-----\")"},
      {right + right.substr(0, right.size() / 2), "holds a certificate that cannot be read, number 2"},
      {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
       "holds a certificate that cannot be read, number 1"},
  };
  for (const Row& row: table) {
    const auto made = TlsContext::client(row.text);
    ASSERT_FALSE(made) << row.sentence;
    EXPECT_EQ(made.error(), row.sentence);
  }
  EXPECT_TRUE(TlsContext::client(right + right)) << "twice the same does no harm";
}

// Who does not speak TLS as it should
// -------------------------------------------------------------------------------------------------

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value: values) text += static_cast<char>(value);
  return text;
}

// ServerHello of TLS 1.0, choosing TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA (RFC 2246 section 7.4.1.3).
std::string server_hello_of_tls_1_0() {
  return bytes({22, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1}) + std::string(32, 'r') + bytes({0, 0xc0, 0x13, 0});
}

TEST_F(TlsTest, H4_APeerThatDoesNotSpeakTlsIsNamedForWhatItDoes) {
  struct Row {
    std::string about, said, sentence;
  };
  const std::string old = "relay.example.org speaks no version of TLS that is safe: 1.2 or 1.3 is needed";
  const std::string none = "relay.example.org does not speak TLS; is the port right?";
  const Row table[] = {
      {"HTTP", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", none},
      {"SSH", "SSH-2.0-OpenSSH_9.2\r\n", none},
      {"a WebSocket frame", bytes({0x81, 5}) + "hello", none},
      {"zeros", std::string(100, '\0'), none},
      {"an SSLv3 alert", bytes({21, 3, 0, 0, 2, 2, 40}),
       "relay.example.org refused the TLS handshake: handshake failure"},
      {"TLS 1.0", server_hello_of_tls_1_0(), old},
      {"no common version", bytes({21, 3, 1, 0, 2, 2, 70}), old},
      {"a record that is too long", bytes({22, 3, 3, 0xff, 0xff}) + std::string(100, 'x'), "failed: "},
      {"garbage in a record", bytes({22, 3, 3, 0, 8}) + "nonsense", "failed: "},
      {"data before keys", bytes({23, 3, 3, 0, 5}) + "hello", "failed: "},
  };
  for (const auto& row: table) {
    SCOPED_TRACE(row.about);
    connect(*client_tls, "relay.example.org");
    client->start();
    world.run_until_idle();
    ASSERT_EQ(below_server->write_some(as_bytes(row.said)), row.said.size());
    world.run_until_idle();
    EXPECT_EQ(client->failure, StreamError::tls);
    EXPECT_EQ(client->failures, 1u);
    EXPECT_THAT(tls_of(*client).trouble(), HasSubstr(row.sentence));
  }
}

TEST_F(TlsTest, H4_APeerThatLeavesDuringTheHandshakeIsNamed) {
  connect(*client_tls, "relay.example.org");
  client->start();
  world.run_until_idle();
  below_server->shutdown_write();
  world.run_until_idle();
  EXPECT_EQ(client->failure, StreamError::tls);
  EXPECT_EQ(tls_of(*client).trouble(), "relay.example.org closed the connection during the TLS handshake");

  connect(*client_tls, "relay.example.org");
  client->start();
  world.run_until_idle();
  below_server->reset_on_close();
  below_server.reset();
  world.run_until_idle();
  EXPECT_EQ(client->failure, StreamError::reset);
}

TEST_F(TlsTest, ClientsThatDoNotSpeakTlsAreRefusedAsWell) {
  for (const std::string_view said: {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\x16\x03\x01", "SSH-2.0-x\r\n"}) {
    connect(*client_tls);
    accept(*server_tls);
    // Past the client's TLS.
    ASSERT_TRUE(below_client->write_some(as_bytes(said)));
    below_client->shutdown_write();
    world.run_until_idle();
    EXPECT_EQ(server->failure, StreamError::tls);
    EXPECT_THAT(tls_of(*server).trouble(), HasSubstr("the client"));
  }
}

// D7: an endless handshake holds a bounded amount; the limit of time is the caller's.
TEST_F(TlsTest, D7_AHandshakeMessageWithoutBoundIsRefused) {
  connect(*client_tls);
  accept(*server_tls);
  // A ClientHello that announces 16 MiB.
  ASSERT_TRUE(below_client->write_some(as_bytes(bytes({22, 3, 1, 0x40, 0, 1, 0xff, 0xff, 0xff}))));
  ASSERT_TRUE(below_client->write_some(as_bytes(std::string(0x4000 - 4, 'x'))));
  world.run_until_idle();
  EXPECT_EQ(server->failure, StreamError::tls);
}

// Ends, and what is cut off
// -------------------------------------------------------------------------------------------------

TEST_F(TlsTest, AnEndWithoutCloseNotifyIsAFailureBehindWhatCameBefore) {
  shake_hands();
  write(*server, "half of the ans");
  below_server_end->shutdown_write();
  world.run_until_idle();

  EXPECT_EQ(client->received, "half of the ans");
  EXPECT_EQ(client->ends, 0u);
  EXPECT_EQ(client->failure, StreamError::reset);
  EXPECT_EQ(client->failures, 1u);
}

TEST_F(TlsTest, CloseNotifyIsTheEndThoughFinNeverComes) {
  shake_hands();
  server->stream->shutdown_write();
  world.run_until_idle();
  EXPECT_EQ(client->ends, 1u);

  // What comes behind it counts for nothing.
  below_server_end = nullptr;
  EXPECT_EQ(write(*client, "still heard"), 11u);
  EXPECT_EQ(server->received, "still heard");
  client->stream->shutdown_write();
  world.run_until_idle();
  EXPECT_EQ(server->ends, 1u);
  EXPECT_EQ(client->failures + server->failures, 0u);
}

TEST_F(TlsTest, BytesThatTheOtherEndDidNotSendAreAFailure) {
  for (const auto& forged: {bytes({23, 3, 3, 0, 40}) + std::string(40, 'x'), std::string(200, 'x'),
                            bytes({21, 3, 3, 0, 2, 1, 0}), bytes({22, 3, 3, 0, 4, 0, 0, 0, 0})}) {
    shake_hands();
    write(*server, "true");
    ASSERT_TRUE(below_server_end->write_some(as_bytes(forged)));
    world.run_until_idle();
    EXPECT_EQ(client->received, "true");
    EXPECT_EQ(client->failure, StreamError::tls);
    EXPECT_THAT(tls_of(*client).trouble(), HasSubstr("what localhost sent is not valid TLS"));
  }
}

TEST_F(TlsTest, WhatWasTakenIsStillSentWhenTheStreamIsDestroyed) {
  world.network().set_link_settings({.capacity_bytes = 3000});
  shake_hands();
  const std::string text(12'000, 'x');
  EXPECT_EQ(server->stream->write_some(as_bytes(text)), text.size());
  EXPECT_GT(server->stream->unacknowledged_bytes(), text.size());

  server.reset();
  world.run_until_idle();

  EXPECT_EQ(client->received, text);
  EXPECT_EQ(client->ends, 1u);
  EXPECT_EQ(client->failures, 0u);
}

TEST_F(TlsTest, APeerThatTakesNothingIsGivenTenSecondsToGetTheRest) {
  world.network().set_link_settings({.capacity_bytes = 3000});
  shake_hands();
  world.network().newest_link()->stall(Link::Way::to_connector);
  EXPECT_GT(server->stream->write_some(as_bytes(std::string(12'000, 'x'))).value_or(0), 0u);
  server.reset();

  world.advance(9s);
  EXPECT_TRUE(world.network().newest_link()->alive());
  world.advance(2s);
  EXPECT_FALSE(world.network().newest_link()->alive());
}

TEST_F(TlsTest, TheLoopMayEndBeforeTheRestIsOut) {
  world.network().set_link_settings({.capacity_bytes = 3000});
  shake_hands();
  world.network().newest_link()->stall(Link::Way::to_connector);
  EXPECT_GT(server->stream->write_some(as_bytes(std::string(12'000, 'x'))).value_or(0), 0u);
  server.reset();
  client.reset();
}

TEST_F(TlsTest, ShuttingDownDuringTheHandshakeTakesEffectAfterIt) {
  connect(*client_tls);
  client->start();
  client->stream->shutdown_write();
  accept(*server_tls);
  world.run_until_idle();

  EXPECT_EQ(server->ends, 1u);
  EXPECT_EQ(server->failures + client->failures, 0u);
  EXPECT_EQ(write(*server, "the other way works"), 19u);
  EXPECT_EQ(client->received, "the other way works");
}

// Waiting and moving
// -------------------------------------------------------------------------------------------------

TEST_F(TlsTest, NothingIsTakenUntilTheHandshakeIsDoneWhichIsTold) {
  connect(*client_tls);
  client->start();
  EXPECT_EQ(client->stream->write_some(as_bytes("too early")), 0u);
  client->stream->await_writable();
  world.run_until_idle();
  EXPECT_EQ(client->times_writable, 0u);

  accept(*server_tls);
  world.run_until_idle();

  EXPECT_EQ(client->times_writable, 1u);
  EXPECT_EQ(write(*client, "now"), 3u);
  EXPECT_EQ(server->received, "now");
}

TEST_F(TlsTest, PausingDoesNotStopTheHandshake) {
  connect(*client_tls);
  client->stream->pause_reading();
  client->start();
  accept(*server_tls);
  world.run_until_idle();
  EXPECT_TRUE(tls_of(*client).established());

  write(*server, "later");
  EXPECT_EQ(client->received, "");
  client->stream->resume_reading();
  world.run_until_idle();
  EXPECT_EQ(client->received, "later");
}

// Stops reading inside the first delivery, when more has been decrypted or lies here encrypted.
struct PausingEnd final : StreamEvents {
  explicit PausingEnd(std::unique_ptr<Stream> the_stream) : stream(std::move(the_stream)) {}
  void on_bytes(MutableBytes bytes) override {
    received += as_text(bytes);
    stream->pause_reading();
  }
  void on_end() override { ended = true; }
  void on_failure(StreamError) override { failed = true; }
  void on_writable() override {}
  std::unique_ptr<Stream> stream;
  std::string received;
  bool ended = false, failed = false;
};

TEST_F(TlsTest, APauseInTheMiddleLosesNothingAndHoldsAcrossAMove) {
  shake_hands();
  PausingEnd end(std::move(client->stream));
  end.stream->start(end);
  std::string text;
  for (int i = 0; text.size() < 150'000; ++i) text += std::to_string(i) + ",";
  EXPECT_EQ(write(*server, text), text.size());
  server->stream->shutdown_write();
  world.run_until_idle();
  const auto first = end.received.size();
  EXPECT_GT(first, 0u);
  EXPECT_LT(first, text.size());

  end.stream->detach();
  end.stream->attach(world.loop(1));
  end.stream->start(end);
  world.run_until_idle();
  EXPECT_EQ(end.received.size(), first) << "a paused stream stays paused";
  for (int i = 0; i < 20 && !end.ended; ++i) {
    end.stream->resume_reading();
    world.run_until_idle();
  }

  EXPECT_TRUE(end.received == text);
  EXPECT_TRUE(end.ended);
  EXPECT_FALSE(end.failed);
}

TEST_F(TlsTest, TlsGoesThroughTls) {
  shake_hands();
  client = std::make_unique<RecordingEnd>(
      client_tls->connect(world.loop(), std::move(client->stream), "localhost"));
  server = std::make_unique<RecordingEnd>(server_tls->accept(world.loop(), std::move(server->stream)));
  server->start();
  client->start();
  world.run_until_idle();

  const std::string text(100'000, 't');
  EXPECT_EQ(write(*client, text), text.size());
  EXPECT_EQ(write(*server, "heard"), 5u);

  EXPECT_EQ(server->received.size(), text.size());
  EXPECT_EQ(client->received, "heard");
  client.reset();
  world.run_until_idle();
  EXPECT_EQ(server->ends, 1u);
}

// Cut anywhere
// -------------------------------------------------------------------------------------------------

// Writes `text` into `end` as it takes it.
void write_all(MemoryWorld& world, RecordingEnd& end, std::string_view text) {
  for (std::size_t done = 0; done < text.size();) {
    const auto taken = end.stream->write_some(as_bytes(text.substr(done)));
    ASSERT_TRUE(taken);
    done += *taken;
    if (*taken > 0) continue;
    const auto before = end.times_writable;
    end.stream->await_writable();
    ASSERT_TRUE(world.run_until([&] { return end.times_writable > before; }));
  }
}

TEST_F(TlsTest, B12_TheWayTheBytesAreCutChangesNothing) {
  std::string text;
  for (int i = 0; text.size() < 3'000; ++i) text += std::to_string(i) + ",";
  for (const std::size_t cut: {1, 2, 3, 4, 5, 6, 7, 11, 21, 22, 64, 100, 1000}) {
    SCOPED_TRACE(cut);
    world.network().set_link_settings(
        {.capacity_bytes = 1500, .segment_bytes_max = cut, .write_bytes_max = cut + 1});
    shake_hands();
    ASSERT_TRUE(tls_of(*client).established());
    write_all(world, *client, text);
    write_all(world, *server, text);
    client.reset();
    world.run_until_idle();
    EXPECT_EQ(server->received, text);
    EXPECT_EQ(server->ends, 1u);
  }
}

// Pieces, pauses, cuts and moves at random: what arrives is what was written.
TEST_F(TlsTest, AnyCourseOfWritesPausesAndMovesLosesNothing) {
  crosspoint::testing::for_each_seed(20, [&](std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto pick = [&](std::size_t most) { return std::size_t{random() % (most + 1)}; };
    world.network().set_link_settings({.capacity_bytes = 1 + pick(40'000),
                                       .segment_bytes_max = 1 + pick(30'000),
                                       .write_bytes_max = 1 + pick(30'000)});
    shake_hands();
    ASSERT_TRUE(tls_of(*client).established());
    std::string sent;
    for (int step = 0; step < 60; ++step) {
      std::vector<std::string> pieces(pick(5));
      for (auto& piece: pieces)
        piece = std::string(pick(pick(1) ? 40'000 : 200), static_cast<char>('a' + pick(25)));
      std::vector<Bytes> views;
      std::string whole;
      for (const auto& piece: pieces) {
        views.push_back(as_bytes(piece));
        whole += piece;
      }
      const auto taken = client->stream->write_some(views);
      ASSERT_TRUE(taken);
      sent += whole.substr(0, *taken);
      switch (pick(5)) {
        case 0: server->stream->pause_reading(); break;
        case 1: server->stream->resume_reading(); break;
        case 2: world.run_until_idle(); break;
        case 3:
          server->stream->detach();
          server->stream->attach(world.loop(pick(2)));
          server->start();
          break;
        default: world.loop(0).turn();
      }
    }
    client.reset();
    server->stream->resume_reading();
    world.run_until_idle();
    ASSERT_TRUE(server->received == sent) << server->received.size() << " of " << sent.size();
    ASSERT_EQ(server->ends, 1u);
    ASSERT_EQ(server->failures, 0u);
  });
}

// Each operation of the streams below fails once: nobody crashes, hangs or hears of it twice.
TEST_F(TlsTest, AFailureBelowAtAnyMomentIsToldOnce) {
  for (std::size_t n = 0;; ++n) {
    SCOPED_TRACE(n);
    const auto fault = std::make_shared<Fault>(n);
    world.network().wrap_streams(
        [&](auto stream) { return std::make_unique<FaultyStream>(std::move(stream), fault); });
    shake_hands();
    for (auto* end: {client.get(), server.get()}) {
      const auto written = end->stream->write_some(as_bytes("hello"));
      EXPECT_TRUE(!written || *written == 0 || *written == 5);
      world.run_until_idle();
    }
    client->stream->shutdown_write();
    world.run_until_idle();
    EXPECT_LE(client->failures, 1u);
    EXPECT_LE(server->failures, 1u);
    client.reset();
    server.reset();
    world.run_until_idle();
    if (!fault->struck()) break;
    ASSERT_LT(n, 100u);
  }
}

}  // namespace
}  // namespace crosspoint::net
