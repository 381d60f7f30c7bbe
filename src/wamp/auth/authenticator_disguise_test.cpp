// Nobody learns from the answers which names there are.
#include <gtest/gtest.h>

#include <set>

#include "base/base64.h"
#include "wamp/auth/test_opening.h"

namespace crosspoint::wamp::auth {
namespace {

using namespace test_realm;

constexpr std::string_view slow_ticket =
    "$argon2id$v=19$m=64,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$S13H/QO8hEm2vsuYF2K1l+hgsjIvw0aF0f0twhqvB8s";

TEST(Disguise, AnUnknownNameIsChallengedLikeAKnownOne) {
  Desk desk;
  const auto lab_book = book(lab({with_wampcra("peter", "secret1", "salt123")}));
  const Opening known(desk, lab_book, {.authmethods = {"wampcra"}, .authid = "peter"});
  Opening unknown(desk, lab_book, {.authmethods = {"wampcra"}, .authid = "paul"});

  ASSERT_NE(unknown.as<Challenged>(), nullptr);
  const auto& shown = known.as<Challenged>()->extra;
  const auto& faked = unknown.as<Challenged>()->extra;
  ASSERT_EQ(faked.size(), shown.size());
  for (std::size_t i = 0; i < shown.size(); ++i) EXPECT_EQ(faked[i].key, shown[i].key);
  EXPECT_EQ(unknown.extra("salt").size(), known.extra("salt").size());
  EXPECT_NE(unknown.extra("salt"), known.extra("salt"));
  EXPECT_NE(unknown.extra("challenge").find(R"("authrole":"user")"), std::string::npos);
}

TEST(Disguise, WithTheRightSecretOfTheModelAnUnknownNameIsStillRefused) {
  Desk desk;
  for (const bool salted: {false, true}) {
    const auto lab_book = book(lab({with_wampcra("peter", "secret1", salted ? "salt123" : "")}));
    Opening unknown(desk, lab_book, {.authmethods = {"wampcra"}, .authid = "paul"});
    const auto model = wampcra_from_secret("secret1", salted ? "salt123" : "");

    EXPECT_EQ(unknown.answer(wampcra_signature(model, unknown.extra("challenge"))).error(), failed);
  }
  const auto tickets = book(lab({with_ticket("peter", "rosebud")}));
  EXPECT_EQ(Opening(desk, tickets, {.authmethods = {"ticket"}, .authid = "paul"}).answer("rosebud").error(),
            failed);
}

TEST(Disguise, AnUnknownNamesTicketTakesAsLong) {
  Desk desk;
  Principal peter = named("peter");
  peter.ticket = *StoredPassword::parse(slow_ticket);
  Opening unknown(desk, book(lab({peter})), {.authmethods = {"ticket"}, .authid = "paul"});

  unknown.answer("password");  // which is peter's

  ASSERT_NE(unknown.as<Slow>(), nullptr);
  EXPECT_EQ(unknown.job_is_done().error(), failed);
}

TEST(Disguise, TheSameNameAlwaysLooksTheSame) {
  Desk desk;
  const auto lab_book = book(lab({with_scram("peter", "pencil"), with_wampcra("mary", "s", "salt")}));
  std::set<std::string> methods;
  std::set<std::string> salts;
  for (int i = 0; i < 40; ++i) {
    const std::string name = "somebody" + std::to_string(i);
    Client client{.authmethods = {"wamp-scram", "wampcra"}, .authid = name};
    client.extra.nonce = "AAECAwQFBgcICQoLDA0ODw==";
    const Opening first(desk, lab_book, client);
    const Opening second(desk, lab_book, client);
    EXPECT_EQ(first.method(), second.method());
    EXPECT_EQ(first.extra("salt"), second.extra("salt"));
    methods.insert(first.method());
    salts.insert(first.extra("salt"));
  }
  EXPECT_EQ(methods, (std::set<std::string>{"wamp-scram", "wampcra"}));  // some like peter, some like mary
  EXPECT_EQ(salts.size(), 40u);
}

TEST(Disguise, AnUnknownNamesScramSaltIsAsLongAsARealOne) {
  Desk desk;
  Client paul{.authmethods = {"wamp-scram"}, .authid = "paul"};
  paul.extra.nonce = "AAECAwQFBgcICQoLDA0ODw==";
  Opening unknown(desk, book(lab({with_scram("peter", "pencil")})), paul);

  EXPECT_EQ(decode_base64(Base64::standard, unknown.extra("salt"))->size(), 16u);
  EXPECT_EQ(unknown.answer("MWGzrXi6I2oLq96q2RWiSSklY0E9PAITDfwXoDGt7VU=", {.nonce = unknown.extra("nonce")})
                .error(),
            failed);
}

TEST(Disguise, EveryRefusalOfAProofSaysTheSame) {
  Desk desk;
  const auto lab_book = book(lab({with_ticket("peter", "rosebud")}));
  Opening known(desk, lab_book, {.authmethods = {"ticket"}, .authid = "peter"});
  Opening unknown(desk, lab_book, {.authmethods = {"ticket"}, .authid = "paul"});
  known.answer("x");
  unknown.answer("x");

  ASSERT_TRUE(known.as<Refused>() && unknown.as<Refused>());
  EXPECT_EQ(known.as<Refused>()->error, unknown.as<Refused>()->error);
  EXPECT_EQ(known.as<Refused>()->message, unknown.as<Refused>()->message);
  EXPECT_EQ(known.as<Refused>()->why, "the ticket is wrong") << "for the log";
  EXPECT_EQ(unknown.as<Refused>()->why, "no such principal");
}

}  // namespace
}  // namespace crosspoint::wamp::auth
