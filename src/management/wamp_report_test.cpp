#include "management/wamp_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace crosspoint::management {
namespace {

using nlohmann::json;

constexpr MonotonicTime began{1h};

wamp::RealmNumbers busy(std::uint64_t calls, std::uint64_t events = 0) {
  wamp::RealmNumbers numbers;
  numbers.dealer.calls = calls;
  numbers.broker.events = events;
  return numbers;
}

TEST(RealmRates, AreOfTheLifeOfARealmUntilThereIsSomethingNearer) {
  RealmRateBook book;
  EXPECT_EQ(book.rates_of("a", began, busy(1000), began + 100s).calls, 10);
  book.end_report();
  EXPECT_EQ(book.rates_of("a", began, busy(1050, 25), began + 105s).calls, 10);
  book.end_report();
  const auto rates = book.rates_of("a", began, busy(1100, 50), began + 110s);
  EXPECT_EQ(rates.calls, 10);
  EXPECT_EQ(rates.events, 5);
}

TEST(RealmRates, ARealmThatIsBackBeginsAnew) {
  RealmRateBook book;
  book.rates_of("a", began, busy(1000), began + 100s);
  book.end_report();
  EXPECT_EQ(book.rates_of("a", began + 100s, busy(4), began + 102s).calls, 2);
}

TEST(RealmRates, WhoIsGoneIsForgotten) {
  RealmRateBook book;
  for (const char* realm: {"a", "b"}) book.rates_of(realm, began, busy(1), began + 1s);
  book.end_report();
  book.rates_of("a", began, busy(1), began + 2s);
  book.end_report();
  EXPECT_EQ(book.size(), 1u);
}

json report_of(const WampNumbers& numbers) {
  RealmRateBook book;
  return json::parse(to_json(wamp_report(numbers, book, began + 10s)));
}

TEST(WampReport, NamesEachCauseForWhichSomethingWasRefusedOrLost) {
  WampNumbers numbers{.started = began};
  wamp::RealmNumbers realm = busy(30, 7);
  realm.sessions = 2;
  realm.calls_in_flight = 1;
  realm.dealer.calls_refused_for_caller = 3;
  realm.broker.events_too_large = 4;
  realm.refused.not_authorized[static_cast<std::size_t>(wamp::Action::publish)] = 5;
  realm.refused.logins_refused = 6;
  numbers.realms.total = realm;
  numbers.realms.total.refused.logins_refused = 10;  // some in realms that are not there
  numbers.realms.realms.push_back({"realm1", began, realm});
  numbers.realms.realms_left_out = 6;
  numbers.connections.events_dropped = 8;
  numbers.router.sessions_ended[static_cast<std::size_t>(wamp::SessionEnd::too_slow)] = 9;
  const auto report = report_of(numbers);
  EXPECT_EQ(report.at("realms"), 7);
  EXPECT_EQ(report.at("realms_left_out"), 6);
  EXPECT_EQ(report.at("events_lost").at("slow_subscriber"), 8);
  EXPECT_EQ(report.at("events_lost").at("too_large"), 4);
  EXPECT_EQ(report.at("sessions_ended").at("too_slow"), 9);
  EXPECT_EQ(report.at("total").at("calls_per_second"), 3);
  EXPECT_EQ(report.at("logins_refused"), 10);
  EXPECT_EQ(report.at("by_realm").at(0).at("logins_refused"), 6);
  const auto& one = report.at("by_realm").at(0);
  EXPECT_EQ(one.at("realm"), "realm1");
  EXPECT_EQ(one.at("sessions"), 2);
  EXPECT_EQ(one.at("calls_in_flight"), 1);
  EXPECT_EQ(one.at("calls_refused").at("calls_per_caller_max"), 3);
  EXPECT_EQ(one.at("publications_refused").at("not_authorized"), 5);
  EXPECT_EQ(one.at("events_per_second"), 0.7);
}

// Where realms come into being when they are joined, strangers choose their names.
TEST(WampReport, ALongNameIsCutBetweenCharacters) {
  WampNumbers numbers{.started = began};
  std::string name(realm_name_bytes_max - 1, 'x');
  numbers.realms.realms.push_back({name + "\xc3\xa9\xc3\xa9", began, {}});
  EXPECT_EQ(report_of(numbers).at("by_realm").at(0).at("realm"), name);
}

}  // namespace
}  // namespace crosspoint::management
