#include "client/stats_view.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "base/counted.h"

namespace crosspoint::client {
namespace {

// A column of a table: text to the left, numbers to the right.
struct Column {
  std::string_view title;
  std::size_t width;  // wider cells are cut; the last column of a table is not padded
  bool is_number = false;
};
using Row = std::vector<std::string>;

std::string cut(std::string text, std::size_t width) {
  if (width != 0 && text.size() > width) {
    text.resize(width);
    text.back() = '~';
  }
  return text;
}

std::string line_of(const std::vector<Column>& columns, const Row& cells, std::size_t width_max) {
  std::string line;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto& column = columns[i];
    const bool last = i + 1 == columns.size();
    const auto cell = last ? cells[i] : cut(cells[i], column.width);
    const std::string padding(column.width > cell.size() ? column.width - cell.size() : 0, ' ');
    line += (i == 0 ? "" : "  ") + (column.is_number ? padding + cell : last ? cell : cell + padding);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return cut(std::move(line), width_max);
}

std::string heading_of(const std::vector<Column>& columns, std::size_t width_max) {
  Row titles;
  for (const auto& column: columns) titles.emplace_back(column.title);
  return line_of(columns, titles, width_max);
}

double busyness(const ConnectionReport& report) {
  return report.sent.bytes_rate() + report.delivered.bytes_rate();
}

std::vector<const ConnectionReport*> busiest_first(const std::vector<ConnectionReport>& reports) {
  std::vector<const ConnectionReport*> order;
  for (const auto& report: reports) order.push_back(&report);
  std::ranges::sort(order, [](const auto* a, const auto* b) {
    const auto left = busyness(*a), right = busyness(*b);
    if (left != right) return left > right;
    return a->topic != b->topic ? a->topic < b->topic : a < b;  // last: as they were reported
  });
  return order;
}

std::string last_text(const DirectionReport& direction) {
  switch (direction.last) {
    case DirectionReport::Last::unknown: return "-";
    case DirectionReport::Last::never: return "never";
    case DirectionReport::Last::ago: return short_duration(direction.last_ago);
  }
  return {};
}

std::string age_text(const ConnectionReport& report, WallTime now) {
  const auto since = parse_time(report.connected);
  return since ? short_duration(now - *since) : "-";
}

std::string may_text(const ConnectionReport& report) {
  return std::string(report.can_read ? "r" : "-") + (report.can_write ? "w" : "-");
}

const std::vector<Column> connection_columns{{"TOPIC", 24},        {"MAY", 3},          {"SINCE", 5, true},
                                             {"IN/S", 5, true},    {"IN B/S", 6, true}, {"OUT/S", 5, true},
                                             {"OUT B/S", 7, true}, {"SENT", 5, true},   {"DROP", 5, true},
                                             {"WAITING", 7, true}, {"ADDRESS", 21},     {"AGENT", 12}};

std::string connection_line(const ConnectionReport& report, WallTime now, std::size_t width_max) {
  return line_of(connection_columns,
                 {printable_ascii(report.topic), may_text(report), age_text(report, now),
                  short_number(report.sent.messages_rate()), short_number(report.sent.bytes_rate()),
                  short_number(report.delivered.messages_rate()), short_number(report.delivered.bytes_rate()),
                  last_text(report.sent), short_number(static_cast<double>(report.dropped)),
                  short_number(static_cast<double>(report.waiting_bytes)),
                  printable_ascii(report.remote_address), printable_ascii(report.user_agent)},
                 width_max);
}

// What goes on on one topic, or on all.
struct Sum {
  std::size_t connections = 0;
  double messages_in = 0, bytes_in = 0, messages_out = 0, bytes_out = 0;
  double dropped = 0, waiting_bytes = 0;
  std::string media;

  void add(const ConnectionReport& report) {
    ++connections;
    messages_in += report.sent.messages_rate();
    bytes_in += report.sent.bytes_rate();
    messages_out += report.delivered.messages_rate();
    bytes_out += report.delivered.bytes_rate();
    dropped += static_cast<double>(report.dropped);
    waiting_bytes += static_cast<double>(report.waiting_bytes);
    if (media.empty()) media = printable_ascii(report.media);
  }
};

const std::vector<Column> topic_columns{{"TOPIC", 24},       {"CONN", 5, true},    {"IN/S", 5, true},
                                        {"IN B/S", 6, true}, {"OUT/S", 5, true},   {"OUT B/S", 7, true},
                                        {"DROP", 5, true},   {"WAITING", 7, true}, {"MEDIA", 10}};

std::string topic_line(std::string_view topic, const Sum& sum, std::size_t width_max) {
  return line_of(
      topic_columns,
      {printable_ascii(topic), short_number(static_cast<double>(sum.connections)),
       short_number(sum.messages_in), short_number(sum.bytes_in), short_number(sum.messages_out),
       short_number(sum.bytes_out), short_number(sum.dropped), short_number(sum.waiting_bytes), sum.media},
      width_max);
}

std::vector<std::pair<std::string_view, Sum>> topics_of(const std::vector<ConnectionReport>& reports) {
  std::map<std::string_view, Sum> sums;
  for (const auto& report: reports) sums[report.topic].add(report);
  std::vector<std::pair<std::string_view, Sum>> topics(sums.begin(), sums.end());
  std::ranges::sort(topics, [](const auto& a, const auto& b) {
    const auto left = a.second.bytes_in + a.second.bytes_out, right = b.second.bytes_in + b.second.bytes_out;
    return left != right ? left > right : a.first < b.first;
  });
  return topics;
}

std::string headline(const LiveView& view, std::size_t topics, std::size_t width_max) {
  Sum all;
  for (const auto& report: view.reports) all.add(report);
  return cut(
      fmt::format("{}  {}, {}  in {}/s {}B/s  out {}/s {}B/s  dropped {}", printable_ascii(view.place),
                  counted(all.connections, "connection"), counted(topics, "topic"),
                  short_number(all.messages_in), short_number(all.bytes_in), short_number(all.messages_out),
                  short_number(all.bytes_out), short_number(all.dropped)),
      width_max);
}

const std::vector<Column> realm_columns{
    {"REALM", 24},       {"SESS", 5, true},  {"SUBS", 5, true},    {"REGS", 5, true},    {"OPEN", 5, true},
    {"CALL/S", 6, true}, {"PUB/S", 5, true}, {"EVENT/S", 7, true}, {"REFUSED", 7, true}, {"LOST", 5, true}};

std::string realm_line(const RealmReport& report, std::size_t width_max) {
  const auto count = [](std::uint64_t value) { return short_number(static_cast<double>(value)); };
  return line_of(realm_columns,
                 {printable_ascii(report.realm), count(report.sessions), count(report.subscriptions),
                  count(report.registrations), count(report.calls_in_flight),
                  short_number(report.calls_per_second), short_number(report.publications_per_second),
                  short_number(report.events_per_second), count(report.refused), count(report.events_lost)},
                 width_max);
}

// "; sessions ended: 3 lost, 1 too_slow"
std::string counts_text(std::string_view title, const WampReport::Counts& counts) {
  std::string text;
  for (const auto& [cause, count]: counts) {
    text += fmt::format("{}{} {}", text.empty() ? fmt::format("; {}: ", title) : ", ",
                        short_number(static_cast<double>(count)), printable_ascii(cause));
  }
  return text;
}

std::string wamp_headline(const WampReport& report, std::size_t width_max) {
  const auto left_out =
      report.realms_left_out > 0 ? fmt::format(" ({} not shown)", report.realms_left_out) : std::string();
  const auto refused = report.logins_refused > 0
                           ? fmt::format("; {} refused", counted(report.logins_refused, "login"))
                           : std::string();
  return cut(fmt::format("WAMP: {}, {}{}{}{}{}", counted(report.sessions, "session"),
                         counted(report.realms, "realm"), left_out, refused,
                         counts_text("events lost", report.events_lost),
                         counts_text("sessions ended", report.sessions_ended)),
             width_max);
}

// Does one more line fit?
bool fits(const std::vector<std::string>& lines, const ViewSize& size) {
  return size.lines == 0 || lines.size() < size.lines;
}

}  // namespace

std::vector<std::string> connection_table(const std::vector<ConnectionReport>& reports, WallTime now,
                                          const ViewSize& size) {
  std::vector<std::string> lines{heading_of(connection_columns, size.columns)};
  for (const auto* report: busiest_first(reports)) {
    if (!fits(lines, size)) break;
    lines.push_back(connection_line(*report, now, size.columns));
  }
  return lines;
}

std::vector<std::string> realm_table(const WampReport& report, const ViewSize& size) {
  std::vector<const RealmReport*> order;
  for (const auto& realm: report.by_realm) order.push_back(&realm);
  std::ranges::sort(order, [](const auto* a, const auto* b) {
    return a->sessions != b->sessions ? a->sessions > b->sessions : a->realm < b->realm;
  });
  std::vector<std::string> lines{wamp_headline(report, size.columns)};
  if (!order.empty()) lines.push_back(heading_of(realm_columns, size.columns));
  for (const auto* realm: order) {
    if (!fits(lines, size)) break;
    lines.push_back(realm_line(*realm, size.columns));
  }
  if (size.lines != 0 && lines.size() > size.lines) lines.resize(size.lines);
  return lines;
}

std::vector<std::string> live_view(const LiveView& view, WallTime now, const ViewSize& size) {
  const auto topics = topics_of(view.reports);
  std::vector<std::string> lines{headline(view, topics.size(), size.columns),
                                 cut(printable_ascii(view.trouble), size.columns),
                                 heading_of(topic_columns, size.columns)};
  // Topics have half of the height where there are connections below; the busiest of both are seen.
  const auto half = size.lines / 2;
  const auto topic_lines_max = size.lines == 0 ? topics.size() : half > 3 ? half - 2 : 1;
  for (std::size_t i = 0; i < topics.size() && i < topic_lines_max; ++i)
    lines.push_back(topic_line(topics[i].first, topics[i].second, size.columns));
  lines.emplace_back();
  if (view.wamp) {
    // A quarter of the height, and at least one realm.
    const ViewSize some{.columns = size.columns,
                        .lines = size.lines == 0 ? 0 : std::max<std::size_t>(3, size.lines / 4)};
    for (auto& line: realm_table(*view.wamp, some)) lines.push_back(std::move(line));
    lines.emplace_back();
  }
  lines.push_back(heading_of(connection_columns, size.columns));
  for (const auto* report: busiest_first(view.reports)) {
    if (!fits(lines, size)) break;
    lines.push_back(connection_line(*report, now, size.columns));
  }
  if (size.lines != 0 && lines.size() > size.lines) lines.resize(size.lines);
  return lines;
}

std::string terminal_frame(const std::vector<std::string>& lines) {
  std::string frame = "\x1b[H";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    // No new line after the last: it would scroll a full screen.
    frame += lines[i] + "\x1b[K" + (i + 1 < lines.size() ? "\r\n" : "");
  }
  return frame + "\x1b[J";
}

std::string short_number(double value) {
  constexpr std::array<std::string_view, 6> units{"", "k", "M", "G", "T", "P"};
  if (!(value > 0)) return "0";
  std::size_t unit = 0;
  // From here on it would be written as 1000.
  while (value >= 999.5 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  if (value >= 999.5) return "lots";
  if (value >= 9.95 || (unit == 0 && value == std::floor(value)))
    return fmt::format("{:.0f}{}", value, units[unit]);
  return fmt::format("{:.1f}{}", value, units[unit]);
}

std::string short_duration(Duration duration) {
  const auto seconds = std::max<std::int64_t>(0, std::chrono::floor<std::chrono::seconds>(duration).count());
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3600) return fmt::format("{}m", seconds / 60);
  if (seconds < 2 * 86400) return fmt::format("{}h", seconds / 3600);
  return fmt::format("{}d", seconds / 86400);
}

std::string printable_ascii(std::string_view text) {
  std::string out(text);
  for (auto& c: out)
    if (c < 0x20 || c > 0x7e) c = '?';
  return out;
}

}  // namespace crosspoint::client
