#include "host/status.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace crosspoint::host {
namespace {

TEST(Status, TimesAreUtcAndWholeSeconds) {
  EXPECT_EQ(utc_text(WallTime{}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(utc_text(WallTime{std::chrono::seconds(1'735'689'600)} + 1999ms), "2025-01-01T00:00:01Z");
  EXPECT_EQ(utc_text(WallTime{std::chrono::seconds(1'709'251'199)}), "2024-02-29T23:59:59Z");
}

TEST(Status, AnEmptyAgentIsEmptyObjects) {
  EXPECT_EQ(to_json(StatusReport{}),
            R"({"feeds":{},"streams":{},"destinations":{},"uploads":0,"clients":0})");
}

TEST(Status, EverythingIsUnderItsName) {
  StatusReport report;
  FeedReport feed;
  feed.name = "video0";
  feed.messages = 3;
  feed.since_last = 1500us;
  feed.stalled = true;
  feed.content.container = media::Container::mpeg_ts;
  report.feeds.push_back(feed);
  feed.name = "quiet";
  feed.since_last.reset();
  report.feeds.push_back(feed);
  report.streams.push_back({{"stream/a", std::vector<std::string>{"video0"}}, 2});
  DestinationReport destination;
  destination.id = "0";
  destination.last_error = "the relay said \"no\"";
  report.destinations.push_back(destination);

  const auto json = nlohmann::json::parse(to_json(report));

  EXPECT_EQ(json["feeds"]["video0"]["messages"], 3);
  EXPECT_EQ(json["feeds"]["video0"]["last_ms_ago"], 1);
  EXPECT_EQ(json["feeds"]["video0"]["stalled"], true);
  EXPECT_EQ(json["feeds"]["video0"]["container"], "mpegts");
  EXPECT_TRUE(json["feeds"]["quiet"]["last_ms_ago"].is_null());
  EXPECT_EQ(json["streams"]["stream/a"]["feeds"][0], "video0");
  EXPECT_EQ(json["streams"]["stream/a"]["listeners"], 2);
  EXPECT_EQ(json["destinations"]["0"]["last_error"], "the relay said \"no\"");
  EXPECT_EQ(json["destinations"]["0"]["last_error_at"], "1970-01-01T00:00:00Z");
}

TEST(Status, BytesThatAreNoUtf8DoNotBreakIt) {
  StatusReport report;
  DestinationReport destination;
  destination.id = "0";
  destination.last_error = "\xff\xfe";
  report.destinations.push_back(destination);
  EXPECT_TRUE(nlohmann::json::accept(to_json(report)));
}

}  // namespace
}  // namespace crosspoint::host
