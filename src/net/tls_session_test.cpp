// What a server knows of a TLS connection, against what a client that is OpenSSL alone knows of the same.
#include "net/tls_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/test_foreign_client.h"
#include "net/tls_acceptor.h"
#include "testing/certificates.h"
#include "testing/recording_server.h"

namespace crosspoint::net {
namespace {

using crosspoint::testing::MemoryWorld;
using crosspoint::testing::RecordingServer;
using crosspoint::testing::test_authority;
using crosspoint::testing::test_identity;
using ::testing::IsEmpty;

class TlsSessionTest : public ::testing::Test {
 protected:
  void listen(const TlsServerSettings& settings = {}) {
    auto made = TlsContext::server(test_identity(), settings);
    acceptor.emplace(world.loop(), std::move(*made), accepted);
    const Network::ListenPoint point{&world.loop(), &*acceptor};
    const Endpoint any{.kind = Endpoint::Kind::tcp, .host = "127.0.0.1", .port = 0, .path = {}};
    listeners = *world.network().listen(any, {}, {&point, 1});
  }
  std::unique_ptr<ForeignClient> connect(const ForeignClient::Wish& wish = {}) {
    return std::make_unique<ForeignClient>(world, listeners.front()->endpoint(), wish);
  }
  // The server's end of the connection that was made last.
  const TlsSession& session() { return *accepted.connections.back()->stream->tls(); }

  MemoryWorld world;
  RecordingServer accepted;
  std::optional<TlsAcceptor> acceptor;
  std::vector<std::unique_ptr<Listener>> listeners;
};

void only(SSL_CTX* context, int version) {
  SSL_CTX_set_min_proto_version(context, version);
  SSL_CTX_set_max_proto_version(context, version);
}

ByteVector exported_by(SSL* tls) {
  ByteVector out(32);
  SSL_export_keying_material(tls, reinterpret_cast<unsigned char*>(out.data()), out.size(),
                             "EXPORTER-Channel-Binding", 24, reinterpret_cast<const unsigned char*>(""), 0,
                             1);
  return out;
}

TEST_F(TlsSessionTest, BothEndsExportTheSameAndNoTwoConnectionsDo) {
  listen();
  ByteVector before;
  for (const int version: {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto client = connect({.context = [&](SSL_CTX* context) { only(context, version); }});
    ASSERT_TRUE(client->established());

    const auto bytes = session().channel_binding(ChannelBinding::tls_exporter);

    EXPECT_EQ(bytes, exported_by(client->tls()));
    EXPECT_NE(bytes, before);
    before = bytes;
  }
}

TEST_F(TlsSessionTest, WithoutAnExtendedMasterSecretNothingIsExported) {
  listen();
  const auto client = connect({.context = [](SSL_CTX* context) {
    only(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_EXTENDED_MASTER_SECRET);
  }});
  ASSERT_TRUE(client->established());

  EXPECT_THAT(session().channel_binding(ChannelBinding::tls_exporter), IsEmpty());
}

TEST_F(TlsSessionTest, TheClientsFinishedMessageIsThereBeforeTls13Alone) {
  listen();
  const auto older = connect({.context = [](SSL_CTX* context) { only(context, TLS1_2_VERSION); }});
  ByteVector finished(64);
  finished.resize(SSL_get_finished(older->tls(), finished.data(), finished.size()));
  EXPECT_FALSE(finished.empty());
  EXPECT_EQ(session().channel_binding(ChannelBinding::tls_unique), finished);

  const auto newer = connect({.context = [](SSL_CTX* context) { only(context, TLS1_3_VERSION); }});
  ASSERT_TRUE(newer->established());
  EXPECT_THAT(session().channel_binding(ChannelBinding::tls_unique), IsEmpty());
}

TEST_F(TlsSessionTest, SoIsTheServersFinishedMessageWhichIsAnother) {
  listen();
  const auto older = connect({.context = [](SSL_CTX* context) { only(context, TLS1_2_VERSION); }});
  ByteVector finished(64);
  finished.resize(SSL_get_peer_finished(older->tls(), finished.data(), finished.size()));
  EXPECT_FALSE(finished.empty());
  EXPECT_EQ(session().channel_binding(ChannelBinding::tls_server_finished), finished);
  EXPECT_NE(session().channel_binding(ChannelBinding::tls_unique), finished);

  const auto newer = connect({.context = [](SSL_CTX* context) { only(context, TLS1_3_VERSION); }});
  ASSERT_TRUE(newer->established());
  EXPECT_THAT(session().channel_binding(ChannelBinding::tls_server_finished), IsEmpty());
}

TEST_F(TlsSessionTest, TheServersCertificateIsABindingToo) {
  listen();
  const auto client = connect();
  const std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(client->tls()),
                                                          &X509_free);
  ByteVector digest(32);
  unsigned size = 0;
  X509_digest(shown.get(), EVP_sha256(), reinterpret_cast<unsigned char*>(digest.data()), &size);

  EXPECT_EQ(session().channel_binding(ChannelBinding::tls_server_end_point), digest);
}

TEST_F(TlsSessionTest, DuringTheHandshakeNothingIsKnown) {
  std::unique_ptr<Stream> below;
  listen();
  const auto connecting = world.network().connect(world.loop(), listeners.front()->endpoint(), {}, 5s,
                                                  [&](auto result) { below = std::move(*result); });
  world.run_until_idle();

  EXPECT_THAT(session().channel_binding(ChannelBinding::tls_exporter), IsEmpty());
  EXPECT_THAT(session().channel_binding(ChannelBinding::tls_server_end_point), IsEmpty());
  EXPECT_THAT(session().peer_certificate(), IsEmpty());
}

// Client certificates
// -----------------------------------------------------------------------------------------------

// Shows the certificate of `identity`, with the key of `key`.
std::function<void(SSL_CTX*)> showing(const TlsIdentity& identity, const TlsIdentity& key) {
  return [identity, key](SSL_CTX* context) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> certificate_text(
        BIO_new_mem_buf(identity.certificates_pem.data(), static_cast<int>(identity.certificates_pem.size())),
        &BIO_free);
    const std::unique_ptr<BIO, decltype(&BIO_free)> key_text(
        BIO_new_mem_buf(key.private_key_pem.data(), static_cast<int>(key.private_key_pem.size())), &BIO_free);
    X509* certificate = PEM_read_bio_X509(certificate_text.get(), nullptr, nullptr, nullptr);
    EVP_PKEY* private_key = PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr);
    SSL_CTX_use_certificate(context, certificate);
    SSL_CTX_use_PrivateKey(context, private_key);
    X509_free(certificate);
    EVP_PKEY_free(private_key);
  };
}

ByteVector der_of(const TlsIdentity& identity) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(
      BIO_new_mem_buf(identity.certificates_pem.data(), static_cast<int>(identity.certificates_pem.size())),
      &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr), &X509_free);
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate.get(), &der);
  auto bytes = to_vector(std::as_bytes(std::span(der, static_cast<std::size_t>(size))));
  OPENSSL_free(der);
  return bytes;
}

TEST_F(TlsSessionTest, OurClientShowsItsCertificateWhereItHasOne) {
  listen({.ask_for_certificate = true});
  const auto identity = testing::self_signed();
  auto own = std::move(*TlsContext::client(test_authority().certificate_pem()));
  ASSERT_TRUE(own->prove_with(identity));
  const auto wrong_key =
      own->prove_with({identity.certificates_pem, test_authority().issue().private_key_pem});
  ASSERT_FALSE(wrong_key);
  EXPECT_EQ(wrong_key.error().part, TlsIdentityError::Part::pair);
  EXPECT_FALSE(own->prove_with({"", identity.private_key_pem}));
}

TEST_F(TlsSessionTest, AClientIsAskedForItsCertificateAndKnownByItWhoeverSignedIt) {
  listen({.ask_for_certificate = true});
  for (const auto& identity: {test_authority().issue(), testing::self_signed()}) {
    for (const int version: {TLS1_2_VERSION, TLS1_3_VERSION}) {
      const auto client = connect({.context = [&](SSL_CTX* context) {
        only(context, version);
        showing(identity, identity)(context);
      }});
      ASSERT_TRUE(client->established());
      client->send("hello");

      EXPECT_EQ(accepted.connections.back()->received, "hello");
      EXPECT_EQ(session().peer_certificate(), der_of(identity));
    }
  }
}

TEST_F(TlsSessionTest, AClientWithoutACertificateIsAsWelcome) {
  listen({.ask_for_certificate = true});
  const auto client = connect();
  client->send("hello");

  EXPECT_EQ(accepted.connections.back()->received, "hello");
  EXPECT_THAT(session().peer_certificate(), IsEmpty());
}

TEST_F(TlsSessionTest, WhoIsNotAskedShowsNone) {
  listen();
  const auto identity = testing::self_signed();
  const auto client = connect({.context = showing(identity, identity)});
  client->send("hello");

  EXPECT_EQ(accepted.connections.back()->received, "hello");
  EXPECT_THAT(session().peer_certificate(), IsEmpty());
}

}  // namespace
}  // namespace crosspoint::net
