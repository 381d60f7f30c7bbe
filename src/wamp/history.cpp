#include "wamp/history.h"

#include <algorithm>
#include <utility>

namespace crosspoint::wamp {
namespace {

bool in_time(WallTime time, const HistoryFilter& filter) {
  if (filter.from_time && time < *filter.from_time) return false;
  if (filter.after_time && time <= *filter.after_time) return false;
  if (filter.before_time && time >= *filter.before_time) return false;
  if (filter.until_time && time > *filter.until_time) return false;
  return true;
}

bool selected(const KeptEvent& event, const HistoryFilter& filter, const HistoryReader& reader) {
  if (!in_time(event.time, filter)) return false;
  if (filter.topic && event.topic != *filter.topic) return false;
  const bool is_ppt = event.pass_through.view().dialect == PassThrough::Dialect::ppt;
  if (is_ppt && !reader.takes_pass_through) return false;
  // Lists by session are not in a history, so any id will do.
  return !event.lists || event.lists->admit(SessionId{}, reader.authid, reader.authrole);
}

}  // namespace

HistoryReader history_reader(const Participant& who) {
  return {who.identity().authid, who.identity().authrole,
          who.features().has(Feature::subscriber_payload_passthru) ||
              who.features().has(Feature::call_payload_passthru)};
}

void History::restore(SharedKeptEvent event) {
  bytes_ += event->bytes();
  events_.push_back(std::move(event));
  std::size_t dropped = 0;
  trim(dropped);
  tell_dropped(dropped);
}

void History::add(SharedKeptEvent event) {
  const WallTime now = event->time;
  if (store_ != nullptr) store_->add(event);
  restore(std::move(event));
  expire(now);
}

void History::expire(WallTime now) {
  if (limits_.age_max <= Duration{0}) return;
  std::size_t dropped = 0;
  while (!events_.empty() && now - events_.front()->time > limits_.age_max) drop_front(dropped);
  tell_dropped(dropped);
}

std::vector<SharedKeptEvent> History::select(const HistoryFilter& filter, const HistoryReader& reader,
                                             WallTime now) {
  expire(now);
  std::vector<SharedKeptEvent> found;
  const auto range = range_of(filter);
  if (!range) return found;
  for (std::size_t turn = range->begin; turn < range->end; ++turn) {
    if (filter.limit && found.size() >= *filter.limit) break;
    const std::size_t place = filter.reverse ? range->begin + range->end - 1 - turn : turn;
    if (selected(*events_[place], filter, reader)) found.push_back(events_[place]);
  }
  return found;
}

std::optional<std::size_t> History::place_of(PublicationId publication) const {
  const auto found =
      std::ranges::find_if(events_, [&](const auto& event) { return event->publication == publication; });
  if (found == events_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - events_.begin());
}

// Null: a publication that is not here.
std::optional<History::Range> History::range_of(const HistoryFilter& filter) const {
  Range range{0, events_.size()};
  const auto begin_at = [&](std::optional<PublicationId> publication, std::size_t beyond) {
    if (!publication) return true;
    const auto place = place_of(*publication);
    if (place) range.begin = std::max(range.begin, *place + beyond);
    return place.has_value();
  };
  const auto end_at = [&](std::optional<PublicationId> publication, std::size_t beyond) {
    if (!publication) return true;
    const auto place = place_of(*publication);
    if (place) range.end = std::min(range.end, *place + beyond);
    return place.has_value();
  };
  const bool known = begin_at(filter.from_publication, 0) && begin_at(filter.after_publication, 1) &&
                     end_at(filter.before_publication, 0) && end_at(filter.until_publication, 1);
  if (!known) return std::nullopt;
  return range;
}

void History::trim(std::size_t& dropped) {
  while (events_.size() > limits_.events_max || bytes_ > limits_.bytes_max) drop_front(dropped);
}

void History::drop_front(std::size_t& dropped) {
  bytes_ -= events_.front()->bytes();
  events_.pop_front();
  ++dropped;
}

void History::tell_dropped(std::size_t dropped) {
  if (store_ != nullptr && dropped > 0) store_->drop_oldest(dropped);
}

}  // namespace crosspoint::wamp
