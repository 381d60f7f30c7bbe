#include "wamp/retention.h"

#include <algorithm>
#include <ranges>
#include <utility>

#include "wamp/uri.h"

namespace crosspoint::wamp {
namespace {

std::size_t bytes_of_all(const std::vector<SharedKeptEvent>& events) {
  std::size_t bytes = 0;
  for (const auto& event: events) bytes += event->bytes();
  return bytes;
}

// What every topic that the pattern means begins with: how much of the names has to be looked at.
std::string_view common_beginning(std::string_view pattern, Match match) {
  if (match != Match::wildcard) return pattern;
  if (pattern.empty() || pattern.front() == '.') return {};
  const std::size_t empty_component = pattern.find("..");
  return empty_component == std::string_view::npos ? pattern : pattern.substr(0, empty_component + 1);
}

}  // namespace

bool Retention::keep(SharedKeptEvent event) {
  const auto known = topics_.find(event->topic);
  const bool is_new = known == topics_.end();
  if (is_new && topics_.size() >= settings_.retained_topics_max) return false;
  Events events = is_new ? Events{} : remaining_beside(known->second, *event);
  const std::size_t before = is_new ? 0 : bytes_of_all(known->second);
  const std::size_t after = bytes_of_all(events) + event->bytes();
  if (bytes_ - before + after > settings_.retained_bytes_max) return false;
  bytes_ = bytes_ - before + after;
  Events& place = is_new ? topics_[event->topic] : known->second;
  place = std::move(events);
  place.push_back(std::move(event));
  return true;
}

Retention::Events Retention::remaining_beside(const Events& events, const KeptEvent& added) const {
  if (!added.lists) return {};
  Events remaining = events;
  const bool first_is_for_all = !remaining.empty() && !remaining.front()->lists;
  const std::size_t restricted = remaining.size() - (first_is_for_all ? 1 : 0);
  if (restricted >= settings_.restricted_retained_events_max && restricted > 0) {
    remaining.erase(remaining.begin() + (first_is_for_all ? 1 : 0));
  }
  return remaining;
}

void Retention::clear(std::string_view topic) {
  const auto known = topics_.find(topic);
  if (known == topics_.end()) return;
  bytes_ -= bytes_of_all(known->second);
  topics_.erase(known);
}

std::vector<SharedKeptEvent> Retention::select(std::string_view pattern, Match match,
                                               const Participant& who) const {
  std::vector<SharedKeptEvent> selected;
  const std::string_view beginning = common_beginning(pattern, match);
  for (auto topic = topics_.lower_bound(beginning); topic != topics_.end(); ++topic) {
    if (!topic->first.starts_with(beginning)) break;
    if (!matches(topic->first, pattern, match)) continue;
    const auto newest_first = topic->second | std::views::reverse;
    const auto event = std::ranges::find_if(newest_first, [&](const auto& e) { return e->admits(who); });
    if (event != newest_first.end()) selected.push_back(*event);
  }
  return selected;
}

}  // namespace crosspoint::wamp
