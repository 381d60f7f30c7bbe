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

struct Guest {
  Guest(Rooms& rooms, std::string_view realm) : session(rooms.sessions, rooms.router, wire, {}, rooms.now) {
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
    const Guest first(rooms, "room.a"), second(rooms, "room.a");
    EXPECT_TRUE(first.is_in() && second.is_in());
    EXPECT_EQ(rooms.router.realms(), 1u);
  }
  EXPECT_EQ(rooms.router.realms(), 0u);
}

TEST(RealmTerms, ANamedRealmStaysAndOthersAreNotThere) {
  Rooms rooms(lab_and_rooms());
  EXPECT_TRUE(Guest(rooms, "lab").is_in());
  EXPECT_NE(rooms.router.find("lab"), nullptr);
  EXPECT_THAT(Guest(rooms, "elsewhere").welcome, HasSubstr("wamp.error.no_such_realm"));
  EXPECT_THAT(Guest(rooms, "room").welcome, HasSubstr("wamp.error.no_such_realm"));
  EXPECT_EQ(rooms.router.find("elsewhere"), nullptr);
}

TEST(RealmTerms, ThereAreAsManyRealmsOfAPatternAsItSaysAndNoMore) {
  Rooms rooms(lab_and_rooms());
  const Guest a(rooms, "room.a"), lab(rooms, "lab");
  auto b = std::make_unique<Guest>(rooms, "room.b");
  EXPECT_TRUE(a.is_in() && lab.is_in() && b->is_in());

  EXPECT_THAT(Guest(rooms, "room.c").welcome, HasSubstr("wamp.error.unavailable"));
  EXPECT_TRUE(Guest(rooms, "room.a").is_in()) << "it is there already";
  EXPECT_EQ(rooms.router.counters().realms_refused, 1u);

  b.reset();
  EXPECT_TRUE(Guest(rooms, "room.c").is_in()) << "one has gone";
}

TEST(RealmTerms, WhatTheSettingsSayOfARealmHoldsInIt) {
  auto settings = lab_and_rooms();
  settings.realms[1].strict_request_ids = true;
  Rooms rooms(settings);
  Guest strict(rooms, "room.a"), lenient(rooms, "lab");
  for (Guest* guest: {&strict, &lenient}) guest->session.on_message(as_bytes(R"([32,5,{},"t"])"), rooms.now);
  EXPECT_THAT(strict.wire.take().front(), HasSubstr("wamp.error.protocol_violation"));
  EXPECT_THAT(lenient.wire.take().front(), StartsWith("[33,5,"));
}

}  // namespace
}  // namespace crosspoint::wamp::auth
