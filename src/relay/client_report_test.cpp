#include "relay/client_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace crosspoint::relay {
namespace {

ClientReport camera() {
  ClientReport report;
  report.topic = "/out/video";
  report.broadcaster = true;
  report.connected_wall = WallTime{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + 23h};
  report.connected = MonotonicTime{10s};
  report.remote_address = "10.1.2.3, 10.9.9.9";
  report.user_agent = "cam/1";
  report.sent = {.messages = 5, .bytes = 5001, .last = MonotonicTime{12s}};
  return report;
}

TEST(ClientReport, BeginsWithTheFieldsOfTheOldRelayInTheirOrder) {
  const auto text = to_json(camera(), MonotonicTime{12'101'051'177ns}, MonotonicTime{6s});

  EXPECT_TRUE(text.starts_with(
      R"({"topic":"/out/video","broadcaster":true,"connected":"2026-11-20 23:00:00 +0000 UTC m=+4.000000000",)"
      R"("remoteAddr":"10.1.2.3, 10.9.9.9","userAgent":"cam/1",)"
      R"("stats":{"tx":{"last":"101.051177ms","size":1000,"fps":2.5},"rx":{"last":"Never","size":0,"fps":0}},)"))
      << text;
}

TEST(ClientReport, IsJsonWhateverAHeaderHeld) {
  auto report = camera();
  report.user_agent = "a\"b\\\x01\xff<script>";

  const auto parsed = nlohmann::json::parse(to_json(report, MonotonicTime{12s}, MonotonicTime{}));

  EXPECT_EQ(parsed["userAgent"], "a\"b\\\x01\xEF\xBF\xBD<script>");
}

TEST(ClientReport, AMessageInTheInstantOfConnectingIsNotInfinitelyFrequent) {
  auto report = camera();
  report.sent.last = report.connected;

  const auto parsed = nlohmann::json::parse(to_json(report, MonotonicTime{12s}, MonotonicTime{}));

  EXPECT_TRUE(parsed["stats"]["tx"]["fps"].is_number());
}

}  // namespace
}  // namespace crosspoint::relay
