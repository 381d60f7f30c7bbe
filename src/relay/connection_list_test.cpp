#include "relay/connection_list.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace crosspoint::relay {
namespace {

constexpr WallTime connected{std::chrono::seconds{1'795'219'300}};
constexpr MonotonicTime start{1h};

ClientReport viewer() {
  ClientReport report;
  report.topic = "rig01-st-data";
  report.came_with_code = true;
  report.receives = true;
  report.connected_wall = connected;
  report.connected = start;
  report.expires = connected + 1h;
  report.scopes = {"read"};
  report.id = 5;
  return report;
}

nlohmann::ordered_json list(const ClientReport& report, ListForm form) {
  RateBook rates;
  const auto text = connection_list({&report, 1}, form, rates, connected, start + 10s);
  return nlohmann::ordered_json::parse(text);
}

TEST(ConnectionList, TheRelayItselfStandsFirst) {
  const auto entry = list(viewer(), ListForm::stats_topic).at(0);
  EXPECT_EQ(entry.at("topic"), "stats");
  EXPECT_EQ(entry.at("expiresAt"), "1970-01-01T00:00:00Z");
  EXPECT_EQ(entry.at("remoteAddr"), "internal");
}

TEST(ConnectionList, TheRoutersNumbersAreAFieldOfTheRelaysOwnEntryAndOfNoOther) {
  for (const auto form: {ListForm::stats_topic, ListForm::status}) {
    RateBook rates;
    const auto report = viewer();
    const auto text = connection_list({&report, 1}, form, rates, connected, start + 10s, R"({"sessions":2})");
    auto entries = nlohmann::ordered_json::parse(text);
    EXPECT_EQ(entries.at(0).at("wamp").at("sessions"), 2);
    EXPECT_FALSE(entries.at(1).contains("wamp"));
    entries.at(0).erase("wamp");
    EXPECT_EQ(entries.dump(), list(report, form).dump());
  }
}

TEST(ConnectionList, TopicStatsHasAllEightNamesAlways) {
  const auto entry = list(viewer(), ListForm::stats_topic).at(1);
  EXPECT_EQ(entry.at("canRead"), true);
  EXPECT_EQ(entry.at("canWrite"), false);
  EXPECT_EQ(entry.at("connected"), "2026-11-21T00:01:40Z");
  EXPECT_EQ(entry.at("expiresAt"), "2026-11-21T01:01:40Z");
  EXPECT_EQ(entry.at("remoteAddr"), "");
  EXPECT_EQ(entry.at("scopes"), nlohmann::ordered_json{"read"});
  EXPECT_EQ(entry.at("topic"), "rig01-st-data");
  EXPECT_EQ(entry.at("userAgent"), "");
}

TEST(ConnectionList, StatusLeavesOutWhatIsFalseOrEmpty) {
  const auto entry = list(viewer(), ListForm::status).at(1);
  EXPECT_EQ(entry.at("can_read"), true);
  EXPECT_FALSE(entry.contains("can_write"));
  EXPECT_FALSE(entry.contains("remote_addr"));
  EXPECT_FALSE(entry.contains("user_agent"));
  EXPECT_EQ(entry.at("connected"), entry.at("connected_at"));
}

// Check 46 of the conformance list: what the status library of older versions reads.
TEST(ConnectionList, SaysSinceWhenNothingWasSentInGosWords) {
  auto report = viewer();
  report.sent = {.messages = 4, .bytes = 10, .last = start + 2s};
  const auto stats = list(report, ListForm::stats_topic).at(1).at("stats");
  EXPECT_EQ(stats.at("tx").at("last"), "8s");
  EXPECT_EQ(stats.at("tx").at("size"), 3);
  EXPECT_EQ(stats.at("tx").at("fps"), 2);
  EXPECT_EQ(stats.at("rx").at("last"), "Never");
}

TEST(ConnectionList, OpenTopicsAreNotInIt) {
  auto report = viewer();
  report.came_with_code = false;
  EXPECT_EQ(list(report, ListForm::status).size(), 1u);
}

TEST(ConnectionList, WhatClientsSayOfThemselvesIsEscaped) {
  auto report = viewer();
  report.user_agent = "\"}],\n\xff<script>";
  const auto entry = list(report, ListForm::stats_topic).at(1);
  EXPECT_EQ(entry.at("userAgent"), "\"}],\n\xef\xbf\xbd<script>");
}

}  // namespace
}  // namespace crosspoint::relay
