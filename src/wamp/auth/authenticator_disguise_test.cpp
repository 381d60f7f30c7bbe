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

// A realm whose names a procedure knows.
struct DisguiseByProcedure : ::testing::Test {
  Opening ask_about(std::string_view name, std::string_view method) {
    Client client{.authmethods = {method}, .authid = name};
    client.extra.nonce = "AAECAwQFBgcICQoLDA0ODw==";
    client.extra.pubkey = pubkey;
    Opening opening(desk, lab_book, client);
    EXPECT_TRUE(opening.as<Ask>());
    return opening;
  }
  static DynamicAnswer knows(std::string role, std::string salt = "salt-of-16-bytes",
                             std::uint32_t rounds = 50) {
    DynamicAnswer answer;
    answer.role = std::move(role);
    answer.wampcra = wampcra_from_secret("secret", std::move(salt), rounds, 20);
    answer.scram = ScramCredential{.salt = "W22ZaJ0SNY7soEsUEjb6gQ==", .iterations = rounds};
    answer.pubkey = parse_cryptosign_key(pubkey);
    return answer;
  }
  // What CHALLENGE tells, but for what is different each time.
  static std::string shape(const Opening& opening) {
    const auto* challenged = opening.as<Challenged>();
    if (challenged == nullptr) return "not challenged";
    std::string text = opening.method();
    for (const Field& field: challenged->extra) {
      text += " " + field.key;
      if (const auto* number = std::get_if<std::int64_t>(&field.value)) text += "=" + std::to_string(*number);
      if (field.key == "salt") text += "=" + std::to_string(opening.extra("salt").size());
    }
    const auto challenge = opening.extra("challenge");
    const auto role = challenge.find("\"authrole\"");
    if (role != std::string::npos) text += " " + challenge.substr(role, challenge.find(',', role) - role);
    return text;
  }

  static WampSettings with_procedure() {
    auto settings = empty_lab();
    settings.realms[0].authenticators.push_back(
        {.procedure = "com.who",
         .methods = {Method::wampcra, Method::scram, Method::wamp_scram, Method::cryptosign}});
    return settings;
  }
  Desk desk;
  std::shared_ptr<const RealmBook> lab_book = book(with_procedure());
};

TEST_F(DisguiseByProcedure, ARefusedNameIsChallengedAsAKnownOneAndRefusedAfterwards) {
  for (const char* method: {"wampcra", "scram", "wamp-scram", "cryptosign"}) {
    SCOPED_TRACE(method);
    auto known = ask_about("peter", method), refused = ask_about("nobody", method);
    known.procedure_says(knows("operator"));
    refused.procedure_says(std::nullopt);
    EXPECT_NE(shape(known), "not challenged");
    EXPECT_EQ(shape(known), shape(refused));
    EXPECT_EQ(known.answer("wrong").error(), refused.answer("wrong").error());
    EXPECT_EQ(known.as<Refused>()->message, refused.as<Refused>()->message);
    EXPECT_EQ(refused.as<Refused>()->why, "the authenticator refused it, or did not answer");
  }
}

TEST_F(DisguiseByProcedure, SoIsOneOfWhichItSaysWhatNobodyCanUse) {
  auto known = ask_about("peter", "wampcra"), elsewhere = ask_about("paul", "wampcra"),
       empty = ask_about("mary", "wampcra");
  auto other_realm = knows("operator");
  other_realm.realm = "nowhere";
  known.procedure_says(knows("operator"));
  elsewhere.procedure_says(other_realm);
  empty.procedure_says(DynamicAnswer{.role = "operator"});
  EXPECT_EQ(shape(known), shape(elsewhere));
  EXPECT_EQ(shape(known), shape(empty));
  EXPECT_EQ(elsewhere.answer("x").error(), failed);
  EXPECT_EQ(empty.answer("x").error(), failed);
}

// A secret that everybody knows does not open what is not there.
TEST_F(DisguiseByProcedure, ARefusedNameHasNoAnswerThatWouldBeRight) {
  auto refused = ask_about("nobody", "wampcra");
  refused.procedure_says(std::nullopt);
  const auto challenge = refused.extra("challenge");
  EXPECT_EQ(shape(refused).find("salt"), std::string::npos) << "nobody has been known so far";
  EXPECT_EQ(refused.answer(wampcra_signature(WampCraCredential{}, challenge)).error(), failed);
}

TEST_F(DisguiseByProcedure, NorHasARefusedKey) {
  auto known = ask_about("peter", "cryptosign"), refused = ask_about("peter", "cryptosign");
  known.procedure_says(knows("operator"));
  refused.procedure_says(std::nullopt);
  EXPECT_EQ(known.answer(cryptosign_answer(known)).welcome(), "peter operator cryptosign dynamic");
  EXPECT_EQ(refused.answer(cryptosign_answer(refused)).error(), failed);
}

TEST_F(DisguiseByProcedure, ANameHasItsSaltAndItsModelForItself) {
  for (const char* role: {"operator", "user", "guest"})
    ask_about("known", "wampcra").procedure_says(knows(role));
  std::set<std::string> salts, shapes;
  for (int i = 0; i < 40; ++i) {
    const auto name = "nobody" + std::to_string(i);
    auto first = ask_about(name, "wampcra"), second = ask_about(name, "wampcra");
    first.procedure_says(std::nullopt);
    second.procedure_says(std::nullopt);
    EXPECT_EQ(first.extra("salt"), second.extra("salt"));
    EXPECT_EQ(shape(first), shape(second));
    salts.insert(first.extra("salt"));
    shapes.insert(shape(first));
  }
  EXPECT_EQ(salts.size(), 40u);
  EXPECT_EQ(shapes.size(), 3u) << "some like an operator, some like a guest";
}

TEST(DynamicModels, TheOldestIsForgottenAndOneMoreLeavesMostNamesAsTheyWere) {
  DynamicModels models;
  const auto look = [&](int name) {
    return models.model_for("p", Method::wampcra, std::to_string(name), ByteVector(32))->role;
  };
  EXPECT_EQ(models.model_for("p", Method::wampcra, "x", {}), nullptr);
  for (char role = 'a'; role < 'h'; ++role) models.note("p", Method::wampcra, {.role = std::string(1, role)});
  std::vector<std::string> before;
  for (int name = 0; name < 100; ++name) before.push_back(look(name));
  models.note("p", Method::wampcra, {.role = "h"});
  models.note("p", Method::wampcra, {.role = "a"});  // is there
  for (int name = 0; name < 100; ++name) EXPECT_TRUE(look(name) == "h" || look(name) == before[name]);
  models.note("p", Method::wampcra, {.role = "i"});
  for (int name = 0; name < 100; ++name) EXPECT_NE(look(name), "a");
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
