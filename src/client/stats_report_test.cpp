#include "client/stats_report.h"

#include <gtest/gtest.h>

namespace crosspoint::client {
namespace {

using Last = DirectionReport::Last;

ConnectionReport one(std::string_view json) {
  const auto reports = parse_stats_report(json);
  if (!reports || reports->connections.size() != 1) {
    ADD_FAILURE() << (reports ? "not one" : reports.error()) << ": " << json;
    return {};
  }
  return reports->connections.front();
}

TEST(StatsReport, ReadsWhatTopicStatsSays) {
  const auto reports = parse_stats_report(
      R"([{"canRead":true,"canWrite":true,"connected":"2026-11-21T00:01:40Z","expiresAt":"1970-01-01T00:00:00Z",
      "remoteAddr":"internal","scopes":["read","stats","write"],"topic":"stats","userAgent":"crossbar"},
      {"canRead":true,"canWrite":false,"connected":"2026-11-21T00:01:40Z","expiresAt":"2026-11-21T01:01:40Z",
      "remoteAddr":"","scopes":["read"],"topic":"rig01-st-video","userAgent":"probe/1"}])");
  ASSERT_TRUE(reports) << reports.error();
  ASSERT_EQ(reports->connections.size(), 2u);
  const auto& second = reports->connections[1];
  EXPECT_EQ(second.topic, "rig01-st-video");
  EXPECT_TRUE(second.can_read);
  EXPECT_FALSE(second.can_write);
  EXPECT_EQ(second.connected, "2026-11-21T00:01:40Z");
  EXPECT_EQ(second.expires, "2026-11-21T01:01:40Z");
  EXPECT_EQ(second.user_agent, "probe/1");
  EXPECT_EQ(second.scopes, std::vector<std::string>{"read"});
  EXPECT_EQ(second.sent.last, Last::unknown);
  EXPECT_EQ(reports->connections[0].remote_address, "internal");
}

TEST(StatsReport, ReadsWhatStatusAnswersWithTheSameMeaning) {
  const auto camel = one(
      R"([{"canRead":true,"canWrite":true,"connected":"2026-11-20T23:59:42Z","expiresAt":"2026-11-21T00:59:42Z",
      "remoteAddr":"192.0.2.7","scopes":["write"],"topic":"t","userAgent":"probe/1","dropped":3,"waitingBytes":17,
      "media":"mpeg1video","traffic":{"tx":{"messages":5,"bytes":500,"messagesPerSecond":2.5,"bytesPerSecond":250}}}])");
  const auto snake = one(
      R"([{"can_read":true,"can_write":true,"connected_at":"2026-11-20T23:59:42Z","expires_at":"2026-11-21T00:59:42Z",
      "remote_addr":"192.0.2.7","scopes":["write"],"topic":"t","user_agent":"probe/1","dropped":3,"waiting_bytes":17,
      "media":"mpeg1video","traffic":{"tx":{"messages":5,"bytes":500,"messages_per_second":2.5,"bytes_per_second":250}}}])");
  EXPECT_EQ(camel, snake);
  EXPECT_EQ(camel.dropped, 3u);
  EXPECT_EQ(camel.waiting_bytes, 17u);
  EXPECT_EQ(camel.media, "mpeg1video");
  EXPECT_EQ(camel.sent.messages, 5u);
  EXPECT_EQ(camel.sent.bytes, 500u);
  EXPECT_EQ(camel.sent.messages_rate(), 2.5);
  EXPECT_EQ(camel.sent.bytes_rate(), 250);
  EXPECT_EQ(camel.delivered, DirectionReport{});
}

TEST(StatsReport, ReadsTheOlderObjectStats) {
  const auto report = one(
      R"([{"topic":"t","stats":{"tx":{"last":"2.903s","size":5,"fps":20.5},"rx":{"last":"Never","size":0,"fps":0}}}])");
  EXPECT_EQ(report.sent.last, Last::ago);
  EXPECT_EQ(report.sent.last_ago, 2903ms);
  EXPECT_EQ(report.sent.messages_rate(), 20.5);
  EXPECT_EQ(report.sent.bytes_rate(), 102.5);
  EXPECT_EQ(report.delivered.last, Last::never);
}

TEST(StatsReport, LastIsADurationNanosecondsOrNever) {
  const auto last = [](std::string_view value) {
    return one(R"([{"stats":{"tx":{)" + std::string(value) + "}}}]").sent;
  };
  for (const auto* never: {R"("last":"never")", R"("last":"NEVER")", R"("last":"")", R"("size":1)"})
    EXPECT_EQ(last(never).last, Last::never) << never;
  for (const auto* unknown: {R"("last":"soon")", R"("last":null)", R"("last":1.5)", R"("last":[])",
                             R"("last":18446744073709551615)"})
    EXPECT_EQ(last(unknown).last, Last::unknown) << unknown;
  EXPECT_EQ(last(R"("last":2500000000)").last_ago, 2500ms);
  EXPECT_EQ(last(R"("last":"1h2m3.5s")").last_ago, 1h + 2min + 3500ms);
}

TEST(StatsReport, WhatIsOfAnotherTypeCountsAsAbsent) {
  EXPECT_EQ(one(R"([{"topic":7,"canRead":"true","scopes":"read","dropped":-1,"waitingBytes":1.5,"stats":[],
                 "traffic":{"tx":[],"rx":{"messages":-1,"bytesPerSecond":-2,"messagesPerSecond":"3"}}}])"),
            ConnectionReport{});
  EXPECT_EQ(one("[{}]"), ConnectionReport{});
}

struct Refused {
  const char* json;
  const char* why;
};
class StatsReportRefusals : public testing::TestWithParam<Refused> {};

TEST_P(StatsReportRefusals, AreSentences) {
  const auto reports = parse_stats_report(GetParam().json);
  ASSERT_FALSE(reports);
  EXPECT_EQ(reports.error(), GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(
    Table, StatsReportRefusals,
    testing::Values(Refused{"", "the report is not JSON"}, Refused{"[", "the report is not JSON"},
                    // What a batch of the older relay looks like.
                    Refused{"[{}][{}]", "the report is not JSON"},
                    Refused{R"({"cmd":"update"})", "the report is not a list of connections"},
                    Refused{"null", "the report is not a list of connections"},
                    Refused{"[7]", "the report lists something that is no connection"},
                    Refused{"[{},[]]", "the report lists something that is no connection"}));

TEST(StatsReport, LimitsAreKept) {
  const StatsLimits limits{.bytes_max = 20, .connections_max = 2, .scopes_max = 1};
  EXPECT_TRUE(parse_stats_report("[{},{}]", limits));
  EXPECT_FALSE(parse_stats_report("[{},{},{}]", limits));
  EXPECT_TRUE(parse_stats_report("[{}" + std::string(16, ' ') + "]", limits));
  EXPECT_FALSE(parse_stats_report("[{}" + std::string(17, ' ') + "]", limits));
  const auto scoped = parse_stats_report(R"([{"scopes":["a","b"]}])", {.scopes_max = 1});
  EXPECT_EQ(scoped->connections.front().scopes, std::vector<std::string>{"a"});
}

TEST(StatsReport, ReadsWhatTheRoutersEntrySaysOfRealms) {
  const auto report = parse_stats_report(
      R"([{"topic":"stats","wamp":{"sessions":12,"realms":3,"realms_left_out":2,"logins_refused":8,
      "events_lost":{"slow_subscriber":5,"too_large":0},"sessions_ended":{"lost":4,"too_slow":0},
      "by_realm":[{"realm":"realm1","sessions":2,"subscriptions":3,"registrations":4,"calls_in_flight":1,
      "calls_per_second":1.5,"publications_per_second":2,"events_per_second":-3,"logins_refused":5,
      "calls_refused":{"not_authorized":1,"no_such_procedure":2},"registrations_refused":{"invalid_uri":4},
      "events_lost":{"too_large":6}},7]}},{"topic":"a","wamp":{"sessions":99}}])");
  ASSERT_TRUE(report && report->wamp);
  const auto& wamp = *report->wamp;
  EXPECT_EQ(wamp.sessions, 12u);
  EXPECT_EQ(wamp.realms, 3u);
  EXPECT_EQ(wamp.realms_left_out, 2u);
  EXPECT_EQ(wamp.logins_refused, 8u);
  EXPECT_EQ(wamp.events_lost, (WampReport::Counts{{"slow_subscriber", 5}}));
  EXPECT_EQ(wamp.sessions_ended, (WampReport::Counts{{"lost", 4}}));
  ASSERT_EQ(wamp.by_realm.size(), 1u);
  EXPECT_EQ(wamp.by_realm[0], (RealmReport{.realm = "realm1",
                                           .sessions = 2,
                                           .subscriptions = 3,
                                           .registrations = 4,
                                           .calls_in_flight = 1,
                                           .calls_per_second = 1.5,
                                           .publications_per_second = 2,
                                           .events_per_second = 0,
                                           .refused = 12,
                                           .events_lost = 6}));
}

TEST(StatsReport, ANodeWithoutARouterSaysNothingOfRealms) {
  EXPECT_FALSE(parse_stats_report(R"([{"topic":"stats"}])")->wamp);
  EXPECT_FALSE(parse_stats_report(R"([{"topic":"stats","wamp":7}])")->wamp);
  EXPECT_EQ(*parse_stats_report(R"([{"wamp":{"by_realm":7,"sessions":-1,"events_lost":[]}}])")->wamp,
            WampReport());
}

TEST(StatsReport, NoMoreRealmsAreTakenThanAreShown) {
  std::string realms = "{}";
  for (std::size_t i = 0; i < realms_shown_max; ++i) realms += ",{}";
  const auto report = parse_stats_report(R"([{"wamp":{"by_realm":[)" + realms + "]}}]");
  EXPECT_EQ(report->wamp->by_realm.size(), realms_shown_max);
}

TEST(StatsReport, D5_DeepNestingIsSurvived) {
  EXPECT_FALSE(parse_stats_report(std::string(100'000, '[')));
  EXPECT_FALSE(parse_stats_report(std::string(100'000, '[') + std::string(100'000, ']')));
}

TEST(GoDuration, IsReadInAllItsUnits) {
  const std::vector<std::pair<std::string_view, Duration>> rows{{"0", 0s},
                                                                {"0s", 0s},
                                                                {"1h2m3.5s", 1h + 2min + 3500ms},
                                                                {"250ms", 250ms},
                                                                {"1.5\xc2\xb5s", 1500ns},
                                                                {"1.5us", 1500ns},
                                                                {"101.051177ms", 101'051'177ns},
                                                                {"850ns", 850ns},
                                                                {"-2s", -2s},
                                                                {"999h0m0s", 999h}};
  for (const auto& [text, duration]: rows) EXPECT_EQ(parse_go_duration(text), duration) << text;
  for (const auto* text: {"", "-", "s", "1", "1.2.3s", "1e3s", "5 s", "1d", "inf", "99999999999h", "."})
    EXPECT_FALSE(parse_go_duration(text)) << text;
}

TEST(Time, IsRfc3339) {
  const WallTime day = std::chrono::sys_days(std::chrono::year(2026) / 11 / 21);
  EXPECT_EQ(parse_time("2026-11-21T00:01:40Z"), day + 100s);
  EXPECT_EQ(parse_time("2026-11-21T00:01:40.25Z"), day + 100s + 250ms);
  EXPECT_EQ(parse_time("2026-11-21T01:01:40.123456789123+01:00"), day + 100s + 123'456'789ns);
  EXPECT_EQ(parse_time("2026-11-20T19:01:40-05:00"), day + 100s);
  for (const auto* text:
       {"", "2026-11-21", "2026-11-21T00:01Z", "2026-02-30T00:00:00Z", "2026-11-21T24:00:00Z",
        "2026-11-21T00:00:00", "2026-11-21T00:00:00.Z", "2026-11-21T00:00:00+1:00", "9999-01-01T00:00:00Z",
        "2026-11-21T00:00:00Zx", "2026-11-20 23:59:55.745670924 +0000 UTC m=+4.002269099"})
    EXPECT_FALSE(parse_time(text)) << text;
}

}  // namespace
}  // namespace crosspoint::client
