#include "relay/rate_book.h"

#include <algorithm>

namespace crosspoint::relay {
namespace {

constexpr Duration window_min = 5s;

double per_second(std::uint64_t now, std::uint64_t then, Duration window) {
  return static_cast<double>(now - then) / std::chrono::duration<double>(window).count();
}

}  // namespace

Rates RateBook::rates_of(const ClientReport& report, MonotonicTime now) {
  const Sample current{now, report.sent.messages, report.sent.bytes, report.delivered.messages,
                       report.delivered.bytes};
  const auto [found, is_new] = entries_.try_emplace(report.id);
  Entry& entry = found->second;
  entry.seen = report_;
  if (is_new) {
    // Who has just come has done all it did since then.
    entry.base.at = entry.recent.at = report.connected;
  } else if (now - entry.recent.at >= window_min) {
    entry.base = entry.recent;
    entry.recent = current;
  }
  const Sample& base = entry.base;
  const Duration window = std::max<Duration>(now - base.at, 1s);
  // Counters go back a little when what waited for a slow viewer was thrown away.
  const auto delivered_messages = std::max(current.delivered_messages, base.delivered_messages);
  const auto delivered_bytes = std::max(current.delivered_bytes, base.delivered_bytes);
  return {.sent = {per_second(current.sent_messages, base.sent_messages, window),
                   per_second(current.sent_bytes, base.sent_bytes, window)},
          .delivered = {per_second(delivered_messages, base.delivered_messages, window),
                        per_second(delivered_bytes, base.delivered_bytes, window)}};
}

void RateBook::end_report() {
  std::erase_if(entries_, [&](const auto& entry) { return entry.second.seen != report_; });
  ++report_;
}

}  // namespace crosspoint::relay
