// A relay's report: refused with a sentence, or bounded values that make lines of printable ASCII.

#include <algorithm>
#include <cmath>
#include <string>

#include "client/stats_report.h"
#include "client/stats_view.h"
#include "require.h"

using namespace crosspoint;
using namespace crosspoint::client;

namespace {

constexpr StatsLimits limits{.bytes_max = 64 * 1024, .connections_max = 16, .scopes_max = 4};

void check_direction(const DirectionReport& direction) {
  for (const double value: {direction.mean_bytes, direction.mean_rate, direction.messages_rate()})
    REQUIRE(std::isfinite(value) && value >= 0);
}

void check_lines(const std::vector<std::string>& lines, std::size_t lines_max, std::size_t columns) {
  REQUIRE(lines.size() <= lines_max);
  for (const auto& line: lines) {
    REQUIRE(line.size() <= columns);
    REQUIRE(std::ranges::all_of(line, [](char c) { return c >= 0x20 && c < 0x7f; }));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto time = parse_time(text)) REQUIRE(text.size() >= 20);
  (void)parse_go_duration(text);

  auto reports = parse_stats_report(text, limits);
  if (!reports) {
    REQUIRE(!reports.error().empty());
    return 0;
  }
  REQUIRE(reports->connections.size() <= limits.connections_max);
  for (const auto& report: reports->connections) {
    REQUIRE(report.scopes.size() <= limits.scopes_max);
    check_direction(report.sent);
    check_direction(report.delivered);
  }
  check_lines(connection_table(reports->connections, WallTime{}, {.columns = 200}),
              limits.connections_max + 1, 200);
  if (reports->wamp) {
    REQUIRE(reports->wamp->by_realm.size() <= realms_shown_max);
    check_lines(realm_table(*reports->wamp, {.columns = 200}), realms_shown_max + 2, 200);
  }
  check_lines(live_view({"lab", "trouble", std::move(reports->connections), std::move(reports->wamp)},
                        WallTime{}, {.columns = 80, .lines = 24}),
              24, 80);
  return 0;
}
