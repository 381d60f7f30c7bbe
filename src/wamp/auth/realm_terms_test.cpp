// Realms as the settings have them, at a router: those with a name, and those that come and go.
#include "wamp/auth/realm_terms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wamp/auth/test_realm.h"
#include "wamp/test_client.h"

namespace crosspoint::wamp::auth {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

WampSettings lab_and_rooms() {
  WampSettings settings = test_realm::empty_lab();
  settings.realms.push_back({.name = "room.*", .is_template = true, .realms_max = 2});
  return settings;
}

// Everybody is let in; which realms there are say the settings.
struct Rooms : TestRouter {
  explicit Rooms(WampSettings settings) : terms(test_realm::book(std::move(settings))) {}
  RealmTerms terms;
  Router router{house, house, terms, 100, random};
};

struct Visitor {
  Visitor(Rooms& rooms, std::string_view realm) : session(rooms.sessions, rooms.router, wire, {}, rooms.now) {
    const std::string hello = "[1,\"" + std::string(realm) + R"(",{"roles":{"caller":{}}}])";
    session.on_message(as_bytes(hello), rooms.now);
    const auto heard = wire.take();
    welcome = heard.empty() ? "" : heard.front();
  }
  bool is_in() const { return welcome.starts_with("[2,"); }

  TestWire wire;
  Session session;
  std::string welcome;
};

TEST(RealmTerms, ARealmOfAPatternIsThereWhileSomebodyIsInIt) {
  Rooms rooms(lab_and_rooms());
  {
    const Visitor first(rooms, "room.a"), second(rooms, "room.a");
    EXPECT_TRUE(first.is_in() && second.is_in());
    EXPECT_EQ(rooms.router.realms(), 1u);
  }
  EXPECT_EQ(rooms.router.realms(), 0u);
}

TEST(RealmTerms, WhoPublishesOrCallsIsAnnouncedToBeToldWhereARuleOrAnAuthorizerMayTellIt) {
  for (const auto& [feature, disclose]: {std::pair{"publisher_identification", &Rule::disclose_publisher},
                                         std::pair{"caller_identification", &Rule::disclose_caller}}) {
    SCOPED_TRACE(feature);
    const auto announces = [name = std::string_view(feature)](const WampSettings& settings) {
      Rooms rooms(settings);
      return Visitor(rooms, "lab").welcome.find(name) != std::string::npos;
    };
    WampSettings settings = test_realm::empty_lab();
    EXPECT_TRUE(announces(settings));
    settings.realms[0].disclose_me = false;
    EXPECT_FALSE(announces(settings));

    settings.roles[0].authorizer = "com.lab.may";
    EXPECT_TRUE(announces(settings));
    settings.roles[0].authorizer.clear();
    settings.roles[0].rules = {{.uri = "a", .allow = {Action::publish}}};
    EXPECT_FALSE(announces(settings));
    settings.roles[0].rules[0].*disclose = true;
    EXPECT_TRUE(announces(settings));
  }
}

TEST(RealmTerms, ANamedRealmStaysAndOthersAreNotThere) {
  Rooms rooms(lab_and_rooms());
  EXPECT_TRUE(Visitor(rooms, "lab").is_in());
  EXPECT_NE(rooms.router.find("lab"), nullptr);
  EXPECT_THAT(Visitor(rooms, "elsewhere").welcome, HasSubstr("wamp.error.no_such_realm"));
  EXPECT_THAT(Visitor(rooms, "room").welcome, HasSubstr("wamp.error.no_such_realm"));
  EXPECT_EQ(rooms.router.find("elsewhere"), nullptr);
}

TEST(RealmTerms, ThereAreAsManyRealmsOfAPatternAsItSaysAndNoMore) {
  Rooms rooms(lab_and_rooms());
  const Visitor a(rooms, "room.a"), lab(rooms, "lab");
  auto b = std::make_unique<Visitor>(rooms, "room.b");
  EXPECT_TRUE(a.is_in() && lab.is_in() && b->is_in());

  EXPECT_THAT(Visitor(rooms, "room.c").welcome, HasSubstr("wamp.error.unavailable"));
  EXPECT_TRUE(Visitor(rooms, "room.a").is_in()) << "it is there already";
  EXPECT_EQ(rooms.router.counters().realms_refused, 1u);

  b.reset();
  EXPECT_TRUE(Visitor(rooms, "room.c").is_in()) << "one has gone";
}

TEST(RealmTerms, LimitsAreThoseOfTheRealmAndMayBeChanged) {
  auto settings = lab_and_rooms();
  settings.realms[0].broker.subscriptions_per_session_max = 1;
  Rooms rooms(settings);
  Visitor few(rooms, "lab"), many(rooms, "room.a");
  const auto subscribe = [&](Visitor& guest, int number) {
    const auto text = std::to_string(number);
    guest.session.on_message(as_bytes("[32," + text + ",{},\"com.t" + text + "\"]"), rooms.now);
    return guest.wire.take().front();
  };
  EXPECT_THAT(subscribe(few, 1), StartsWith("[33,"));
  EXPECT_THAT(subscribe(few, 2), HasSubstr("wamp.error.unavailable"));
  EXPECT_THAT(subscribe(many, 1), StartsWith("[33,"));
  EXPECT_THAT(subscribe(many, 2), StartsWith("[33,"));

  settings.realms[0].broker.subscriptions_per_session_max = 2;
  rooms.terms.use(test_realm::book(settings));
  rooms.router.ask_policy_again(rooms.now);
  EXPECT_THAT(subscribe(few, 3), StartsWith("[33,")) << "of who is there already";
}

TEST(RealmTerms, WhatTheSettingsSayOfARealmHoldsInIt) {
  auto settings = lab_and_rooms();
  settings.realms[1].strict_request_ids = true;
  Rooms rooms(settings);
  Visitor strict(rooms, "room.a"), lenient(rooms, "lab");
  for (Visitor* guest: {&strict, &lenient})
    guest->session.on_message(as_bytes(R"([32,5,{},"t"])"), rooms.now);
  EXPECT_THAT(strict.wire.take().front(), HasSubstr("wamp.error.protocol_violation"));
  EXPECT_THAT(lenient.wire.take().front(), StartsWith("[33,5,"));
}

// Brings other settings to the realms that are there.
void change(Rooms& rooms, WampSettings settings) {
  rooms.terms.use(test_realm::book(std::move(settings)));
  rooms.router.ask_policy_again(rooms.now);
}

TEST(RealmTerms, ARealmThatIsNoLongerThereSaysGoodbyeToEverybody) {
  Rooms rooms(lab_and_rooms());
  Visitor lab(rooms, "lab"), a(rooms, "room.a"), also_a(rooms, "room.a");
  change(rooms, test_realm::empty_lab());

  for (Visitor* guest: {&a, &also_a}) {
    EXPECT_THAT(guest->wire.take(), ::testing::Contains(HasSubstr(R"("wamp.close.close_realm")")));
    EXPECT_EQ(guest->session.state(), Session::State::closing);
  }
  EXPECT_EQ(lab.session.state(), Session::State::established);
  EXPECT_EQ(rooms.router.realms(), 1u);
  EXPECT_EQ(rooms.router.counters().sessions, 1u);
}

TEST(RealmTerms, ANamedRealmThatIsNoLongerThereGoesToo) {
  Rooms rooms(lab_and_rooms());
  Visitor somebody(rooms, "lab");
  somebody.session.on_message(as_bytes(R"([6,{},"wamp.close.normal"])"), rooms.now);
  ASSERT_EQ(rooms.router.realms(), 1u) << "empty, and there";

  change(rooms, {});

  EXPECT_EQ(rooms.router.realms(), 0u);
}

TEST(RealmTerms, OtherLimitsHoldForWhoIsThere) {
  Rooms rooms(lab_and_rooms());
  Visitor guest(rooms, "lab");
  auto settings = lab_and_rooms();
  settings.realms[0].uri_check = UriCheck::strict;
  settings.realms[0].disclose_me = false;
  change(rooms, settings);

  guest.session.on_message(as_bytes(R"([32,1,{},"com.Upper"])"), rooms.now);
  EXPECT_THAT(guest.wire.take().front(), HasSubstr("wamp.error.invalid_uri"));
  guest.session.on_message(as_bytes(R"([48,2,{"disclose_me":true},"com.p"])"), rooms.now);
  EXPECT_THAT(guest.wire.take().front(), HasSubstr("wamp.error.option_disallowed.disclose_me"));
}

TEST(RealmTerms, WhoIsTooSlowForWhatMayBeChangedToo) {
  Rooms rooms(lab_and_rooms());
  Visitor guest(rooms, "lab"), publisher(rooms, "lab");
  guest.session.on_message(as_bytes(R"([32,1,{},"com.news"])"), rooms.now);
  const auto publish = [&] {
    publisher.session.on_message(as_bytes(R"([16,1,{},"com.news"])"), rooms.now);
    return guest.wire.kept.back();
  };
  EXPECT_EQ(publish(), fanout::Keep::always);

  auto settings = lab_and_rooms();
  settings.realms[0].deliveries.rules = {{"com.", Match::prefix, SlowSubscriber::drop}};
  change(rooms, settings);

  EXPECT_EQ(publish(), fanout::Keep::while_there_is_room);
}

TEST(RealmTerms, ARealmThatGetsANameOfItsOwnLeavesItsPattern) {
  Rooms rooms(lab_and_rooms());
  auto a = std::make_unique<Visitor>(rooms, "room.a");
  const Visitor b(rooms, "room.b");
  auto settings = lab_and_rooms();
  settings.realms.push_back({.name = "room.a"});
  change(rooms, settings);

  EXPECT_TRUE(Visitor(rooms, "room.c").is_in()) << "room.a does not count any more";
  a.reset();
  EXPECT_NE(rooms.router.find("room.a"), nullptr) << "it stays, as realms with a name do";

  change(rooms, lab_and_rooms());
  EXPECT_EQ(rooms.router.find("room.a"), nullptr) << "nobody is in it";
}

TEST(RealmTerms, ASessionIsEndedFromOutsideByItsId) {
  Rooms rooms(lab_and_rooms());
  Visitor guest(rooms, "room.a");
  const auto& inside = rooms.router.find("room.a")->inhabitants();
  const SessionId id = inside.begin()->first;

  EXPECT_TRUE(rooms.router.end_session(id, "wamp.close.killed", "enough", rooms.now));

  EXPECT_EQ(guest.wire.take().back(), R"([6,{"message":"enough"},"wamp.close.killed"])");
  EXPECT_FALSE(rooms.router.end_session(id, "wamp.close.killed", "enough", rooms.now));
  EXPECT_EQ(rooms.router.realms(), 0u);
}

}  // namespace
}  // namespace crosspoint::wamp::auth
