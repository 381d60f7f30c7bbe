#pragma once
// How many events a second may follow from what strangers do: clients that come and go by the thousand must
// not become as many publications. Past the limit of their kind they are counted, and the count is published.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace crosspoint::management {

enum class EventKind : std::uint8_t {
  topic_created,
  topic_deleted,
  client_joined,
  client_left,
  booking_denied,
  booking_allowed,
};
inline constexpr std::size_t event_kinds = 6;

std::string_view topic_of(EventKind kind);  // "relay.topic.on_create", …
inline constexpr std::string_view left_out_topic = "relay.event.on_left_out";
inline constexpr std::string_view stats_event_topic = "relay.stats";

class EventLimit {
 public:
  static constexpr std::uint32_t events_max = 50;  // of a kind in one period
  static constexpr Duration period = 1s;

  // May one more be published? If not, it is counted.
  bool admit(EventKind kind, MonotonicTime now);
  void leave_out(EventKind kind, std::uint64_t count) { left_out_[index(kind)] += count; }

  using Counts = std::array<std::uint64_t, event_kinds>;
  // What was left out since it was last asked for; nothing: nothing was.
  std::optional<Counts> take_left_out();
  // When that should be told; nothing: there is nothing to tell.
  std::optional<MonotonicTime> next_due(MonotonicTime now) const;
  std::uint64_t left_out_ever() const { return told_; }

 private:
  static std::size_t index(EventKind kind) { return static_cast<std::size_t>(kind); }

  MonotonicTime period_began_{};
  std::array<std::uint32_t, event_kinds> published_{};
  Counts left_out_{};
  std::uint64_t told_ = 0;
};

}  // namespace crosspoint::management
