// What a server shows and to whom, and what it insists on, seen by a client that is OpenSSL alone.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/test_foreign_client.h"
#include "net/tls_acceptor.h"
#include "testing/certificates.h"
#include "testing/raw_client.h"
#include "testing/recording_server.h"

namespace crosspoint::net {
namespace {

using crosspoint::testing::CertificateWish;
using crosspoint::testing::MemoryWorld;
using crosspoint::testing::RawClient;
using crosspoint::testing::RecordingServer;
using crosspoint::testing::test_authority;
using crosspoint::testing::test_identity;

TlsIdentity identity_for(std::vector<std::string> names) {
  return test_authority().issue({.names = std::move(names), .addresses = {}});
}

std::shared_ptr<const TlsContext> context_of(const std::vector<TlsIdentity>& identities,
                                             const TlsServerSettings& settings = {}) {
  auto made = TlsContext::server(identities, settings);
  EXPECT_TRUE(made);
  return std::move(*made);
}

class TlsServerTest : public ::testing::Test {
 protected:
  void listen(std::shared_ptr<const TlsContext> context, WorkShare* share = nullptr) {
    acceptor.emplace(world.loop(), std::move(context), accepted, share);
    const Network::ListenPoint point{&world.loop(), &*acceptor};
    const Endpoint any{.kind = Endpoint::Kind::tcp, .host = "127.0.0.1", .port = 0, .path = {}};
    listeners = *world.network().listen(any, {}, {&point, 1});
  }
  Endpoint endpoint() const { return listeners.front()->endpoint(); }
  std::unique_ptr<ForeignClient> connect(const ForeignClient::Wish& wish = {}) {
    return std::make_unique<ForeignClient>(world, endpoint(), wish);
  }

  MemoryWorld world;
  RecordingServer accepted;
  std::optional<TlsAcceptor> acceptor;
  std::vector<std::unique_ptr<Listener>> listeners;
};

// How many
// ---------------------------------------------------------------------------------------------------------

// By which everything takes 10 ms.
class SlowClock final : public Clock {
 public:
  MonotonicTime monotonic() const override { return MonotonicTime(++readings_ * 10ms); }
  WallTime wall() const override { return {}; }

 private:
  mutable std::int64_t readings_ = 0;
};

class TlsFloodTest : public TlsServerTest {
 protected:
  TlsFloodTest() { listen(context_of({identity_for({"lab.example.org"})}), &share); }
  std::ptrdiff_t established() const {
    return std::ranges::count_if(flood, [](const auto& client) { return client->established(); });
  }

  SlowClock slow;
  WorkShare share{world.loop(), slow, {.percent = 25, .burst = 5ms}};
  std::vector<std::unique_ptr<ForeignClient>> flood;
};

TEST_F(TlsFloodTest, D7_HandshakesHaveTheirShareOfTheLoopAndWhoIsConnectedHasTheRest) {
  const auto settled = connect();
  world.advance(1s);
  ASSERT_TRUE(settled->established());
  for (int i = 0; i < 20; ++i) flood.push_back(connect());
  EXPECT_EQ(established(), 1) << "two at once would be more than a burst and the one that exceeds it";
  settled->send("still here");
  EXPECT_EQ(accepted.connections[0]->received, "still here") << "in the same moment";

  world.advance(400ms);
  EXPECT_LE(established(), 11);
  EXPECT_GE(established(), 5);
  world.advance(2s);
  EXPECT_EQ(established(), 20);
  for (const auto& client: flood) client->send("hello");
  for (std::size_t i = 1; i <= 20; ++i) EXPECT_EQ(accepted.connections[i]->received, "hello");
}

TEST_F(TlsFloodTest, D7_WhoLeavesBeforeItsTurnCostsNothing) {
  for (int i = 0; i < 20; ++i) flood.push_back(connect());
  EXPECT_GE(share.waiting(), 19u);
  flood.resize(1);
  world.run_until_idle();
  accepted.connections.resize(1);
  EXPECT_LE(share.waiting(), 1u);
}

// Which certificate
// -------------------------------------------------------------------------------------------------

TEST_F(TlsServerTest, TheNameThatIsAskedForChoosesTheCertificate) {
  listen(context_of({identity_for({"first.example.org"}), identity_for({"*.example.org", "example.net"}),
                     identity_for({"exact.example.org"})}));
  struct Row {
    std::string asked, shown;
  };
  const Row table[] = {
      {"first.example.org", "first.example.org"},
      {"exact.example.org", "exact.example.org"},  // though a wildcard stands before it
      {"other.example.org", "other.example.org"},
      {"Other.EXAMPLE.org", "other.example.org"},
      {"example.net", "example.net"},
      {"a.b.example.org", "first.example.org"},  // a wildcard is one label
      {"example.org", "first.example.org"},
      {"unknown.example.com", "first.example.org"},
      {"", "first.example.org"},
  };
  for (const auto& row: table) {
    SCOPED_TRACE(row.asked);
    const auto client = connect({.name = row.asked});
    ASSERT_TRUE(client->established());
    EXPECT_TRUE(client->shown_to(row.shown));
    client->send("hello");
    EXPECT_EQ(accepted.connections.back()->received, "hello");
  }
}

TEST_F(TlsServerTest, TheSecondCertificateBringsItsOwnChain) {
  const auto below = test_authority().issue_authority();
  listen(context_of({identity_for({"first.example.org"}), below.issue({.names = {"deep.example.org"}})}));
  const auto client = connect({.name = "deep.example.org"});
  EXPECT_EQ(sk_X509_num(SSL_get_peer_cert_chain(client->tls())), 2);
}

TEST_F(TlsServerTest, J8_OtherCertificatesMayBeShownWhileConnectionsLiveAndShakeHands) {
  listen(context_of({identity_for({"old.example.org"})}));
  const auto settled = connect();
  std::unique_ptr<Stream> below;
  const auto connecting = world.network().connect(world.loop(), endpoint(), {}, 5s,
                                                  [&](auto result) { below = std::move(*result); });
  world.run_until_idle();

  acceptor->use(context_of({identity_for({"new.example.org"})}));
  const auto later = connect();

  EXPECT_TRUE(later->shown_to("new.example.org"));
  settled->send("still here");
  EXPECT_EQ(accepted.connections[0]->received, "still here");
  // Who had connected and said nothing yet is shown what was there when it came.
  auto trusting = TlsContext::client(test_authority().certificate_pem());
  testing::RecordingEnd in_handshake((*trusting)->connect(world.loop(), std::move(below), "old.example.org"));
  in_handshake.start();
  world.run_until_idle();
  EXPECT_TRUE(dynamic_cast<TlsStream&>(*in_handshake.stream).established());
}

// What it insists on
// -------------------------------------------------------------------------------------------------

TEST_F(TlsServerTest, J9_OldVersionsAndWeakCiphersAreRefused) {
  listen(context_of({test_identity()}));
  struct Row {
    std::string about;
    int version_max;
    const char* ciphers;
    std::string alert;  // empty: welcome
  };
  const Row table[] = {
      {"TLS 1.3", TLS1_3_VERSION, "ALL", ""},
      {"TLS 1.2", TLS1_2_VERSION, "ALL:@SECLEVEL=0", ""},
      {"TLS 1.1", TLS1_1_VERSION, "ALL:@SECLEVEL=0", "protocol version"},
      {"TLS 1.0", TLS1_VERSION, "ALL:@SECLEVEL=0", "protocol version"},
      {"CBC", TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0", "handshake failure"},
      {"no forward secrecy", TLS1_2_VERSION, "AES128-GCM-SHA256:@SECLEVEL=0", "handshake failure"},
      {"DHE", TLS1_2_VERSION, "DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0", "handshake failure"},
      {"no authentication", TLS1_2_VERSION, "aNULL:@SECLEVEL=0", "handshake failure"},
      {"no encryption", TLS1_2_VERSION, "eNULL:@SECLEVEL=0", "handshake failure"},
      {"CCM with a short tag", TLS1_2_VERSION, "ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0", "handshake failure"},
  };
  for (const auto& row: table) {
    SCOPED_TRACE(row.about);
    const auto client = connect({.context = [&](SSL_CTX* context) {
      SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
      SSL_CTX_set_max_proto_version(context, row.version_max);
      ASSERT_EQ(SSL_CTX_set_cipher_list(context, row.ciphers), 1);
    }});
    EXPECT_EQ(client->established(), row.alert.empty());
    EXPECT_EQ(client->alert, row.alert);
  }
}

TEST_F(TlsServerTest, AClientWithoutInstructionsForAesGetsTheCipherThatIsCheapForIt) {
  listen(context_of({test_identity()}));
  const auto chosen = [&](const char* offered) {
    const auto client =
        connect({.context = [&](SSL_CTX* context) { SSL_CTX_set_ciphersuites(context, offered); }});
    return std::string(SSL_get_cipher_name(client->tls()));
  };
  EXPECT_EQ(chosen("TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256"), "TLS_AES_128_GCM_SHA256");
  EXPECT_EQ(chosen("TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256"), "TLS_CHACHA20_POLY1305_SHA256");
}

TEST_F(TlsServerTest, D7_NothingIsResumedReplayedOrRenegotiated) {
  listen(context_of({test_identity()}));
  for (const int version: {TLS1_2_VERSION, TLS1_3_VERSION}) {
    SCOPED_TRACE(version);
    const auto only = [&](SSL_CTX* context) {
      SSL_CTX_set_min_proto_version(context, version);
      SSL_CTX_set_max_proto_version(context, version);
    };
    const auto first = connect({.context = only});
    ASSERT_TRUE(first->established());
    const std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)> session(SSL_get1_session(first->tls()),
                                                                            &SSL_SESSION_free);
    EXPECT_EQ(SSL_SESSION_has_ticket(session.get()), 0);
    EXPECT_EQ(SSL_SESSION_get_max_early_data(session.get()), 0u);
    const auto second =
        connect({.context = only, .connection = [&](SSL* tls) { SSL_set_session(tls, session.get()); }});
    EXPECT_TRUE(second->established());
    EXPECT_EQ(SSL_session_reused(second->tls()), 0);
    EXPECT_EQ(SSL_get_current_compression(second->tls()), nullptr);
    if (version == TLS1_3_VERSION) continue;
    SSL_renegotiate(second->tls());
    SSL_do_handshake(second->tls());
    second->send("after");
    EXPECT_EQ(accepted.connections.back()->received, "") << "the client waits for a second handshake";
  }
}

TEST_F(TlsServerTest, ItSpeaksHttp11AndNothingElse) {
  listen(context_of({identity_for({"first.example.org"}), identity_for({"second.example.org"})}));
  struct Row {
    std::string offered, chosen;
    bool welcome;
  };
  const Row table[] = {
      {"", "", true},
      {"\x08http/1.1", "http/1.1", true},
      {"\x02h2\x08http/1.1", "http/1.1", true},
      {"\x02h2", "", false},
      {"\x04imap", "", false},
  };
  for (const auto* name: {"first.example.org", "second.example.org"}) {
    for (const auto& row: table) {
      SCOPED_TRACE(row.offered);
      const auto client =
          connect({.name = name, .connection = [&](SSL* tls) {
                     if (row.offered.empty()) return;
                     SSL_set_alpn_protos(tls, reinterpret_cast<const unsigned char*>(row.offered.data()),
                                         static_cast<unsigned>(row.offered.size()));
                   }});
      EXPECT_EQ(client->established(), row.welcome);
      EXPECT_EQ(client->protocol(), row.chosen);
      EXPECT_EQ(client->alert, row.welcome ? "" : "no application protocol");
    }
  }
}

// Who speaks something else
// -------------------------------------------------------------------------------------------------

TEST_F(TlsServerTest, PlainTextIsAnsweredInPlainTextAndGarbageIsNot) {
  listen(context_of({test_identity()}, {.answer_to_plain_text = "speak TLS"}));
  for (const std::string said:
       {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "BREW /pot HTTP/1.1\r\n\r\n", "hello\r\n"}) {
    RawClient client(world.loop(), world.network(), endpoint());
    client.send(said);
    world.run_until_idle();
    EXPECT_EQ(client.received(), "speak TLS") << said;
    EXPECT_EQ(accepted.connections.back()->failure, StreamError::tls);
  }
  for (const std::string& said:
       {std::string(100, '\0'), std::string("\x80\x2e\x01\x03\x01"), std::string("\r\n\r\n\r\n"),
        std::string("\x16\x03\x01\x02\x00GET / HTTP/1.1\r\n\r\n")}) {
    RawClient client(world.loop(), world.network(), endpoint());
    client.send(said);
    world.run_until_idle();
    EXPECT_THAT(client.received(), ::testing::Not(::testing::HasSubstr("speak TLS")));
  }
}

// What cannot be shown
// -------------------------------------------------------------------------------------------------

TEST(TlsServerContext, SaysWhichIdentityIsWrongAndWhereButNothingOfTheKey) {
  using Part = TlsIdentityError::Part;
  const auto& right = test_identity();
  const auto other = test_authority().issue();
  const auto stranger = testing::CertificateAuthority("Another Authority").issue_authority();
  struct Row {
    TlsIdentity identity;
    Part part;
    std::string what;
  };
  const std::string no_certificate = "holds no certificate in PEM format (\"-----BEGIN CERTIFICATE-----\")";
  const std::string no_key = "holds no private key in PEM format, or one that needs a pass phrase";
  const Row table[] = {
      {{"", right.private_key_pem}, Part::certificates, no_certificate},
      {{right.private_key_pem, right.private_key_pem}, Part::certificates, no_certificate},
      {{right.certificates_pem + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        right.private_key_pem},
       Part::certificates,
       "holds a certificate that cannot be read, number 2"},
      {{right.certificates_pem + stranger.certificate_pem(), right.private_key_pem},
       Part::certificates,
       "holds a certificate that has signed none of those before it, number 2"},
      {{testing::test_authority().issue({.rsa_bits = 1024}).certificates_pem, right.private_key_pem},
       Part::certificates,
       "holds a certificate that has a key that is too short, number 1"},
      {{right.certificates_pem, ""}, Part::private_key, no_key},
      {{right.certificates_pem, right.certificates_pem}, Part::private_key, no_key},
      {{right.certificates_pem, other.private_key_pem},
       Part::pair,
       "holds a private key that is not the certificate's"},
      {{right.certificates_pem, testing::test_authority().issue({.rsa_bits = 2048}).private_key_pem},
       Part::pair,
       "holds a private key that is not the certificate's"},
  };
  for (const auto& row: table) {
    SCOPED_TRACE(row.what);
    const auto made = TlsContext::server(std::vector{right, row.identity});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().identity, 1u);
    EXPECT_EQ(made.error().part, row.part);
    EXPECT_EQ(made.error().what, row.what);
  }
  const auto below = test_authority().issue_authority().issue();
  EXPECT_TRUE(TlsContext::server(below)) << "a chain in order";
  auto with_root = test_authority().issue();
  with_root.certificates_pem += test_authority().certificate_pem();
  EXPECT_TRUE(TlsContext::server(with_root)) << "the authority itself does no harm";
  EXPECT_TRUE(TlsContext::server(test_authority().issue({.rsa_bits = 2048})));
}

TEST(TlsCertificateFacts, AreReadFromTheFirstCertificate) {
  const auto day = [](int year) { return WallTime(std::chrono::sys_days(std::chrono::year(year) / 3 / 4)); };
  const auto identity =
      test_authority().issue_authority().issue({.names = {"lab.example.org", "*.lab.example.org"},
                                                .addresses = {"192.0.2.7", "2001:db8::7"},
                                                .valid_from = day(2020),
                                                .valid_until = day(2031)});
  const auto facts = read_certificate_facts(identity.certificates_pem);
  ASSERT_TRUE(facts);
  EXPECT_THAT(facts->names,
              ::testing::ElementsAre("lab.example.org", "*.lab.example.org", "192.0.2.7", "2001:db8::7"));
  EXPECT_EQ(facts->valid_from, day(2020));
  EXPECT_EQ(facts->valid_until, day(2031));
  EXPECT_FALSE(read_certificate_facts("nothing"));
}

}  // namespace
}  // namespace crosspoint::net
