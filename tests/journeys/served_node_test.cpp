// The node as `crosspoint serve` puts it together, from a configuration to the last key, with all of its
// files in memory: each is replaced while clients are connected, noticed by the watches or by SIGHUP, and
// nobody is dropped. Only the process around it (signals, threads, the machine's sockets) is missing;
// tests/interop has that.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/secret_file.h"
#include "cli/served_node.h"
#include "cli/start_check.h"
#include "cli/startup.h"
#include "cli/wamp_client.h"
#include "crypto/test_keys.h"
#include "host/io/host.h"
#include "testing/certificates.h"
#include "testing/log_text.h"
#include "testing/raw_client.h"
#include "testing/world.h"
#include "token/signer.h"
#include "wamp/auth/read_settings.h"
#include "wamp/auth/settings_template.h"
#include "wamp_caller.h"
#include "web_client.h"

namespace crosspoint::journeys {
namespace {

namespace test_keys = crypto::test_keys;
using ::testing::HasSubstr;

class ServedNodeJourney : public ::testing::Test {
 protected:
  static constexpr const char* configuration = "/etc/crosspoint/node.toml";
  static constexpr const char* certificate = "/etc/crosspoint/lab.pem";
  static constexpr const char* certificate_key = "/etc/crosspoint/lab.key";
  static constexpr const char* issuer = "/etc/crosspoint/issuer.pem";

  ~ServedNodeJourney() override {
    if (!node) return;
    bool stopped = false;
    node->stop([&] { stopped = true; });
    world.run_until([&] { return stopped; });
  }

  void put(const std::string& path, std::string_view text) { world.files().put(path, std::string(text)); }
  void put_pair(const net::TlsIdentity& identity) {
    put(certificate, identity.certificates_pem);
    put(certificate_key, identity.private_key_pem);
  }

  // As main() does it: the command line, then the configuration file.
  config::Inputs inputs() {
    return {.arguments = {"serve", "--config", configuration},
            .environment = {},
            .read_file = cli::reading(world.files()),
            .version = "0",
            .sections = {wamp::auth::settings_section()}};
  }
  void serve() {
    auto read = cli::read_configuration(inputs());
    ASSERT_TRUE(read) << read.error();
    for (std::size_t i = 0; i < 2; ++i) loops.push_back(&world.loop(i));
    auto opened =
        cli::ServedNode::open({loops, world.network(), world.clock(), world.files()}, std::move(*read),
                              [this] { return cli::read_configuration(inputs()); });
    ASSERT_TRUE(opened) << opened.error();
    node = std::move(*opened);
  }
  void send_sighup() {
    node->read_again();
    world.run_until_idle();
  }

  std::unique_ptr<WebClient> open(const std::string& path, const net::TlsContext* tls = nullptr) {
    auto client = std::make_unique<WebClient>(
        world, node->topics_at(), path, WebClient::Options{.fields = {}, .subprotocols = {}, .tls = tls});
    world.run_until([&] { return client->open() || client->refused; });
    return client;
  }

  const testing::LogText logged;
  testing::MemoryWorld world;
  std::vector<net::Loop*> loops;
  std::unique_ptr<cli::ServedNode> node;
};

std::unique_ptr<net::TlsContext> trusting(const testing::CertificateAuthority& authority) {
  return *net::TlsContext::client(authority.certificate_pem());
}

TEST_F(ServedNodeJourney, J8_ARenewedCertificateIsShownToWhoeverComesNextAndNobodyIsDropped) {
  const testing::CertificateAuthority other("Another Authority");
  const auto old_trust = trusting(testing::test_authority()), new_trust = trusting(other);
  put(configuration, R"(
[serve]
tls-certificate = "/etc/crosspoint/lab.pem"
tls-key = "/etc/crosspoint/lab.key"
)");
  put_pair(testing::test_identity());
  serve();
  const auto viewer = open("/out/front", old_trust.get()), camera = open("/in/front", old_trust.get());
  ASSERT_TRUE(viewer->open() && camera->open());

  put_pair(other.issue());
  world.advance(1min);

  EXPECT_TRUE(open("/out/front", new_trust.get())->open());
  EXPECT_TRUE(open("/out/front", old_trust.get())->refused);
  camera->send("still here");
  world.run_until_idle();
  EXPECT_EQ(viewer->messages, std::vector{text("still here")});

  // Told to, it does not wait for the next look.
  put_pair(testing::test_identity());
  send_sighup();
  EXPECT_TRUE(open("/out/front", old_trust.get())->open());
  EXPECT_TRUE(open("/out/front", new_trust.get())->refused);
  EXPECT_TRUE(viewer->open());
}

TEST_F(ServedNodeJourney, J4_AConfigurationOrACertificateThatIsNoGoodChangesNothing) {
  const std::string good = R"(
[serve]
tls-certificate = "/etc/crosspoint/lab.pem"
tls-key = "/etc/crosspoint/lab.key"
)";
  const auto trust = trusting(testing::test_authority());
  put(configuration, good);
  put_pair(testing::test_identity());
  serve();

  put(configuration, good + "lopos = 3\n");
  world.files().break_file(certificate_key, "Input/output error");
  send_sighup();

  EXPECT_THAT(logged.text(), HasSubstr("the configuration in use stays"));
  EXPECT_THAT(
      logged.text(),
      HasSubstr("/etc/crosspoint/lab.key cannot be read: Input/output error; the certificates in use stay"));
  EXPECT_TRUE(open("/out/front", trust.get())->open());
}

// A host behind NAT that comes in by tokens from a file which a laboratory's issuer renews, and by keys which
// that issuer changes.
class TokenJourneyInMemory : public ServedNodeJourney {
 protected:
  void SetUp() override {
    put(configuration, R"(
[serve]
listen = "127.0.0.1:8080"
[access]
listen = "127.0.0.1:3000"
url = "ws://127.0.0.1:8080"
audience = "http://127.0.0.1:3000"
key-file = "/etc/crosspoint/issuer.pem"
state-file = "none"
)");
    put(issuer, test_keys::p256_public_pem);
    put_token(test_keys::p256_private_pem, 5min);
    serve();
    host::HostSettings settings;
    settings.agent.destination.token_directory = "/run/lab";
    host.emplace(world.loop(2), world.network(), world.files(), random, settings);
    ASSERT_TRUE(host->start());
    ASSERT_TRUE(host->agent().set(host::DestinationRule{.id = "0",
                                                        .stream = "front",
                                                        .destination = "http://127.0.0.1:3000/session/front",
                                                        .token_file = "rig01"}));
  }

  std::string token(std::string_view signing_key, Duration life) const {
    token::Claims claims;
    claims.booking_id = "b1";
    claims.topic = "front";
    claims.prefix = "session";
    claims.scopes = {"read", "write"};
    claims.audience = {"http://127.0.0.1:3000"};
    const auto now = std::chrono::floor<std::chrono::seconds>(world.clock().wall());
    claims.not_before = claims.issued = now;
    claims.expires = now + life;
    return token::Signer::from_private_pem(signing_key)->sign(claims);
  }
  void put_token(std::string_view signing_key, Duration life) {
    put("/run/lab/rig01", token(signing_key, life) + "\n");
  }
  host::DestinationReport destination() const { return host->status().destinations.at(0); }
  bool connected(std::uint64_t times) {
    return world.run_until(
        [&] { return destination().state == "connected" && destination().connections == times; }, 10min);
  }

  SeededRandom random{3};
  std::optional<host::Host> host;
};

TEST_F(TokenJourneyInMemory, H5_ARenewedTokenIsShownWhenTheOneBeforeHasEnded) {
  ASSERT_TRUE(connected(1)) << destination().last_error;
  world.advance(4min);
  ASSERT_EQ(destination().connections, 1u);

  put_token(test_keys::p256_private_pem, 1h);

  ASSERT_TRUE(connected(2)) << destination().last_error;
  world.advance(30min);
  EXPECT_EQ(destination().connections, 2u);
}

TEST_F(TokenJourneyInMemory, OtherKeysVerifyOtherTokensAndWhoIsConnectedStaysUntilItsTokenEnds) {
  ASSERT_TRUE(connected(1)) << destination().last_error;
  put(issuer, test_keys::rsa_public_pem);
  world.advance(1min);
  EXPECT_THAT(logged.text(), HasSubstr("tokens are verified with what is in /etc/crosspoint/issuer.pem now"));
  EXPECT_EQ(destination().state, "connected");
  world.advance(5min);
  EXPECT_NE(destination().state, "connected") << "its token is of the older key, and has ended";

  put_token(test_keys::rsa_private_pem, 1h);

  EXPECT_TRUE(connected(2)) << destination().last_error;
}

TEST_F(TokenJourneyInMemory, H5_ATokenThatEverybodyMayReadIsNotShownUntilThatIsMended) {
  ASSERT_TRUE(connected(1)) << destination().last_error;
  put_token(test_keys::p256_private_pem, 1h);
  world.files().change_mode("/run/lab/rig01", 0644);
  world.advance(6min);
  EXPECT_THAT(destination().last_error, HasSubstr("open to everybody"));

  world.files().change_mode("/run/lab/rig01", 0600);

  EXPECT_TRUE(connected(2)) << destination().last_error;
}

// `crosspoint check`, on the files that a node would be served from.
class CheckJourney : public ServedNodeJourney {
 protected:
  config::Reply check(std::string_view text, config::Environment environment = {}) {
    put(configuration, text);
    auto asked = inputs();
    asked.arguments = {"check", configuration};
    asked.environment = std::move(environment);
    asked.foresee = cli::foreseeing(world.files());
    return std::get<config::Reply>(config::parse_command_line(asked));
  }
  // What serve says of the file that was checked last.
  std::string refusal() {
    auto read = cli::read_configuration(inputs());
    if (!read) return read.error();
    loops = {&world.loop(0)};
    auto opened =
        cli::ServedNode::open({loops, world.network(), world.clock(), world.files()}, std::move(*read), {});
    return opened ? "it was served" : opened.error();
  }
};

TEST_F(CheckJourney, WhatServeWouldRefuseAtItsStartIsSaidWithItsPlace) {
  put("/etc/crosspoint/no.key", "no key\n");
  constexpr const char* realm =
      "[[wamp.realm]]\nname = \"lab\"\ntoken-role = \"visitor\"\n[[wamp.role]]\nname = \"visitor\"\n";
  const std::pair<std::string, const char*> table[] = {
      {realm, "node.toml:3:14: wamp.realm.token-role: what tokens are verified with is not set"},
      {"[wamp]\nrouter-key-file = \"lost.pem\"\n",
       "node.toml:2:19: wamp.router-key-file: lost.pem cannot be read: No such file"},
      {"[wamp]\nrouter-key-file = \"/etc/crosspoint/no.key\"\n",
       "node.toml:2:19: wamp.router-key-file: /etc/crosspoint/no.key holds no Ed25519"},
      {"[serve]\ntls-certificate = \"lost.pem\"\ntls-key = \"lost.key\"\n", "node.toml:2:19: "},
      {"[serve]\ntls-certificate = \"lost.pem\"\n", "node.toml:2:19: serve.tls-certificate names 1"},
      {"[access]\naudience = \"a\"\n", "token topics need access.audience"},
      {"[access]\naudience = \"a\"\nurl = \"ws://h\"\nkey-file = \"lost.pem\"\n",
       "node.toml:4:12: access.key-file: lost.pem cannot be read"},
      {"[access]\naudience = \"a\"\nurl = \"http://h\"\nsecret = \"s\"\n", "node.toml:3:7: access.url: "},
  };
  for (const auto& [text, sentence]: table) {
    const auto reply = check(text);
    EXPECT_EQ(reply.exit_status, 1) << text;
    EXPECT_THAT(reply.errors, HasSubstr(sentence));
    // serve's sentence, behind a place.
    EXPECT_THAT(reply.errors, HasSubstr(refusal()));
  }
}

TEST_F(CheckJourney, WhatIsThereIsGoodAndNothingIsMadeForIt) {
  put_pair(testing::test_identity());
  const std::string text =
      "[serve]\ntls-certificate = \"/etc/crosspoint/lab.pem\"\ntls-key = \"/etc/crosspoint/lab.key\"\n"
      "[access]\naudience = \"https://lab\"\nurl = \"wss://lab\"\nstate-file = "
      "\"/no/such/folder/access.db\"\n"
      "[[wamp.realm]]\nname = \"lab\"\ntoken-role = \"visitor\"\n[[wamp.role]]\nname = \"visitor\"\n";
  EXPECT_EQ(check(text, {{"CROSSPOINT_ACCESS_SECRET", "a secret of thirty-two bytes, or more"}}).errors, "");
  EXPECT_THAT(check(text).errors, HasSubstr("token topics need access.audience"));
}

TEST_F(CheckJourney, SecretsInAFileThatIsOpenToEverybodyAreWarnedOf) {
  const std::pair<std::string, bool> table[] = {
      {wamp::auth::settings_with_secret("rosebud"), true},
      {"[serve]\njsmpeg-secret = \"rosebud\"\n", true},
      {"[[wamp.realm]]\nname = \"lab\"\n[[wamp.role]]\nname = \"u\"\n[[wamp.principal]]\nauthid = "
       "\"a\"\nrole = \"u\"\n"
       "[wamp.principal.scram]\nsalt = \"AAAA\"\nstored-key = \"" +
           std::string(64, '0') + "\"\nserver-key = \"" + std::string(64, '0') + "\"\n",
       true},
      {"[serve]\nloops = 2\n[[wamp.realm]]\nname = \"lab\"\n", false},
  };
  for (const auto& [text, secret]: table) {
    EXPECT_EQ(check(text).errors, "");  // 0600
    const auto mode = [&](unsigned bits) {
      world.files().change_mode(configuration, bits);
      auto asked = inputs();
      const auto read = cli::read_configuration(asked);
      return cli::open_secrets(world.files(), configuration, read->settings, read->sections).value_or("");
    };
    EXPECT_EQ(mode(0640), "");
    EXPECT_EQ(mode(0644),
              secret
                  ? "/etc/crosspoint/node.toml: there are secrets in this file, and it is open to everybody "
                    "on this machine: chmod o= /etc/crosspoint/node.toml"
                  : "");
  }
}

// A realm, and somebody who comes in by a secret from a file.
class RealmJourneyInMemory : public ServedNodeJourney {
 protected:
  static constexpr const char* secret_file = "/run/lab/operator.secret";

  Result<wamp::client::Login, std::string> login() {
    return cli::wamp_login(world.files(), {"operator", {}, secret_file, {}, "--"});
  }
  bool joins(wamp::client::Login login) {
    WampCaller caller(world, node->topics_at(), "lab", std::move(login));
    return caller.joined() && caller.call("wamp.session.count").is_array();
  }
};

TEST_F(RealmJourneyInMemory, ASecretThatIsChangedAtBothEndsOpensTheRealmAgain) {
  ASSERT_TRUE(world.files().create(configuration, wamp::auth::settings_with_secret("the first secret")));
  put(secret_file, "the first secret\n");
  serve();
  const auto first = login();
  ASSERT_TRUE(first) << first.error();
  EXPECT_TRUE(joins(*first));

  put(configuration, wamp::auth::settings_with_secret("the second secret"));
  send_sighup();
  EXPECT_FALSE(joins(*first));

  put(secret_file, "the second secret\n");
  const auto second = login();
  ASSERT_TRUE(second) << second.error();
  EXPECT_TRUE(joins(*second));
}

TEST_F(RealmJourneyInMemory, ASecretFileThatIsNoGoodIsRefusedAndNotRepeated) {
  const auto refusal = [&] {
    const auto found = login();
    return found ? std::string("accepted") : found.error();
  };
  EXPECT_EQ(refusal(), "the file /run/lab/operator.secret cannot be used: No such file or directory");
  put(secret_file, "\n");
  EXPECT_EQ(refusal(), "the file /run/lab/operator.secret is empty");
  put(secret_file, std::string(cli::secret_file_bytes_max, 's'));
  EXPECT_EQ(refusal(), "accepted");
  put(secret_file, std::string(cli::secret_file_bytes_max + 1, 's'));
  EXPECT_THAT(refusal(), HasSubstr("it is larger than 64 KiB"));
  world.files().put(secret_file, "S3cret", 0604);
  EXPECT_THAT(refusal(), HasSubstr("open to everybody"));
  EXPECT_EQ(refusal().find("S3cret"), std::string::npos);
}

}  // namespace
}  // namespace crosspoint::journeys
