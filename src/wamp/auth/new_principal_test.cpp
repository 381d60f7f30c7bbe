// Each block goes the way that a user's goes: into a file, through the reading of settings, and to a login.
#include "wamp/auth/new_principal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "config/resolve.h"
#include "wamp/auth/read_settings.h"
#include "wamp/auth/test_opening.h"

namespace crosspoint::wamp::auth {
namespace {

using namespace test_realm;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view salt_text = "0123456789abcdef";
const Salt new_salt = as_bytes(salt_text).first<crypto::argon2_salt_bytes>();
const NewPrincipal new_peter{"peter", "user", "lab"};
constexpr SlowHash quick_argon2{ScramKdf::argon2id, 2, 64}, quick_pbkdf2{ScramKdf::pbkdf2, 1000, 0};

WampSettings settings_with(const PrincipalBlock& block) {
  EXPECT_TRUE(block) << block.error();
  const std::string text =
      "[[wamp.realm]]\nname = \"lab\"\n[[wamp.role]]\nname = \"user\"\n" + block.value_or("");
  const auto resolution = config::resolve_file("node.toml", text, {settings_section()});
  for (const auto& problem: resolution.problems) ADD_FAILURE() << problem.sentence << "\n" << text;
  return read_settings(resolution.sections.at(0)).settings;
}

// What comes of a login of peter's, by what is shown or proved.
struct Login {
  Desk desk;
  std::shared_ptr<const RealmBook> realms;
  explicit Login(const PrincipalBlock& block) : realms(book(settings_with(block))) {}

  std::string with_ticket(std::string_view ticket) {
    Opening opening(desk, realms, {.authmethods = {"ticket"}, .authid = "peter"});
    return opening.answer(ticket).job_is_done().welcome();
  }
  std::string with_secret(std::string_view secret) {
    Opening opening(desk, realms, {.authmethods = {"wampcra"}, .authid = "peter"});
    const auto& fields = opening.as<Challenged>()->extra;
    const auto iterations = std::ranges::find(fields, "iterations", &Field::key);
    const auto derived = wampcra_from_secret(
        secret, opening.extra("salt"), static_cast<std::uint32_t>(std::get<std::int64_t>(iterations->value)));
    return opening.answer(wampcra_signature(derived, opening.extra("challenge"))).welcome();
  }
  std::string with_password(std::string_view password, ScramDialect dialect, const SlowHash& slow) {
    const bool autobahn = dialect == ScramDialect::autobahn;
    const std::string nonce = encode_base64(Base64::standard, new_salt);
    Opening opening(
        desk, realms,
        {.authmethods = {autobahn ? "scram" : "wamp-scram"}, .authid = "peter", .extra = {.nonce = nonce}});
    const proof::ScramCosts costs{opening.extra("salt"), *proof::find_kdf(opening.extra("kdf"), dialect),
                                  slow.iterations, slow.memory_kib};
    const auto message =
        scram_auth_message({"peter", nonce, opening.extra("nonce"), costs.salt, costs.iterations,
                            autobahn ? std::string() : proof::gs2_channel({}, {})});
    const auto proofs = proof::scram_prove(*proof::scram_secret(password, costs, dialect), message);
    AuthenticateExtra extra;
    if (!autobahn) extra.nonce = opening.extra("nonce");
    return opening.answer(encode_base64(Base64::standard, proofs.client), extra).welcome();
  }
};

TEST(NewPrincipal, ATicketOpensAndIsNotInTheFile) {
  for (const auto& slow: {quick_argon2, quick_pbkdf2}) {
    const auto block = new_ticket_principal(new_peter, "rose\"bud", slow, new_salt);
    ASSERT_TRUE(block);
    EXPECT_THAT(*block, Not(HasSubstr("bud")));
    EXPECT_EQ(Login(block).with_ticket("rose\"bud"), "peter user ticket static");
    EXPECT_EQ(Login(block).with_ticket("rosebud"), failed);
  }
}

TEST(NewPrincipal, ASecretOfWampCraOpensByWhatIsDerivedFromIt) {
  const auto block = new_wampcra_principal(new_peter, "rosebud", quick_argon2, new_salt);
  ASSERT_TRUE(block);
  EXPECT_THAT(*block, Not(HasSubstr("rosebud")));
  EXPECT_THAT(*block, HasSubstr("wampcra-iterations = 2\n"));
  EXPECT_EQ(Login(block).with_secret("rosebud"), "peter user wampcra static");
  EXPECT_EQ(Login(block).with_secret("rosebut"), failed);
}

TEST(NewPrincipal, APasswordOfScramOpensInTheDialectThatItIsMadeFor) {
  for (const auto dialect: {ScramDialect::autobahn, ScramDialect::specification}) {
    for (const auto& slow: {quick_argon2, quick_pbkdf2}) {
      const auto block = new_scram_principal(new_peter, "pencil", dialect, slow, new_salt);
      ASSERT_TRUE(block);
      EXPECT_THAT(*block, Not(HasSubstr("pencil")));
      Login login(block);
      EXPECT_THAT(login.with_password("pencil", dialect, slow), HasSubstr("peter user "));
      EXPECT_EQ(login.with_password("pen", dialect, slow), failed);
    }
  }
}

TEST(NewPrincipal, AKeyOpensByItsPublicHalf) {
  const auto key = *crypto::PrivateKey::from_ed25519_seed(*decode_hex(seed));
  Login login(new_cryptosign_principal(new_peter, key.public_key().ed25519_bytes()));
  Opening opening(
      login.desk, login.realms,
      {.authmethods = {"cryptosign"}, .authid = "peter", .extra = {.pubkey = std::string(pubkey)}});
  const auto message = *decode_hex(opening.extra("challenge"));
  ByteVector answer = key.sign(message);
  append(answer, message);
  EXPECT_EQ(opening.answer(encode_hex(answer)).welcome(), "peter user cryptosign static");
}

TEST(NewPrincipal, WhatIsUsualIsReadAsWell) {
  const auto scram = new_scram_principal(new_peter, "pencil", ScramDialect::specification,
                                         {.kdf = ScramKdf::pbkdf2}, new_salt);
  EXPECT_EQ(settings_with(scram).principals.at(0).principal.wamp_scram->iterations,
            new_principal_rounds_of_clients);
  EXPECT_EQ(settings_with(new_wampcra_principal(new_peter, "s", {}, new_salt))
                .principals.at(0)
                .principal.wampcra->iterations,
            new_principal_rounds_of_clients);
}

TEST(NewPrincipal, NamesAreWrittenSoThatTheyAreReadAsTheyWere) {
  const NewPrincipal odd{"o\"d\\d é # ] =", "user", ""};
  const auto settings = settings_with(new_cryptosign_principal(odd, *decode_hex(pubkey)));
  EXPECT_EQ(settings.principals.at(0).principal.authid, odd.authid);
  EXPECT_EQ(settings.principals.at(0).realm, "");
}

TEST(NewPrincipal, ARefusalIsASentenceWithoutTheSecret) {
  const std::pair<NewPrincipal, const char*> table[] = {
      {{"", "user", ""}, "--authid is missing"},
      {{"a", "", ""}, "--role is missing"},
      {{std::string(257, 'a'), "user", ""}, "--authid is longer than 256 bytes"},
      {{"a\nb", "user", ""}, "--authid holds what is no text"},
      {{"a", "\xff", ""}, "--role holds what is no text"},
      {{"a", "user", "\x7f"}, "--realm holds what is no text"},
  };
  for (const auto& [who, sentence]: table) EXPECT_EQ(check_new_principal(who).error(), sentence);
  EXPECT_TRUE(check_new_principal({std::string(256, 'a'), "user", ""}));

  const SlowHash costly{ScramKdf::argon2id, argon2_time_cost_max + 1, 8};
  EXPECT_THAT(new_ticket_principal(new_peter, "rosebud", costly, new_salt).error(),
              HasSubstr("at most 64 passes"));
  EXPECT_THAT(
      new_scram_principal(new_peter, "rosebud", ScramDialect::autobahn, {ScramKdf::argon2id, 1, 7}, new_salt)
          .error(),
      HasSubstr("--memory"));
}

}  // namespace
}  // namespace crosspoint::wamp::auth
