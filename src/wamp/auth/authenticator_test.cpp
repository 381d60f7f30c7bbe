// Openings with principals of the configuration: each method, and that none of them can be gone round.
#include "wamp/auth/authenticator.h"

#include <gtest/gtest.h>

#include <set>

#include "wamp/auth/test_opening.h"
#include "wamp/error_uri.h"

namespace crosspoint::wamp::auth {
namespace {

using namespace test_realm;

constexpr std::string_view argon2 =  // of "password"
    "$argon2id$v=19$m=64,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$S13H/QO8hEm2vsuYF2K1l+hgsjIvw0aF0f0twhqvB8s";

std::string cra_answer(const Opening& opening, std::string_view secret) {
  const auto* salt = find_text(opening.as<Challenged>()->extra, "salt");
  return wampcra_signature(wampcra_from_secret(secret, salt == nullptr ? "" : *salt),
                           opening.extra("challenge"));
}

TEST(Authenticator, ATicketOpensWhatItIsFor) {
  Desk desk;
  const auto lab_book = book(lab({with_ticket("peter", "rosebud")}));
  const Client peter{.authmethods = {"ticket"}, .authid = "peter"};

  Opening opening(desk, lab_book, peter);
  EXPECT_EQ(opening.method(), "ticket");
  EXPECT_TRUE(opening.as<Challenged>()->extra.empty());

  EXPECT_EQ(opening.answer("rosebud").welcome(), "peter user ticket static");
  EXPECT_EQ(Opening(desk, lab_book, peter).answer("rosebut").welcome(), failed);
  EXPECT_EQ(Opening(desk, lab_book, peter).answer("").welcome(), failed);
}

TEST(Authenticator, ASlowPasswordIsCheckedElsewhere) {
  Desk desk;
  Principal peter = named("peter");
  peter.ticket = *StoredPassword::parse(argon2);
  const auto lab_book = book(lab({peter}));
  for (const auto& [shown, welcome]: {std::pair("password", "peter user ticket static"),
                                      std::pair("rosebud", "wamp.error.authentication_failed")}) {
    Opening opening(desk, lab_book, {.authmethods = {"ticket"}, .authid = "peter"});

    opening.answer(shown);
    ASSERT_NE(opening.as<Slow>(), nullptr);
    EXPECT_FALSE(opening.authenticator().expects_answer());

    EXPECT_EQ(opening.job_is_done().welcome(), welcome);
  }
}

TEST(Authenticator, TicketsAreNotAskedForWhereOthersCanRead) {
  Desk desk;
  WampSettings settings = lab({with_ticket("peter", "rosebud")});
  Client peter{.authmethods = {"ticket"}, .authid = "peter", .facts = {.peer = "192.0.2.7:5022"}};

  EXPECT_EQ(Opening(desk, book(settings), peter).error(), error_uri::no_auth_method);
  peter.facts.local = true;
  EXPECT_EQ(Opening(desk, book(settings), peter).method(), "ticket");
  peter.facts.local = false;
  settings.realms[0].plain_tickets = true;
  EXPECT_EQ(Opening(desk, book(settings), peter).method(), "ticket");
}

TEST(Authenticator, WampCraIsAnsweredWithTheSecret) {
  for (const char* salt: {"", "salt123"}) {
    Desk desk;
    const auto lab_book = book(lab({with_wampcra("peter", "secret1", salt)}));
    const Client peter{.authmethods = {"wampcra"}, .authid = "peter"};
    Opening opening(desk, lab_book, peter);
    EXPECT_EQ(opening.method(), "wampcra");
    EXPECT_NE(opening.extra("challenge").find(R"("session":7})"), std::string::npos);

    EXPECT_EQ(opening.answer(cra_answer(opening, "secret1")).welcome(), "peter user wampcra static");
    Opening wrong(desk, lab_book, peter);
    EXPECT_EQ(wrong.answer(cra_answer(wrong, "secret2")).welcome(), failed);
  }
}

TEST(Authenticator, F10_AnAnswerToAnotherSessionsChallengeIsWorthNothing) {
  Desk desk;
  const auto lab_book = book(lab({with_wampcra("peter", "secret1")}));
  const Client peter{.authmethods = {"wampcra"}, .authid = "peter"};
  const Opening first(desk, lab_book, peter);
  Opening second(desk, lab_book, peter);
  ASSERT_NE(first.extra("challenge"), second.extra("challenge"));

  EXPECT_EQ(second.answer(cra_answer(first, "secret1")).welcome(), failed);
}

TEST(Authenticator, ScramProvesBothSides) {
  Desk desk;
  const auto lab_book = book(lab({with_scram("user", "pencil")}));
  Client user{.authmethods = {"wamp-scram"}, .authid = "user"};
  user.extra.nonce = "AAECAwQFBgcICQoLDA0ODw==";
  Opening opening(desk, lab_book, user);
  EXPECT_EQ(opening.method(), "wamp-scram");
  EXPECT_TRUE(opening.extra("nonce").starts_with(user.extra.nonce));
  EXPECT_EQ(
      opening.answer("MWGzrXi6I2oLq96q2RWiSSklY0E9PAITDfwXoDGt7VU=", {.nonce = user.extra.nonce}).welcome(),
      failed);

  user.extra.nonce = "short";
  EXPECT_EQ(Opening(desk, lab_book, user).error(), failed);
  user.authmethods = {"scram"};  // the other dialect, which she has no secret for
  EXPECT_EQ(Opening(desk, lab_book, user).error(), error_uri::no_auth_method);
}

TEST(Authenticator, CryptosignFindsTheNameByTheKey) {
  Desk desk;
  const auto lab_book = book(lab({with_key("rig01")}));
  Client rig{.authmethods = {"cryptosign"}};
  rig.extra.pubkey = pubkey;
  Opening opening(desk, lab_book, rig);
  EXPECT_EQ(opening.method(), "cryptosign");

  EXPECT_EQ(opening.answer(cryptosign_answer(opening)).welcome(), "rig01 user cryptosign static");
  rig.authid = "rig01";
  EXPECT_EQ(Opening(desk, lab_book, rig).answer("00").welcome(), failed);
}

TEST(Authenticator, AKeyOpensOnlyItsOwnName) {
  Desk desk;
  const auto lab_book = book(lab({with_key("rig01"), with_ticket("peter", "rosebud")}));
  Client rig{.authmethods = {"cryptosign"}, .authid = "peter"};
  rig.extra.pubkey = pubkey;
  EXPECT_EQ(Opening(desk, lab_book, rig).error(), error_uri::no_such_principal);

  rig.extra.pubkey = std::string(64, '0');
  for (const std::string_view authid: {"", "peter", "rig01", "nobody"}) {
    rig.authid = authid;
    EXPECT_EQ(Opening(desk, lab_book, rig).error(), error_uri::no_such_principal) << authid;
  }
  rig.extra.pubkey = "no key";
  EXPECT_EQ(Opening(desk, lab_book, rig).error(), error_uri::no_such_principal);
}

TEST(Authenticator, ACertificateIsProofEnough) {
  Desk desk;
  const ByteVector print(32, std::byte{1});
  const auto lab_book = book(lab({with_certificate("rig01", print)}));
  Client rig{.authmethods = {"tls", "anonymous"}};
  EXPECT_EQ(Opening(desk, lab_book, rig).error(), error_uri::no_auth_method);
  rig.facts.certificate_sha256 = print;
  EXPECT_EQ(Opening(desk, lab_book, rig).welcome(), "rig01 user tls static");
  rig.facts = {.certificate_sha1 = print};
  EXPECT_EQ(Opening(desk, lab_book, rig).welcome(), "rig01 user tls static");
  rig.authid = "peter";
  EXPECT_EQ(Opening(desk, lab_book, rig).error(), error_uri::no_auth_method);
}

TEST(Authenticator, NobodyTakesANameWithoutProof) {
  Desk desk;
  WampSettings settings = lab({with_ticket("peter", "rosebud")});
  settings.realms[0].anonymous_role = "guest";
  const auto lab_book = book(settings);
  const Opening opening(desk, lab_book, {.authmethods = {}, .authid = "peter"});

  ASSERT_NE(opening.as<Accepted>(), nullptr);
  const Identity& who = opening.as<Accepted>()->identity;
  EXPECT_EQ(who.authrole, "guest");
  EXPECT_EQ(who.authmethod, "anonymous");
  EXPECT_NE(who.authid, "peter");
  EXPECT_GE(who.authid.size(), 20u);
}

TEST(Authenticator, ThereIsNoWayInThatTheConfigurationDoesNotName) {
  Desk desk;
  const auto lab_book = book(lab({with_wampcra("peter", "secret1")}));
  for (const std::string_view method: {"anonymous", "ticket", "scram", "wamp-scram", "cryptosign", "tls",
                                       "cookie", "jwt", "Ticket", "", "wampcra "}) {
    Client peter{.authmethods = {method}, .authid = "peter"};
    peter.facts.cookie = "abc";
    EXPECT_EQ(Opening(desk, lab_book, peter).error(), error_uri::no_auth_method) << method;
  }
}

TEST(Authenticator, TheFirstOfTheClientsMethodsThatIsPossibleIsTaken) {
  Desk desk;
  Principal peter = with_wampcra("peter", "secret1");
  peter.ticket = StoredPassword::from_clear("rosebud");
  WampSettings settings = lab({peter});
  settings.realms[0].anonymous_role = "guest";
  const auto lab_book = book(settings);
  const auto method_for = [&](std::vector<std::string_view> methods) {
    return Opening(desk, lab_book, {.authmethods = std::move(methods), .authid = "peter"}).method();
  };

  EXPECT_EQ(method_for({"ticket", "wampcra"}), "ticket");
  EXPECT_EQ(method_for({"wampcra", "ticket"}), "wampcra");
  EXPECT_EQ(method_for({"unheard-of", "cryptosign", "wampcra", "anonymous"}), "wampcra");
}

TEST(Authenticator, AWrongAnswerIsNotFollowedByAnotherMethod) {
  Desk desk;
  WampSettings settings = lab({with_ticket("peter", "rosebud")});
  settings.realms[0].anonymous_role = "guest";
  Opening opening(desk, book(settings), {.authmethods = {"ticket", "anonymous"}, .authid = "peter"});

  EXPECT_EQ(opening.answer("x").error(), failed);
  EXPECT_FALSE(opening.authenticator().expects_answer());
}

TEST(Authenticator, MethodsBeyondTheLimitAreNotLookedAt) {
  Desk desk;
  const auto lab_book = book(lab({with_ticket("peter", "rosebud")}));
  Client peter{.authmethods = std::vector<std::string_view>(authmethods_max - 1, "x"), .authid = "peter"};
  peter.authmethods.push_back("ticket");
  EXPECT_EQ(Opening(desk, lab_book, peter).method(), "ticket");

  peter.authmethods.insert(peter.authmethods.begin(), "x");
  EXPECT_EQ(Opening(desk, lab_book, peter).error(), error_uri::no_auth_method);
}

TEST(Authenticator, ARoleIsNotTakenButGiven) {
  Desk desk;
  const auto lab_book = book(lab({with_ticket("peter", "rosebud")}));
  Client peter{.authmethods = {"ticket"}, .authid = "peter", .authrole = "operator"};

  EXPECT_EQ(Opening(desk, lab_book, peter).answer("rosebud").error(), error_uri::no_such_role);
  EXPECT_EQ(Opening(desk, lab_book, peter).answer("wrong").error(), failed);
  peter.authrole = "user";
  EXPECT_EQ(Opening(desk, lab_book, peter).answer("rosebud").welcome(), "peter user ticket static");
}

TEST(Authenticator, F11_RealmsThatAreNotThereAreNotMade) {
  Desk desk;
  WampSettings settings = lab({with_ticket("peter", "rosebud")});
  settings.realms.push_back(
      {.name = "rig.*", .is_template = true, .realms_max = 1, .anonymous_role = "guest"});
  const auto lab_book = book(settings);
  const auto error_of = [&](std::string_view realm) {
    return Opening(desk, lab_book, {.authmethods = {"anonymous"}, .realm = realm}).error();
  };

  for (const std::string_view realm: {"", "lab2", "rig.", "rig", "rig.a..b", "rig.a b", "rig.*"}) {
    // "rig.*" itself is a name like others that the pattern takes.
    if (realm != "rig.*") {
      EXPECT_EQ(error_of(realm), error_uri::no_such_realm) << realm;
    }
  }
  EXPECT_EQ(error_of("rig.a"), "not refused");
  const std::string longest = "rig." + std::string(realm_bytes_max - 4, 'a');
  EXPECT_EQ(error_of(longest), "not refused");
  EXPECT_EQ(error_of(longest + "a"), error_uri::no_such_realm);
}

TEST(Authenticator, ALongNameIsRefused) {
  Desk desk;
  const auto lab_book = book(lab({with_ticket("peter", "rosebud")}));
  const std::string longest(authid_bytes_max, 'a');

  EXPECT_EQ(Opening(desk, lab_book, {.authmethods = {"ticket"}, .authid = longest}).method(), "ticket");
  EXPECT_EQ(Opening(desk, lab_book, {.authmethods = {"ticket"}, .authid = longest + "a"}).error(), failed);
}

TEST(Authenticator, AnAnswerThatComesTooLateIsNone) {
  Desk desk;
  const auto lab_book = book(lab({with_ticket("peter", "rosebud")}));
  const Client peter{.authmethods = {"ticket"}, .authid = "peter"};
  Opening in_time(desk, lab_book, peter);
  Opening late(desk, lab_book, peter);
  EXPECT_EQ(in_time.authenticator().due(), desk.now.monotonic + 10s);

  desk.now.monotonic += 10s - 1ns;
  EXPECT_EQ(in_time.answer("rosebud").welcome(), "peter user ticket static");
  desk.now.monotonic += 1ns;
  EXPECT_EQ(late.answer("rosebud").error(), failed);
}

TEST(Authenticator, WhoeverDoesNotAnswerIsRefused) {
  Desk desk;
  Opening opening(desk, book(lab({with_ticket("peter", "rosebud")})),
                  {.authmethods = {"ticket"}, .authid = "peter"});

  const auto step = opening.authenticator().expire();

  EXPECT_EQ(std::get<Refused>(step).error, failed);
  EXPECT_FALSE(opening.authenticator().expects_answer());
}

}  // namespace
}  // namespace crosspoint::wamp::auth
