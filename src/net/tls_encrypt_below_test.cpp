// TLS whose encrypting somebody below takes over after the handshake: a stand-in for the kernel, against
// OpenSSL as client. That there is no such kernel, or that it refuses, changes nothing.

#include <gtest/gtest.h>

#include "net/kernel_tls.h"
#include "net/test_foreign_client.h"
#include "net/tls_acceptor.h"
#include "testing/certificates.h"
#include "testing/encrypting_stream.h"
#include "testing/recording_server.h"
#include "testing/system_world.h"

namespace crosspoint::net {
namespace {

using crosspoint::testing::EncryptingStream;
using crosspoint::testing::MemoryWorld;
using crosspoint::testing::RecordingEnd;
using crosspoint::testing::RecordingServer;
using crosspoint::testing::test_authority;
using crosspoint::testing::test_identity;

std::shared_ptr<const TlsContext> context() {
  return *TlsContext::server(test_identity(), {.encrypt_below = true});
}

constexpr Endpoint::Kind tcp = Endpoint::Kind::tcp;
const Endpoint any{.kind = tcp, .host = "127.0.0.1", .port = 0, .path = {}};

class EncryptBelowTest : public ::testing::Test {
 protected:
  EncryptBelowTest() {
    world.network().wrap_streams(
        [](auto stream) { return std::make_unique<EncryptingStream>(std::move(stream)); });
    const Network::ListenPoint point{&world.loop(), &acceptor};
    listeners = *world.network().listen(any, {}, {&point, 1});
  }
  ForeignClient connect(const char* ciphers = nullptr, int version = TLS1_3_VERSION) {
    return {world, listeners.front()->endpoint(), {.context = [&](SSL_CTX* made) {
              SSL_CTX_set_max_proto_version(made, version);
              if (ciphers != nullptr) SSL_CTX_set_ciphersuites(made, ciphers);
            }}};
  }
  RecordingEnd& server() { return *accepted.connections.back(); }
  const TlsStream& tls() { return dynamic_cast<const TlsStream&>(*server().stream); }
  void write(std::string_view text) {
    while (!text.empty()) {
      const auto taken = server().stream->write_some(as_bytes(text));
      ASSERT_TRUE(taken);
      text.remove_prefix(*taken);
      if (!text.empty()) server().stream->await_writable();
      world.run_until_idle();
    }
  }

  MemoryWorld world;
  RecordingServer accepted;
  TlsAcceptor acceptor{world.loop(), context(), accepted};
  std::vector<std::unique_ptr<Listener>> listeners;
};

TEST_F(EncryptBelowTest, WhatIsEncryptedBelowIsReadByTheClientAndItsAnswersAreRead) {
  const std::string large(100'000, 'x');
  for (const auto* cipher: {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"}) {
    SCOPED_TRACE(cipher);
    world.network().set_link_settings({.capacity_bytes = 30'000});
    auto client = connect(cipher);
    ASSERT_TRUE(client.established());
    EXPECT_TRUE(tls().encrypting_below());
    write("hello");
    client.send("hello yourself");
    write(large);
    EXPECT_EQ(client.received, "hello" + large);
    EXPECT_EQ(server().received, "hello yourself");
    server().stream->shutdown_write();
    world.run_until_idle();
    EXPECT_EQ(SSL_get_shutdown(client.tls()), SSL_RECEIVED_SHUTDOWN);
    EXPECT_TRUE(client.ended());
  }
}

TEST_F(EncryptBelowTest, AStreamThatIsDestroyedSaysGoodbyeBehindWhatItWrote) {
  auto client = connect();
  write("last words");
  accepted.connections.clear();
  world.run_until_idle();
  EXPECT_EQ(client.received, "last words");
  EXPECT_EQ(SSL_get_shutdown(client.tls()), SSL_RECEIVED_SHUTDOWN);
}

TEST_F(EncryptBelowTest, OtherVersionsAndCiphersAreEncryptedHere) {
  for (auto client: {std::pair{"TLS_CHACHA20_POLY1305_SHA256", TLS1_3_VERSION},
                     std::pair<const char*, int>{nullptr, TLS1_2_VERSION}}) {
    auto connected = connect(client.first, client.second);
    ASSERT_TRUE(connected.established());
    EXPECT_FALSE(tls().encrypting_below());
    write("hello");
    EXPECT_EQ(connected.received, "hello");
  }
}

// A number used twice with one key would give the key away.
TEST_F(EncryptBelowTest, NothingOfOpenSslsOwnIsWrittenAnyMore) {
  auto client = connect();
  ASSERT_EQ(SSL_key_update(client.tls(), SSL_KEY_UPDATE_REQUESTED), 1);
  client.send("with new keys");
  EXPECT_EQ(server().received, "with new keys");
  write("with the old ones");
  EXPECT_EQ(client.received, "with the old ones");

  client.send_raw("\x17\x03\x03\x00\x20" + std::string(32, 'x'));
  EXPECT_EQ(server().failure, StreamError::tls);
  EXPECT_EQ(client.received, "with the old ones");
  EXPECT_EQ(client.alert, "");
}

// On this machine's own sockets, whatever its kernel can do.
TEST(EncryptInKernel, AskedForItTheSameBytesArriveWithItOrWithout) {
  testing::SystemWorld world;
  RecordingServer accepted;
  TlsAcceptor acceptor(world.loop(), context(), accepted);
  const Network::ListenPoint point{&world.loop(), &acceptor};
  const auto listeners = *world.network().listen(any, {}, {&point, 1});
  const auto trusting = *TlsContext::client(test_authority().certificate_pem());
  std::unique_ptr<RecordingEnd> client;
  const auto connecting =
      world.network().connect(world.loop(), listeners.front()->endpoint(), {}, 5s, [&](auto result) {
        client =
            std::make_unique<RecordingEnd>(trusting->connect(world.loop(), std::move(*result), "localhost"));
        client->start();
      });
  const auto established = [&](const auto& end) {
    return end && dynamic_cast<const TlsStream&>(*end->stream).established();
  };
  ASSERT_TRUE(world.run_until([&] {
    return established(client) && !accepted.connections.empty() && established(accepted.connections[0]);
  }));
  auto& server = accepted.connections[0];
  EXPECT_EQ(dynamic_cast<const TlsStream&>(*server->stream).encrypting_below(), kernel_encrypts_tls());

  EXPECT_EQ(server->stream->write_some(as_bytes("down")), 4u);
  EXPECT_EQ(client->stream->write_some(as_bytes("up")), 2u);
  ASSERT_TRUE(world.run_until([&] { return client->received == "down" && server->received == "up"; }));
  accepted.connections.clear();
  EXPECT_TRUE(world.run_until([&] { return client->ends == 1; }));
}

}  // namespace
}  // namespace crosspoint::net
