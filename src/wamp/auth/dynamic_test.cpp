// Procedures that authenticate and authorize, in a router: components register them, others come to the door.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/manual_clock.h"
#include "wamp/auth/procedure_desk.h"
#include "wamp/auth/test_opening.h"
#include "wamp/session.h"
#include "wamp/test_wire.h"

namespace crosspoint::wamp::auth {
namespace {

using namespace test_realm;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// Realm "lab", whose people are known to procedures alone; realm "auth", where one of them is registered.
// Role "component" may do everything, and comes in with a ticket.
WampSettings settings_of_the_house() {
  WampSettings settings = lab({});
  settings.realms[0].authenticators.push_back(
      {.procedure = "com.auth.login", .realm = "auth", .methods = {Method::ticket, Method::wampcra}});
  settings.realms[0].authenticators.push_back({.procedure = "com.lab.guest", .methods = {Method::anonymous}});
  settings.realms.push_back({.name = "auth"});
  settings.roles.push_back({.name = "component", .rules = {{.match = Match::prefix, .allow = all_actions}}});
  settings.roles[0].authorizer = "com.lab.may";  // of "user"
  for (const char* realm: {"lab", "auth"}) {
    Principal component = with_ticket("component", "let me in");
    component.role = "component";
    settings.principals.push_back({realm, std::move(component)});
  }
  return settings;
}

class House final : private Helper, private RealmPolicy {
 public:
  std::unique_ptr<PendingCall> ask(const Ask& question, Duration time_max,
                                   std::function<void(std::optional<DynamicAnswer>)> answered) override {
    return desk.ask(question, time_max, [this, answered](Result<DynamicAnswer, std::string> said) {
      answered(told(std::move(said)));
    });
  }
  std::unique_ptr<PendingCall> authorize(
      const AuthorizerQuestion& question, Duration time_max,
      std::function<void(std::optional<DynamicVerdict>)> answered) override {
    return desk.authorize(question, time_max, [this, answered](Result<DynamicVerdict, std::string> said) {
      answered(told(std::move(said)));
    });
  }
  bool run(PasswordJob, std::function<void(bool)>) override { return false; }
  void expiry_changed() override {}
  Terms terms_of(std::string_view) override { return {.limits = &limits}; }
  template <class Answer>
  std::optional<Answer> told(Result<Answer, std::string> said) {
    if (said) return std::move(*said);
    problems.push_back(said.error());
    return std::nullopt;
  }

  Moment now() const { return {clock.monotonic(), clock.wall()}; }
  void pass(Duration time) {
    clock.advance(time);
    router.on_time(now());
    router.settle(now());
  }
  // How many calls of the router's own are under way.
  std::size_t under_way() const { return router.own_calls().under_way(); }

  testing::ManualClock clock;
  Desk tools;
  RealmLimits limits;
  std::vector<std::string> problems;
  Door door{book(settings_of_the_house()), tools.tools, *this, clock};
  Router router{door, door, *this, 10, tools.random};
  ProcedureDesk desk{router, clock, {.openings_max = 3}};
};

class Guest {
 public:
  explicit Guest(House& house)
      : house_(house), session(sessions, house.router, wire, {.local = true}, house.now()) {}
  // A component that has joined the realm and registered the procedure.
  Guest(House& house, std::string_view realm, std::string_view procedure) : Guest(house) {
    hello(realm, R"("authmethods":["ticket"],"authid":"component")");
    say(R"([5,"let me in",{}])");
    say(R"([64,1,{},")" + std::string(procedure) + "\"]");
    EXPECT_THAT(wire.take().back(), StartsWith("[65,1,"));
  }

  void hello(std::string_view realm, std::string_view details = R"("authmethods":["anonymous"])") {
    say("[1,\"" + std::string(realm) +
        R"(",{"roles":{"caller":{},"publisher":{},"subscriber":{},"callee":{}},)" + std::string(details) +
        "}]");
  }
  void say(std::string_view json) {
    session.on_message(as_bytes(json), house_.now());
    house_.router.settle(house_.now());
  }
  std::vector<std::string> hear() { return wire.take(); }
  // Answers INVOCATION `number` with this result.
  void yield(int number, std::string_view result) {
    say("[70," + std::to_string(number) + ",{},[" + std::string(result) + "]]");
  }
  // In as role "user", by the word of `guest_book`, which answers com.lab.guest.
  void come_in_as_user(Guest& guest_book, int number) {
    hello("lab");
    guest_book.yield(number, "\"user\"");
    guest_book.hear();
    EXPECT_THAT(hear(), ElementsAre(StartsWith("[2,")));
  }

 private:
  House& house_;

 public:
  SessionSettings sessions;
  TestWire wire;
  Session session;
};

TEST(DynamicAuthentication, AProcedureInAnotherRealmDecidesAboutATicket) {
  House house;
  Guest login(house, "auth", "com.auth.login"), client(house);
  client.hello("lab", R"("authmethods":["ticket"],"authid":"joe","authextra":{"team":"blue"})");
  EXPECT_THAT(client.hear(), ElementsAre(StartsWith(R"([4,"ticket",)")));
  client.say(R"([5,"rosebud",{}])");
  EXPECT_THAT(client.hear(), IsEmpty());
  const auto asked = login.hear();
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_THAT(asked[0], HasSubstr(R"(,{},["lab","joe",{"authmethod":"ticket","session":)"));
  EXPECT_THAT(asked[0], HasSubstr(R"("ticket":"rosebud","transport":{"peer":"")"));
  EXPECT_THAT(asked[0], HasSubstr(R"("channel_bindings":[]},"authextra":{"team":"blue"}}])"));

  login.yield(1, R"({"role":"user","extra":{"greeting":"hello"}})");

  const auto welcome = client.hear();
  ASSERT_EQ(welcome.size(), 1u);
  EXPECT_THAT(
      welcome[0],
      HasSubstr(R"("authid":"joe","authrole":"user","authmethod":"ticket","authprovider":"dynamic")"));
  EXPECT_THAT(welcome[0], HasSubstr(R"("authextra":{"greeting":"hello"})"));
  EXPECT_EQ(house.under_way(), 0u);
}

TEST(DynamicAuthentication, WhateverGoesWrongIsOneAnswer) {
  House house;
  const auto outcome = [&](const std::function<void(Guest&)>& answer) {
    Guest login(house, "auth", "com.auth.login"), client(house);
    client.hello("lab", R"("authmethods":["ticket"],"authid":"joe")");
    client.say(R"([5,"rosebud",{}])");
    client.hear();
    answer(login);
    return client.hear();
  };
  const auto refused = ElementsAre(AllOf(StartsWith("[3,"), HasSubstr("wamp.error.authentication_failed")));

  EXPECT_THAT(outcome([](Guest& login) { login.say(R"([8,68,1,{},"com.error.no",["he is not"]])"); }),
              refused);
  EXPECT_THAT(outcome([](Guest& login) { login.yield(1, "null"); }), refused);
  EXPECT_THAT(outcome([](Guest& login) { login.yield(1, R"({"realm":"lab"})"); }), refused);
  EXPECT_THAT(outcome([](Guest& login) { login.say(R"([6,{},"wamp.close.normal"])"); }), refused);
  EXPECT_THAT(outcome([&](Guest&) { house.pass(10s); }), refused);
  EXPECT_THAT(
      house.problems,
      ElementsAre("it answered com.error.no", "its result is neither a role nor a map", "it names no role",
                  "it answered wamp.error.canceled", "it answered wamp.error.timeout"));
}

TEST(DynamicAuthentication, ASecretIsNamedAndTheClientStillHasToShowThatItKnowsIt) {
  House house;
  Guest login(house, "auth", "com.auth.login");
  int asked = 0;
  for (const bool knows: {true, false}) {
    Guest client(house);
    client.hello("lab", R"("authmethods":["wampcra","anonymous"],"authid":"joe")");
    login.yield(++asked, R"({"role":"guest","secret":"secret1"})");
    const auto challenge = client.hear();
    ASSERT_EQ(challenge.size(), 1u);
    const auto read = data::read_value(data::Format::json, as_bytes(challenge[0]));
    const auto& text = *(*read->array())[2].find("challenge")->string();
    client.say("[5,\"" + wampcra_signature(wampcra_from_secret(knows ? "secret1" : "secret2", ""), text) +
               "\",{}]");
    EXPECT_THAT(client.hear(), ElementsAre(StartsWith(knows ? "[2," : "[3,")))
        << "and never anonymous instead";
  }
}

TEST(DynamicAuthentication, AnOpeningThatTookTooLongOrWentAsksNoMore) {
  House house;
  Guest login(house, "lab", "com.lab.guest");
  {
    Guest slow(house);
    slow.hello("lab");
    ASSERT_EQ(house.under_way(), 1u);
    house.clock.advance(slow.sessions.opening_time_max);
    slow.session.on_time(house.now());
    EXPECT_THAT(slow.hear(), ElementsAre(HasSubstr("wamp.error.authentication_failed")));
    house.pass(0s);
    EXPECT_EQ(house.under_way(), 0u);
    Guest gone(house);
    gone.hello("lab");
    ASSERT_EQ(house.under_way(), 1u);
  }
  house.pass(0s);
  EXPECT_EQ(house.under_way(), 0u);
  EXPECT_EQ(house.desk.openings(), 0u);
}

TEST(DynamicAuthentication, NoMoreStrangersAreAskedAboutThanMayAndThoseInsideAreNotHeldUp) {
  House house;
  Guest login(house, "lab", "com.lab.guest"), may(house, "lab", "com.lab.may"), user(house);
  user.come_in_as_user(login, 1);
  std::vector<std::unique_ptr<Guest>> strangers;
  for (int i = 0; i < 3; ++i) {
    strangers.push_back(std::make_unique<Guest>(house));
    strangers.back()->hello("lab");
    EXPECT_THAT(strangers.back()->hear(), IsEmpty());
  }
  Guest one_more(house);
  one_more.hello("lab");
  EXPECT_THAT(one_more.hear(), ElementsAre(HasSubstr("wamp.error.unavailable")));
  EXPECT_EQ(house.desk.openings_refused(), 1u);

  user.say(R"([16,1,{"acknowledge":true},"com.t"])");
  may.yield(1, "true");
  EXPECT_THAT(user.hear(), ElementsAre(StartsWith("[17,1,")));

  strangers.clear();
  Guest after(house);
  after.hello("lab");
  EXPECT_THAT(after.hear(), IsEmpty());
}

TEST(DynamicAuthorization, TheProcedureIsToldWhoWantsToDoWhat) {
  House house;
  Guest login(house, "lab", "com.lab.guest"), may(house, "lab", "com.lab.may"), user(house);
  user.come_in_as_user(login, 1);

  user.say(R"([32,1,{"match":"prefix"},"com.t."])");
  const auto asked = may.hear();
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_THAT(asked[0], HasSubstr(R"(,{},[{"session":)"));
  EXPECT_THAT(asked[0], HasSubstr(R"("realm":"lab","authid":")"));
  EXPECT_THAT(
      asked[0],
      HasSubstr(
          R"("authrole":"user","authmethod":"anonymous","authprovider":"dynamic"},"com.t.","subscribe",{"match":"prefix"}])"));
  may.yield(1, "true");
  EXPECT_THAT(user.hear(), ElementsAre(StartsWith("[33,1,")));

  user.say(R"([48,2,{},"com.nobody"])");
  EXPECT_THAT(may.hear(), ElementsAre(HasSubstr(R"("com.nobody","call",{}])")));
  may.yield(2, "false");
  EXPECT_THAT(user.hear(), ElementsAre(StartsWith(R"([8,48,2,{},"wamp.error.not_authorized")")));
}

TEST(DynamicAuthorization, WhatItSaysMayBeKeptAndWhoCallsIsDisclosed) {
  House house;
  Guest login(house, "lab", "com.lab.guest"), may(house, "lab", "com.lab.may"), user(house);
  Guest callee(house, "lab", "com.p");
  user.come_in_as_user(login, 1);
  user.say(R"([48,1,{},"com.p"])");
  may.hear();
  may.yield(1, R"({"allow":true,"disclose":true,"cache":true})");
  EXPECT_THAT(callee.hear(), ElementsAre(HasSubstr(R"("caller_authrole":"user")")));

  user.say(R"([48,2,{},"com.p"])");
  EXPECT_THAT(may.hear(), IsEmpty());
  EXPECT_THAT(callee.hear(), ElementsAre(HasSubstr(R"("caller_authrole":"user")")));

  // Another component answers from now on: it is asked again.
  may.say(R"([6,{},"wamp.close.normal"])");
  Guest other(house, "lab", "com.lab.may");
  user.say(R"([48,3,{},"com.p"])");
  EXPECT_THAT(callee.hear(), IsEmpty());
  EXPECT_THAT(other.hear(), ElementsAre(HasSubstr(R"("com.p","call")")));
}

TEST(DynamicAuthorization, AProcedureThatIsNotThereOrDiesOrFailsIsAFailedAuthorization) {
  House house;
  Guest login(house, "lab", "com.lab.guest"), user(house);
  user.come_in_as_user(login, 1);
  const auto failed = ElementsAre(HasSubstr("wamp.error.authorization_failed"));
  user.say(R"([48,1,{},"com.p"])");
  EXPECT_THAT(user.hear(), failed);
  for (const auto& answer: std::vector<std::function<void(Guest&)>>{
           [](Guest& may) { may.say(R"([8,68,1,{},"com.error.tired"])"); },
           [](Guest& may) { may.yield(1, "\"yes\""); },
           [](Guest& may) { may.say(R"([6,{},"wamp.close.normal"])"); }, [&](Guest&) { house.pass(5s); }}) {
    Guest may(house, "lab", "com.lab.may");
    user.say(R"([48,2,{},"com.p"])");
    user.say(R"([16,3,{"acknowledge":true},"com.t"])");
    EXPECT_THAT(user.hear(), IsEmpty());
    answer(may);
    house.pass(5s);
    EXPECT_THAT(user.hear(), ElementsAre(StartsWith(R"([8,48,2,{},"wamp.error.authorization_failed")"),
                                         StartsWith(R"([8,16,3,{},"wamp.error.authorization_failed")")));
    EXPECT_FALSE(user.session.holding());
  }
  EXPECT_EQ(house.under_way(), 0u);
}

TEST(DynamicAuthorization, AUserThatLeavesWhileItWaitsLeavesNothing) {
  House house;
  Guest login(house, "lab", "com.lab.guest"), may(house, "lab", "com.lab.may");
  {
    Guest user(house);
    user.come_in_as_user(login, 1);
    user.say(R"([48,1,{},"com.p"])");
    EXPECT_EQ(house.under_way(), 1u);
  }
  house.pass(0s);
  EXPECT_EQ(house.under_way(), 0u);
  EXPECT_EQ(house.door.sessions(), 2u);
  may.hear();
  may.yield(1, "true");
  EXPECT_THAT(may.hear(), IsEmpty()) << "a late answer is no violation";
}

}  // namespace
}  // namespace crosspoint::wamp::auth
