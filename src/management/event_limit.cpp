#include "management/event_limit.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace crosspoint::management {

std::string_view topic_of(EventKind kind) {
  switch (kind) {
    case EventKind::topic_created: return "relay.topic.on_create";
    case EventKind::topic_deleted: return "relay.topic.on_delete";
    case EventKind::client_joined: return "relay.client.on_join";
    case EventKind::client_left: return "relay.client.on_leave";
    case EventKind::booking_denied: return "relay.booking.on_deny";
    case EventKind::booking_allowed: return "relay.booking.on_allow";
  }
  return {};
}

bool EventLimit::admit(EventKind kind, MonotonicTime now) {
  if (now - period_began_ >= period) {
    period_began_ = now;
    published_ = {};
  }
  if (published_[index(kind)] == events_max) {
    leave_out(kind, 1);
    return false;
  }
  ++published_[index(kind)];
  return true;
}

std::optional<EventLimit::Counts> EventLimit::take_left_out() {
  const auto sum = std::accumulate(left_out_.begin(), left_out_.end(), std::uint64_t{0});
  if (sum == 0) return std::nullopt;
  told_ += sum;
  return std::exchange(left_out_, {});
}

std::optional<MonotonicTime> EventLimit::next_due(MonotonicTime now) const {
  const bool any = std::ranges::any_of(left_out_, [](std::uint64_t count) { return count > 0; });
  if (!any) return std::nullopt;
  return std::max(period_began_ + period, now);
}

}  // namespace crosspoint::management
