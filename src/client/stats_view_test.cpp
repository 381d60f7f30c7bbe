#include "client/stats_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosspoint::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Lines = std::vector<std::string>;

const WallTime now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 21);

ConnectionReport connection(std::string topic, double bytes_in, double bytes_out = 0) {
  ConnectionReport report;
  report.topic = std::move(topic);
  report.can_read = true;
  report.can_write = bytes_in > 0;
  report.connected = "2026-11-20T23:57:00Z";
  report.remote_address = "192.0.2.7";
  report.user_agent = "probe/1";
  report.sent.last = DirectionReport::Last::ago;
  report.sent.last_ago = 2900ms;
  report.sent.messages_per_second = bytes_in / 100;
  report.sent.bytes_per_second = bytes_in;
  report.delivered.messages_per_second = bytes_out / 100;
  report.delivered.bytes_per_second = bytes_out;
  return report;
}

TEST(ConnectionTable, IsALineForEachConnectionBusiestFirst) {
  auto busy = connection("video", 125'000, 0);
  busy.dropped = 3;
  busy.waiting_bytes = 4096;
  const auto lines = connection_table({connection("idle", 0), busy, connection("data", 0, 950)}, now);
  EXPECT_EQ(lines, (Lines{"TOPIC                     MAY  SINCE   IN/S  IN B/S  OUT/S  OUT B/S   SENT   DROP "
                          " WAITING  ADDRESS      "
                          "          AGENT",
                          "video                     rw      3m   1.2k    125k      0        0     2s      3 "
                          "    4.1k  192.0.2.7    "
                          "          probe/1",
                          "data                      r-      3m      0       0    9.5      950     2s      0 "
                          "       0  192.0.2.7    "
                          "          probe/1",
                          "idle                      r-      3m      0       0      0        0     2s      0 "
                          "       0  192.0.2.7    "
                          "          probe/1"}));
}

TEST(ConnectionTable, OlderReportsAreShownByTheirAverages) {
  ConnectionReport report;
  report.topic = "t";
  report.sent.mean_rate = 20;
  report.sent.mean_bytes = 1000;
  const auto lines = connection_table({report}, now);
  EXPECT_THAT(lines[1],
              StartsWith("t                         --       -     20     20k      0        0      -"));
}

TEST(ConnectionTable, NeverIsSaid) {
  auto report = connection("t", 0);
  report.sent.last = DirectionReport::Last::never;
  EXPECT_THAT(connection_table({report}, now)[1], HasSubstr("never"));
}

TEST(ConnectionTable, WhatAStrangerCallsItselfMovesNoCursor) {
  auto report = connection("to\x1b[2Jpic", 1);
  report.user_agent =
      "a\r\n\x9b"
      "31m\xc3\xa9";
  report.remote_address = std::string("x\0y", 3);
  for (const auto& line: connection_table({report}, now)) {
    for (const char c: line) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << line;
  }
}

TEST(ConnectionTable, IsCutToTheTerminal) {
  const auto lines =
      connection_table({connection(std::string(100, 'a'), 3), connection("b", 2), connection("c", 1)}, now,
                       {.columns = 30, .lines = 3});
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[1], std::string(23, 'a') + "~  rw ~");
  for (const auto& line: lines) EXPECT_LE(line.size(), 30u);
}

TEST(LiveView, SaysTotalsTopicsAndConnections) {
  auto camera = connection("video", 100'000);
  camera.media = "mpeg1video";
  camera.dropped = 1;
  const auto lines =
      live_view({"lab.test", "", {connection("data", 100), camera, connection("video", 0, 100'000)}}, now,
                {.columns = 0, .lines = 0});
  ASSERT_EQ(lines.size(), 10u);
  EXPECT_EQ(lines[0], "lab.test  3 connections, 2 topics  in 1.0k/s 100kB/s  out 1.0k/s 100kB/s  dropped 1");
  EXPECT_EQ(lines[1], "");
  EXPECT_THAT(lines[2], StartsWith("TOPIC"));
  EXPECT_EQ(lines[3],
            "video                         2   1.0k    100k   1.0k     100k      1        0  mpeg1video");
  EXPECT_THAT(lines[4], StartsWith("data"));
  EXPECT_THAT(lines[6], HasSubstr("AGENT"));
  EXPECT_THAT(lines[7], StartsWith("video"));
}

WampReport two_realms() {
  WampReport report{.sessions = 12, .realms = 5, .realms_left_out = 3, .logins_refused = 8};
  report.events_lost = {{"slow_subscriber", 1500}};
  report.sessions_ended = {{"lost", 4}, {"too\x1b_slow", 1}};
  report.by_realm = {{.realm = "a", .sessions = 2}, {.realm = "lab", .sessions = 10, .calls_in_flight = 1}};
  report.by_realm[1].calls_per_second = 1234;
  report.by_realm[1].refused = 7;
  return report;
}

TEST(RealmTable, IsALineForEachRealmAndSaysWhatWasLostAndLeftOut) {
  EXPECT_EQ(
      realm_table(two_realms()),
      (Lines{
          "WAMP: 12 sessions, 5 realms (3 not shown); 8 logins refused; events lost: 1.5k slow_subscriber; "
          "sessions ended: 4 lost, 1 too?_slow",
          "REALM                      SESS   SUBS   REGS   OPEN  CALL/S  PUB/S  EVENT/S  REFUSED   LOST",
          "lab                          10      0      0      1    1.2k      0        0        7      0",
          "a                             2      0      0      0       0      0        0        0      0"}));
}

TEST(LiveView, ShowsRealmsBetweenTopicsAndConnections) {
  LiveView view{"lab.test", "", {connection("video", 100)}, two_realms()};
  const auto lines = live_view(view, now, {});
  ASSERT_EQ(lines.size(), 12u);
  EXPECT_THAT(lines[5], StartsWith("WAMP: 12 sessions"));
  EXPECT_THAT(lines[7], StartsWith("lab "));
  EXPECT_THAT(lines[10], StartsWith("TOPIC "));
  // In a small terminal the realm with the most sessions, and still a connection.
  const auto few = live_view(view, now, {.columns = 100, .lines = 11});
  ASSERT_LE(few.size(), 11u);
  EXPECT_THAT(few[7], StartsWith("lab "));
  EXPECT_THAT(few.back(), StartsWith("video "));
}

TEST(LiveView, FillsAnyTerminalAndNeverMore) {
  std::vector<ConnectionReport> reports;
  for (int i = 0; i < 50; ++i) reports.push_back(connection("topic" + std::to_string(i), i));
  for (std::size_t height = 1; height < 60; ++height) {
    for (const std::size_t width: {1, 20, 80, 200}) {
      const auto lines = live_view({"lab.test", "", reports}, now, {.columns = width, .lines = height});
      EXPECT_EQ(lines.size(), height);
      for (const auto& line: lines) EXPECT_LE(line.size(), width);
    }
  }
}

TEST(LiveView, TroubleStandsInTheSecondLineAndWhatWasKnownStays) {
  const auto lines = live_view({"lab.test", "lab.test answered 401", {connection("t", 1)}}, now, {});
  EXPECT_EQ(lines[1], "lab.test answered 401");
  EXPECT_THAT(lines[3], StartsWith("t "));
}

TEST(TerminalFrame, DrawsOverWhatWasThereAndDoesNotScroll) {
  EXPECT_EQ(terminal_frame({"one", "two"}), "\x1b[Hone\x1b[K\r\ntwo\x1b[K\x1b[J");
  EXPECT_EQ(terminal_frame({}), "\x1b[H\x1b[J");
}

TEST(ShortNumber, NeverHasMoreThanFiveCharacters) {
  const std::vector<std::pair<double, std::string>> rows{
      {0, "0"},      {-1, "0"},         {0.04, "0.0"},  {7, "7"},        {7.25, "7.2"},
      {9.96, "10"},  {950, "950"},      {999.4, "999"}, {999.6, "1.0k"}, {1234, "1.2k"},
      {34e6, "34M"}, {999'499, "999k"}, {1e9, "1.0G"},  {1e15, "1.0P"},  {1e19, "lots"}};
  for (const auto& [value, text]: rows) EXPECT_EQ(short_number(value), text) << value;
  for (double value = 0.01; value < 1e20; value *= 1.7) EXPECT_LE(short_number(value).size(), 5u) << value;
}

TEST(ShortDuration, SaysTheLargestUnit) {
  EXPECT_EQ(short_duration(-5s), "0s");
  EXPECT_EQ(short_duration(59'999ms), "59s");
  EXPECT_EQ(short_duration(60s), "1m");
  EXPECT_EQ(short_duration(47h), "47h");
  EXPECT_EQ(short_duration(48h), "2d");
}

}  // namespace
}  // namespace crosspoint::client
