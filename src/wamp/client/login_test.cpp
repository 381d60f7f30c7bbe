// Each method against the router's half of it.
#include "wamp/client/login.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hex.h"
#include "data/transcode.h"
#include "wamp/auth/cryptosign.h"
#include "wamp/auth/scram.h"
#include "wamp/auth/wampcra.h"

namespace crosspoint::wamp::client {
namespace {

using data::Format;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const ByteVector seed(32, std::byte{7});

Login with_secret(std::string_view secret) {
  Login login;
  login.secret = crypto::SecretText(secret);
  return login;
}
Login with_key() {
  Login login;
  login.key = *crypto::PrivateKey::from_ed25519_seed(seed);
  return login;
}
std::string answer(const Login& login, std::string_view method, std::string_view extra) {
  const auto said = LoginExchange(login, {}).answer(method, Format::json, as_bytes(extra));
  return said ? std::string(said->signature.view()) : "refused: " + said.error();
}
Login with_password(std::string_view password) {
  Login login;
  login.authid = "user";
  login.password = crypto::SecretText(password);
  return login;
}
// A connection over TLS, and a nonce that is known.
Channel channel() {
  Channel made{{.tls_unique = ByteVector(12, std::byte{1}), .tls_exporter = ByteVector(32, std::byte{2})}};
  made.nonce.fill(std::byte{3});
  return made;
}

TEST(ClientLogin, OffersOneMethodAndNoWeakerOne) {
  EXPECT_THAT(methods_of({}), ElementsAre("anonymous"));
  EXPECT_THAT(methods_of(with_secret("s")), ElementsAre("wampcra"));
  EXPECT_THAT(methods_of(with_key()), ElementsAre("cryptosign"));
  Login ticket;
  ticket.ticket = crypto::SecretText("t");
  EXPECT_THAT(methods_of(ticket), ElementsAre("ticket"));
  EXPECT_EQ(answer(ticket, "ticket", "{}"), "t");
}

TEST(ClientLogin, WampCraWithoutSaltIsWhatTheRouterComputes) {
  const std::string challenge = R"({"nonce":"n","session":5})";
  const auto credential = auth::wampcra_from_secret("secret1", "");
  EXPECT_EQ(answer(with_secret("secret1"), "wampcra", R"({"challenge":"{\"nonce\":\"n\",\"session\":5}"})"),
            auth::wampcra_signature(credential, challenge));
}

TEST(ClientLogin, WampCraWithSaltIsWhatTheRouterComputes) {
  const auto credential = auth::wampcra_from_secret("secret1", "salt", 10, 20);
  EXPECT_EQ(answer(with_secret("secret1"), "wampcra",
                   R"({"challenge":"c","salt":"salt","iterations":10,"keylen":20})"),
            auth::wampcra_signature(credential, "c"));
  const auto standard = auth::wampcra_from_secret("secret1", "salt", 1000, 32);
  EXPECT_EQ(answer(with_secret("secret1"), "wampcra", R"({"challenge":"c","salt":"salt"})"),
            auth::wampcra_signature(standard, "c"));
}

TEST(ClientLogin, ARouterCannotOrderEndlessWork) {
  const auto extra = [](std::uint64_t iterations, std::uint64_t key_bytes) {
    return fmt::format(R"({{"challenge":"c","salt":"s","iterations":{},"keylen":{}}})", iterations,
                       key_bytes);
  };
  const auto login = with_secret("s");
  EXPECT_THAT(answer(login, "wampcra", extra(wampcra_iterations_max + 1, 32)), HasSubstr("refused"));
  EXPECT_THAT(answer(login, "wampcra", extra(1, wampcra_key_bytes_max + 1)), HasSubstr("refused"));
  EXPECT_THAT(answer(login, "wampcra", extra(0, 32)), HasSubstr("refused"));
  EXPECT_THAT(answer(login, "wampcra", extra(1, wampcra_key_bytes_max)),
              ::testing::Not(HasSubstr("refused")));
}

TEST(ClientLogin, CryptosignConvincesTheRouter) {
  const auto login = with_key();
  const auto extra = LoginExchange(login, {}).hello_extra(Format::json);
  const auto text = std::string(as_text(Bytes(extra)));
  ASSERT_THAT(text, HasSubstr(R"({"pubkey":")"));
  const auto key = auth::parse_cryptosign_key(text.substr(11, 64));
  ASSERT_TRUE(key);
  auth::CryptosignKey challenge;
  challenge.fill(std::byte{9});
  const auto exchange = auth::CryptosignExchange::begin(*key, {}, {}, nullptr, challenge);
  ASSERT_TRUE(exchange);
  const auto said =
      answer(login, "cryptosign",
             fmt::format(R"({{"challenge":"{}","channel_binding":null}})", encode_hex(Bytes(challenge))));
  EXPECT_TRUE(exchange->verify(said)) << said;
}

// The whole opening, the router's half being the router's.
struct ScramOpening {
  explicit ScramOpening(auth::ScramDialect the_dialect, auth::ScramKdf kdf = auth::ScramKdf::pbkdf2)
      : dialect(the_dialect) {
    credential.salt = "W22ZaJ0SNY7soEsUEjb6gQ==";
    credential.kdf = kdf;
    credential.iterations = kdf == auth::ScramKdf::pbkdf2 ? 8 : 1;
    credential.memory_kib = kdf == auth::ScramKdf::pbkdf2 ? 0 : 64;
    credential.keys = *auth::scram_keys("pencil", credential, dialect);
  }
  // Fields as JSON; of plain ASCII and numbers.
  static std::string json(const auth::Fields& fields) {
    std::string text;
    for (const auto& [key, value]: fields) {
      const auto* string = std::get_if<std::string>(&value);
      text += fmt::format("{}\"{}\":", text.empty() ? "" : ",", key);
      text +=
          string != nullptr ? fmt::format("\"{}\"", *string) : std::to_string(std::get<std::int64_t>(value));
    }
    return "{" + text + "}";
  }
  std::string text(Bytes map, std::string_view key) {
    const auto value = data::read_value(Format::json, map);
    const auto* found = value ? value->find(key) : nullptr;
    return found == nullptr || found->string() == nullptr ? std::string() : *found->string();
  }
  // WELCOME.authextra; empty: the router refused.
  std::string open(LoginExchange& client, const proof::ChannelBindings& bindings = {}) {
    const auto hello = client.hello_extra(Format::json);
    auth::TransportFacts facts;
    facts.tls_unique = bindings.tls_unique;
    facts.tls_exporter = bindings.tls_exporter;
    const ByteVector ours(auth::scram_nonce_bytes, std::byte{9});
    const auto router = auth::ScramExchange::begin(
        dialect, credential, "user",
        {.channel_binding = text(hello, "channel_binding"), .nonce = text(hello, "nonce")}, facts,
        Bytes(ours).first<auth::scram_nonce_bytes>());
    if (!router) return {};
    const auto said = client.answer(dialect == auth::ScramDialect::autobahn ? "scram" : "wamp-scram",
                                    Format::json, as_bytes(json(router->challenge())));
    EXPECT_TRUE(said) << said.error();
    if (!said) return {};
    const auto verified =
        router->verify(said->signature.view(), {.nonce = text(said->extra, "nonce"),
                                                .channel_binding = text(said->extra, "channel_binding"),
                                                .cbind_data = text(said->extra, "cbind_data")});
    return verified ? json(*verified) : "";
  }
  // Does the client take the router for who it should be?
  static bool believes(const LoginExchange& client, std::string_view welcome) {
    const auto extra = data::read_value(Format::json, as_bytes(welcome));
    return client.check_welcome("wamp-scram", extra ? &*extra : nullptr).has_value();
  }

  auth::ScramDialect dialect;
  auth::ScramCredential credential;
};

TEST(ClientLogin, ScramConvincesTheRouterAndTheRouterTheClient) {
  for (const auto dialect: {auth::ScramDialect::specification, auth::ScramDialect::autobahn}) {
    for (const auto kdf: {auth::ScramKdf::pbkdf2, auth::ScramKdf::argon2id}) {
      const auto login = with_password("pencil");
      LoginExchange client(login, channel());
      const auto welcome = ScramOpening(dialect, kdf).open(client);
      EXPECT_NE(welcome, "");
      EXPECT_TRUE(ScramOpening::believes(client, welcome));
      EXPECT_FALSE(ScramOpening::believes(client, "{}"));
      EXPECT_FALSE(ScramOpening::believes(client, R"({"verifier":"","scram_server_signature":""})"));
    }
  }
  EXPECT_THAT(methods_of(with_password("p")), ElementsAre("wamp-scram", "scram"));
}

TEST(ClientLogin, ScramRefusesAWrongPasswordAndARouterThatWelcomesAnybody) {
  const auto login = with_password("pen");
  LoginExchange client(login, channel());
  EXPECT_FALSE(ScramOpening::believes(client, R"({"verifier":""})")) << "without a challenge";
  EXPECT_EQ(ScramOpening(auth::ScramDialect::specification).open(client), "");
}

TEST(ClientLogin, ScramIsBoundToItsConnectionWhereThatIsAskedFor) {
  auto login = with_password("pencil");
  login.channel_binding = "tls-unique";
  EXPECT_THAT(methods_of(login), ElementsAre("wamp-scram")) << "Autobahn's has none";
  LoginExchange client(login, channel()), elsewhere(login, channel());
  EXPECT_EQ(client.trouble(), "");
  EXPECT_NE(ScramOpening(auth::ScramDialect::specification).open(client, channel().bindings), "");
  EXPECT_EQ(ScramOpening(auth::ScramDialect::specification)
                .open(elsewhere, {.tls_unique = ByteVector(12, std::byte{7})}),
            "");
}

TEST(ClientLogin, CryptosignIsBoundToItsConnectionWhereThatIsAskedFor) {
  auth::CryptosignKey challenge;
  challenge.fill(std::byte{9});
  for (const std::string binding: {"tls-unique", "tls-exporter"}) {
    auto login = with_key();
    login.channel_binding = binding;
    LoginExchange client(login, channel());
    auth::TransportFacts facts;
    facts.tls_unique = channel().bindings.tls_unique;
    facts.tls_exporter = channel().bindings.tls_exporter;
    const auto key = auth::parse_cryptosign_key(encode_hex(login.key->public_key().ed25519_bytes()));
    const auto router =
        auth::CryptosignExchange::begin(*key, {.channel_binding = binding}, facts, nullptr, challenge);
    ASSERT_TRUE(router);
    const auto asked =
        fmt::format(R"({{"challenge":"{}","channel_binding":"{}"}})", encode_hex(Bytes(challenge)), binding);
    const auto said = client.answer("cryptosign", Format::json, as_bytes(asked));
    ASSERT_TRUE(said) << said.error();
    EXPECT_TRUE(router->verify(said->signature.view())) << binding;
    EXPECT_THAT(std::string(as_text(Bytes(client.hello_extra(Format::json)))), HasSubstr(binding));
    EXPECT_THAT(LoginExchange(login, {}).trouble(), HasSubstr(binding)) << "no TLS, no binding";
    const auto unbound =
        fmt::format(R"({{"challenge":"{}","channel_binding":null}})", encode_hex(Bytes(challenge)));
    EXPECT_FALSE(client.answer("cryptosign", Format::json, as_bytes(unbound))) << "no downgrade";
  }
}

TEST(ClientLogin, ACertificateAndMethodsOfOthersAreOffered) {
  Login login;
  login.certificate = true;
  EXPECT_THAT(methods_of(login), ElementsAre("tls"));
  login.others = {"x-badge"};
  EXPECT_THAT(methods_of(login), ElementsAre("x-badge", "tls"));
  login.certificate = false;
  EXPECT_THAT(methods_of(login), ElementsAre("x-badge")) << "not as anybody";
  login.extra = data::Value::Map{{"badge", 7}};
  const LoginExchange exchange(login, {});
  EXPECT_TRUE(exchange.is_others("x-badge"));
  EXPECT_EQ(as_text(Bytes(exchange.hello_extra(Format::json))), R"({"badge":7})");
}

TEST(ClientLogin, RefusesChallengesThatItCannotMeanToAnswer) {
  const struct {
    Login login;
    const char* method;
    const char* extra;
    const char* why;
  } rows[] = {
      {{}, "ticket", "{}", "not offered"},
      {{}, "anonymous", "{}", "nothing to show"},
      {with_secret("s"), "ticket", "{}", "not offered"},
      {with_secret("s"), "wampcra", "{}", "challenge is empty"},
      {with_secret("s"), "wampcra", R"({"challenge":7})", "challenge is empty"},
      {with_secret("s"), "wampcra", "{", "cannot be read"},
      {with_secret("s"), "wampcra", R"({"challenge":"c","salt":"s","iterations":"x"})", "beyond"},
      {with_key(), "cryptosign", R"({"challenge":"abcd"})", "64 hexadecimal digits"},
      {with_key(), "cryptosign",
       R"({"challenge":"0000000000000000000000000000000000000000000000000000000000000000","channel_binding":"tls-unique"})",
       "another channel"},
      {with_password("p"), "wampcra", R"({"challenge":"c"})", "not offered"},
      {with_password("p"), "wamp-scram", R"({"nonce":"AAAA","salt":"","kdf":"pbkdf2","iterations":1})",
       "begins with ours"},
      {with_password("p"), "wamp-scram",
       R"({"nonce":"AAAAAAAAAAAAAAAAAAAAAA==x","salt":"","kdf":"pbkdf2","iterations":1000001})", "more work"},
      {with_password("p"), "wamp-scram",
       R"({"nonce":"AAAAAAAAAAAAAAAAAAAAAA==x","salt":"","kdf":"md5","iterations":1})", "nobody knows"},
      {with_password("p"), "wamp-scram",
       R"({"nonce":"AAAAAAAAAAAAAAAAAAAAAA==x","salt":"","kdf":"argon2id13","iterations":100,"memory":262144})",
       "more work"},
      {with_password("p"), "wamp-scram",
       R"({"nonce":"AAAAAAAAAAAAAAAAAAAAAA==x","salt":"?","kdf":"pbkdf2","iterations":1})", "salt is none"},
  };
  for (const auto& [login, method, extra, why]: rows) {
    EXPECT_THAT(answer(login, method, extra), HasSubstr(why)) << method << " " << extra;
  }
}

TEST(ClientLogin, ReadsAKeyAsAutobahnsToolsWriteItAndAsPem) {
  const auto from_hex = read_login_key(encode_hex(seed) + "\n");
  ASSERT_TRUE(from_hex);
  EXPECT_EQ(from_hex->public_key().ed25519_bytes(), with_key().key->public_key().ed25519_bytes());
  EXPECT_FALSE(read_login_key("abcd"));
  EXPECT_FALSE(read_login_key(""));
  EXPECT_FALSE(read_login_key("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n"));
}

}  // namespace
}  // namespace crosspoint::wamp::client
