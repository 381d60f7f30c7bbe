#pragma once
// Reports of a relay as lines for people: a table of all connections, and the live view of `crosspoint top`.
// Pure: the time and the size of the terminal are given, lines come out.
//
// What clients call themselves is a stranger's text: only printable ASCII gets into a line, so that no name
// of a topic or of a browser moves a terminal's cursor.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/stats_report.h"

namespace crosspoint::client {

struct ViewSize {
  std::size_t columns = 0;  // 0: as wide as it gets
  std::size_t lines = 0;    // 0: as many as there are
};

// A heading and a line for each connection, busiest first.
std::vector<std::string> connection_table(const std::vector<ConnectionReport>& reports, WallTime now,
                                          const ViewSize& size = {});

// What is known of the WAMP router: a line for all realms, a heading and a line for each realm that the
// report names, those with the most sessions first.
std::vector<std::string> realm_table(const WampReport& report, const ViewSize& size = {});

// One picture of the live view: totals, topics, realms, then connections, busiest first, cut to the size.
// What went wrong last, if something did since the report came, stands in the second line.
struct LiveView {
  std::string place;                      // where the reports come from
  std::string trouble;                    // a sentence; empty: none
  std::vector<ConnectionReport> reports;  // the latest
  std::optional<WampReport> wamp = {};
};
std::vector<std::string> live_view(const LiveView& view, WallTime now, const ViewSize& size);

// Lines as a terminal draws them over what stood there before (ECMA-48: home, erase to the end of the line,
// erase below). Takes as many lines as are given.
std::string terminal_frame(const std::vector<std::string>& lines);

// "0", "7.5", "950", "1.2k", "34M": at most five characters, powers of 1000.
std::string short_number(double value);
// "3s", "4m", "2h", "9d".
std::string short_duration(Duration duration);
// Printable ASCII, everything else as "?".
std::string printable_ascii(std::string_view text);

}  // namespace crosspoint::client
