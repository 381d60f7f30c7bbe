// Each method against the router's half of it.
#include "wamp/client/login.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hex.h"
#include "data/transcode.h"
#include "wamp/auth/cryptosign.h"
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
  const auto said = answer_challenge(login, method, Format::json, as_bytes(extra));
  return said ? std::string(said->view()) : "refused: " + said.error();
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
  const auto extra = hello_extra(login, Format::json);
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
       "binds to the channel"},
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
