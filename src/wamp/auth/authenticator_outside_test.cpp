// Openings that something outside the configuration decides: a procedure, a token, a cookie.
#include <gtest/gtest.h>

#include "token/signer.h"
#include "wamp/auth/test_opening.h"
#include "wamp/error_uri.h"

namespace crosspoint::wamp::auth {
namespace {

using namespace test_realm;

WampSettings lab_with_procedure(Methods methods, std::vector<Principal> principals = {}) {
  WampSettings settings = lab(std::move(principals));
  settings.realms[0].authenticators.push_back(
      {.procedure = "com.lab.login", .realm = "auth", .methods = methods});
  return settings;
}

constexpr std::string_view token_secret = "a secret of the laboratory, long enough for the hash";

token::Verifier verifier() {
  return {*token::KeySet::from_secret(token_secret), {.audience = "https://lab.example"}};
}

std::string token_for(Desk& desk, std::string subject, std::vector<std::string> scopes = {"read", "write"}) {
  token::Claims claims;
  claims.booking_id = "bk-7";
  claims.topic = "rig01";
  claims.prefix = "session";
  claims.scopes = std::move(scopes);
  claims.audience = {"https://lab.example"};
  claims.expires = desk.now.wall + 10min;
  claims.subject = std::move(subject);
  return token::Signer::from_secret(token_secret)->sign(claims);
}

WampSettings lab_with_tokens(std::vector<Principal> principals = {}) {
  WampSettings settings = lab(std::move(principals));
  settings.realms[0].token = {.role = "user", .uri_prefix = "lab.topic."};
  return settings;
}

TEST(DynamicAuthenticator, DecidesAboutATicket) {
  Desk desk;
  const auto lab_book = book(lab_with_procedure({Method::ticket}));
  Opening opening(desk, lab_book, {.authmethods = {"ticket"}, .authid = "peter"});
  EXPECT_EQ(opening.method(), "ticket");

  const auto* ask = opening.answer("rosebud").as<Ask>();
  ASSERT_NE(ask, nullptr);
  EXPECT_EQ(ask->procedure, "com.lab.login");
  EXPECT_EQ(ask->procedure_realm, "auth");
  EXPECT_EQ(ask->realm, "lab");
  EXPECT_EQ(ask->authid, "peter");
  EXPECT_EQ(*find_text(ask->details, "authmethod"), "ticket");
  EXPECT_EQ(*find_text(ask->details, "ticket"), "rosebud");
  EXPECT_EQ(*find_text(ask->transport, "peer"), "192.0.2.7:5022");
  EXPECT_EQ(find_text(ask->transport, "type"), nullptr) << "not known";
  EXPECT_TRUE(ask->authextra.is_null());

  EXPECT_EQ(opening.procedure_says(DynamicAnswer{.role = "operator"}).welcome(),
            "peter operator ticket dynamic");
}

TEST(DynamicAuthenticator, IsToldWhatTheClientAndItsConnectionSay) {
  Desk desk;
  const auto lab_book = book(lab_with_procedure({Method::ticket}));
  const std::string authextra = R"({"team":"blue","seats":[1,{"x":null}]})";
  Client client{.authmethods = {"ticket"}, .authid = "peter", .authextra = authextra};
  client.facts.protocol = "websocket";
  client.facts.tls_exporter = ByteVector(32);
  client.facts.tls_server_end_point = ByteVector(32);
  client.facts.certificate_sha256 = ByteVector(2, std::byte{0xab});
  client.facts.certificate_sha1 = ByteVector(1, std::byte{0xcd});

  const Opening opening = Opening(desk, lab_book, client).answer("rosebud");

  const auto* ask = opening.as<Ask>();
  ASSERT_NE(ask, nullptr);
  EXPECT_EQ(ask->authextra, *data::read_value(data::Format::json, as_bytes(authextra)));
  EXPECT_EQ(*find_text(ask->transport, "type"), "websocket");
  EXPECT_EQ(*find_text(ask->transport, "client_cert_sha256"), "abab");
  EXPECT_EQ(*find_text(ask->transport, "client_cert_sha1"), "cd");
  EXPECT_EQ(ask->channel_bindings, (std::vector<std::string_view>{"tls-exporter", "tls-server-end-point"}));
}

TEST(DynamicAuthenticator, IsNotAskedAboutMoreThanItMayBeTold) {
  const auto map_of = [](std::size_t bytes) { return "{\"k\":\"" + std::string(bytes - 8, 'x') + "\"}"; };
  const auto outcome = [](Methods methods, const std::string& authextra) {
    Desk desk;
    Opening opening(desk, book(lab_with_procedure(methods)),
                    {.authmethods = {"wampcra"}, .authid = "peter", .authextra = authextra});
    return opening.as<Ask>() ? "asked" : opening.error();
  };
  EXPECT_EQ(outcome({Method::wampcra}, map_of(authextra_bytes_max)), "asked");
  EXPECT_EQ(outcome({Method::wampcra}, map_of(authextra_bytes_max + 1)), failed);
  EXPECT_EQ(outcome({Method::wampcra}, R"({"a":[[[[[[[[[1]]]]]]]]]})"), failed);
}

TEST(DynamicAuthenticator, SayingNothingIsSayingNo) {
  Desk desk;
  Opening opening(desk, book(lab_with_procedure({Method::ticket})),
                  {.authmethods = {"ticket"}, .authid = "peter"});

  EXPECT_EQ(opening.answer("rosebud").procedure_says(std::nullopt).error(), failed);
}

TEST(DynamicAuthenticator, MayGiveARealmANameAndExtra) {
  Desk desk;
  WampSettings settings = lab_with_procedure({Method::anonymous});
  settings.realms.push_back({.name = "other"});
  const auto both = book(settings);
  Opening opening(desk, both, {.authmethods = {"anonymous"}});

  opening.procedure_says(DynamicAnswer{
      .role = "user", .realm = "other", .authid = "someone", .extra = {{"greeting", std::string("hello")}}});

  ASSERT_NE(opening.as<Accepted>(), nullptr) << opening.error();
  EXPECT_EQ(opening.as<Accepted>()->standing.realm, "other");
  EXPECT_EQ(opening.as<Accepted>()->identity.authid, "someone");
  EXPECT_EQ(opening.as<Accepted>()->authextra, (Fields{{"greeting", std::string("hello")}}));

  Opening nowhere(desk, both, {.authmethods = {"anonymous"}});
  EXPECT_EQ(nowhere.procedure_says(DynamicAnswer{.role = "user", .realm = "none"}).error(),
            error_uri::no_such_realm);
}

TEST(DynamicAuthenticator, ARoleThatIsNotThereIsRefused) {
  Desk desk;
  Opening opening(desk, book(lab_with_procedure({Method::anonymous})), {.authmethods = {"anonymous"}});

  EXPECT_EQ(opening.procedure_says(DynamicAnswer{.role = "emperor"}).error(), error_uri::no_such_role);
}

TEST(DynamicAuthenticator, NamesTheSecretOfWampCra) {
  Desk desk;
  Opening opening(desk, book(lab_with_procedure({Method::wampcra})),
                  {.authmethods = {"wampcra"}, .authid = "peter"});
  ASSERT_NE(opening.as<Ask>(), nullptr);

  opening.procedure_says(DynamicAnswer{.role = "user", .wampcra = wampcra_from_secret("secret1", "salt123")});
  EXPECT_EQ(opening.extra("salt"), "salt123");
  const auto answer =
      wampcra_signature(wampcra_from_secret("secret1", "salt123"), opening.extra("challenge"));
  EXPECT_EQ(opening.answer(answer).welcome(), "peter user wampcra dynamic");
}

TEST(DynamicAuthenticator, ARoleWithoutASecretIsNotEnough) {
  Desk desk;
  for (const std::string_view method: {"wampcra", "scram", "wamp-scram", "cryptosign"}) {
    Client client{.authmethods = {method}, .authid = "peter"};
    client.extra = {.pubkey = std::string(pubkey), .nonce = "AAECAwQFBgcICQoLDA0ODw=="};
    Opening opening(
        desk,
        book(lab_with_procedure({Method::wampcra, Method::scram, Method::wamp_scram, Method::cryptosign})),
        client);
    EXPECT_EQ(opening.procedure_says(DynamicAnswer{.role = "user"}).answer("x").error(), failed) << method;
  }
}

TEST(DynamicAuthenticator, IsShownTheKeyAndMustNameTheSame) {
  Desk desk;
  const auto lab_book = book(lab_with_procedure({Method::cryptosign}));
  Client client{.authmethods = {"cryptosign"}};
  client.extra.pubkey = pubkey;
  Opening opening(desk, lab_book, client);
  ASSERT_NE(opening.as<Ask>(), nullptr);
  EXPECT_EQ(*find_text(opening.as<Ask>()->details, "pubkey"), pubkey);
  const DynamicAnswer same{.role = "user", .authid = "rig01", .pubkey = parse_cryptosign_key(pubkey)};
  EXPECT_EQ(opening.procedure_says(same).method(), "cryptosign");

  DynamicAnswer other = same;
  other.pubkey = parse_cryptosign_key(std::string(64, '0'));
  EXPECT_EQ(Opening(desk, lab_book, client).procedure_says(other).answer("x").error(), failed);
}

TEST(DynamicAuthenticator, IsNotAskedAboutThoseWhomTheConfigurationKnows) {
  Desk desk;
  const auto lab_book =
      book(lab_with_procedure({Method::ticket, Method::wampcra}, {with_ticket("peter", "rosebud")}));

  EXPECT_EQ(Opening(desk, lab_book, {.authmethods = {"ticket"}, .authid = "peter"}).answer("x").error(),
            failed);
  EXPECT_EQ(Opening(desk, lab_book, {.authmethods = {"wampcra"}, .authid = "peter"}).error(),
            error_uri::no_auth_method);
}

TEST(Token, OpensASessionAsAMethodAndAsATicket) {
  const auto verify = verifier();
  for (const std::string_view method: {"jwt", "ticket"}) {
    Desk desk;
    desk.tools.tokens = &verify;
    Opening opening(desk, book(lab_with_tokens()), {.authmethods = {method}, .authid = "whoever"});
    EXPECT_EQ(opening.method(), method);

    opening.answer(token_for(desk, "student-3"));

    ASSERT_NE(opening.as<Accepted>(), nullptr) << opening.error();
    EXPECT_EQ(opening.welcome(), "student-3 user " + std::string(method) + " token");
    const auto& grant = opening.as<Accepted>()->grant;
    ASSERT_TRUE(grant);
    EXPECT_EQ(grant->booking_id, "bk-7");
    EXPECT_EQ(grant->expires, desk.now.wall + 10min);
    EXPECT_EQ(grant->topic, "rig01");
    EXPECT_EQ(grant->actions, (Actions{Action::subscribe, Action::publish, Action::call}));
  }
}

TEST(Token, WithoutASubjectTheBookingIsTheName) {
  const auto verify = verifier();
  Desk desk;
  desk.tools.tokens = &verify;
  Opening opening(desk, book(lab_with_tokens()), {.authmethods = {"jwt"}});

  EXPECT_EQ(opening.answer(token_for(desk, "")).welcome(), "bk-7 user jwt token");
}

TEST(Token, WhatIsNotGoodIsRefused) {
  const auto verify = verifier();
  Desk desk;
  desk.tools.tokens = &verify;
  const auto lab_book = book(lab_with_tokens());
  const std::string good = token_for(desk, "student-3");
  const auto error_of = [&](std::string_view token) {
    return Opening(desk, lab_book, {.authmethods = {"jwt"}}).answer(token).error();
  };

  EXPECT_EQ(error_of(""), failed);
  EXPECT_EQ(error_of(token_for(desk, "student-3", {"relay:stats"})), failed);
  for (std::size_t cut = 0; cut < good.size(); cut += 7)
    EXPECT_EQ(error_of(good.substr(0, cut)), failed) << cut;
  desk.now.wall += 10min;
  EXPECT_EQ(error_of(good), failed);
}

TEST(Token, OfABookingThatWasCancelledOpensNothing) {
  const auto verify = verifier();
  Desk desk;
  desk.tools.tokens = &verify;
  desk.tools.refuses = [](const token::Claims& claims) -> std::optional<std::string> {
    if (claims.booking_id == "bk-7") return "the booking was cancelled";
    return std::nullopt;
  };
  Opening opening(desk, book(lab_with_tokens()), {.authmethods = {"jwt"}});

  EXPECT_EQ(opening.answer(token_for(desk, "student-3")).error(), failed);
  EXPECT_EQ(opening.as<Refused>()->message, "the booking was cancelled");
}

TEST(Token, NeverMakesSomebodyAPrincipal) {
  const auto verify = verifier();
  Desk desk;
  desk.tools.tokens = &verify;
  const auto lab_book = book(lab_with_tokens({with_wampcra("peter", "secret1")}));

  EXPECT_EQ(Opening(desk, lab_book, {.authmethods = {"jwt"}}).answer(token_for(desk, "peter")).error(),
            failed);
}

TEST(Token, ARealmThatTakesNoneOffersNone) {
  const auto verify = verifier();
  Desk desk;
  const auto with = book(lab_with_tokens());
  const Client client{.authmethods = {"jwt"}};
  EXPECT_EQ(Opening(desk, with, client).error(),
            error_uri::no_auth_method);  // there is nothing to check with

  desk.tools.tokens = &verify;
  EXPECT_EQ(Opening(desk, book(lab({})), client).error(), error_uri::no_auth_method);
  Client readable = client;
  readable.facts.encrypted = false;
  EXPECT_EQ(Opening(desk, with, readable).error(), error_uri::no_auth_method);
}

TEST(Cookie, BringsBackWhoShowedWhoItIs) {
  Desk desk;
  WampSettings settings = lab({with_ticket("peter", "rosebud")});
  settings.realms[0].cookie = true;
  Client browser{.authmethods = {"cookie", "ticket"}, .authid = "peter"};
  browser.facts.cookie = "c00c1e";
  EXPECT_EQ(Opening(desk, book(settings), browser).answer("rosebud").welcome(), "peter user ticket static");

  EXPECT_EQ(Opening(desk, book(settings), browser).welcome(), "peter user cookie cookie");
  browser.authid = "";
  EXPECT_EQ(Opening(desk, book(settings), browser).welcome(), "peter user cookie cookie");
  browser.authid = "paul";
  EXPECT_EQ(Opening(desk, book(settings), browser).method(), "ticket");
  browser.authid = "peter";
  desk.cookies.forget("c00c1e");  // it said wamp.close.logout
  EXPECT_EQ(Opening(desk, book(settings), browser).method(), "ticket");
}

TEST(Cookie, IsWorthNothingWhenTheSecretWasChanged) {
  Desk desk;
  WampSettings before = lab({with_ticket("peter", "rosebud")});
  WampSettings after = lab({with_ticket("peter", "sledge")});
  before.realms[0].cookie = after.realms[0].cookie = true;
  Client browser{.authmethods = {"cookie", "ticket"}, .authid = "peter"};
  browser.facts.cookie = "c00c1e";
  Opening(desk, book(before), browser).answer("rosebud");
  ASSERT_EQ(desk.cookies.size(), 1u);

  EXPECT_EQ(Opening(desk, book(after), browser).method(), "ticket");
}

TEST(Cookie, IsNotGivenToTokensNorToThoseWithoutAName) {
  const auto verify = verifier();
  Desk desk;
  desk.tools.tokens = &verify;
  WampSettings settings = lab_with_tokens();
  settings.realms[0].cookie = true;
  settings.realms[0].anonymous_role = "guest";
  Client browser{.authmethods = {"jwt"}};
  browser.facts.cookie = "c00c1e";
  Opening(desk, book(settings), browser).answer(token_for(desk, "student-3"));
  browser.authmethods = {"anonymous"};
  Opening anonymous(desk, book(settings), browser);

  EXPECT_NE(anonymous.as<Accepted>(), nullptr);
  EXPECT_EQ(desk.cookies.size(), 0u);
}

TEST(CookieBook, DoesNotHandACookieOnToSomebodyElse) {
  CookieBook cookies(10, 1h);
  const MonotonicTime start{};
  const Standing peter{.realm = "lab", .authid = "peter", .role = "user", .provider = Provider::principal};
  Standing paul = peter;
  paul.authid = "paul";
  cookies.bind("a", peter, start);
  cookies.bind("a", peter, start + 30min);
  ASSERT_NE(cookies.find("a", "lab", start + 1h), nullptr) << "bound anew";

  cookies.bind("a", paul, start + 1h);

  EXPECT_FALSE(cookies.knows("a", start + 1h));
  cookies.bind("a", paul, start + 1h);
  EXPECT_TRUE(cookies.knows("a", start + 1h));
}

TEST(CookieBook, FollowsOtherLimits) {
  CookieBook cookies(10, 1h);
  const MonotonicTime start{};
  const Standing peter{.realm = "lab", .authid = "peter", .role = "user", .provider = Provider::principal};
  for (const char* id: {"a", "b", "c"}) cookies.bind(id, peter, start);

  cookies.change_limits(1, 1min);

  EXPECT_TRUE(cookies.knows("c", start));
  EXPECT_EQ(cookies.size(), 1u);
  cookies.bind("d", peter, start);
  EXPECT_FALSE(cookies.knows("d", start + 1min));
}

TEST(CookieBook, ForgetsTheOldestAtTheLimitAndWhatIsTooOld) {
  CookieBook cookies(2, 1h);
  const MonotonicTime start{};
  const Standing peter{.realm = "lab", .authid = "peter", .role = "user", .provider = Provider::principal};
  for (const char* id: {"a", "b", "c"}) cookies.bind(id, peter, start);

  EXPECT_EQ(cookies.size(), 2u);
  EXPECT_EQ(cookies.evicted(), 1u);
  EXPECT_EQ(cookies.find("a", "lab", start), nullptr);
  ASSERT_NE(cookies.find("b", "lab", start + 1h - 1ns), nullptr);
  EXPECT_EQ(cookies.find("b", "other", start), nullptr);
  EXPECT_EQ(cookies.find("b", "lab", start + 1h), nullptr);
  EXPECT_EQ(cookies.size(), 1u);
  cookies.bind("", peter, start);
  EXPECT_EQ(cookies.size(), 1u);
}

}  // namespace
}  // namespace crosspoint::wamp::auth
