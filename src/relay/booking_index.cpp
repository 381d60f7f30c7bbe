#include "relay/booking_index.h"

namespace crosspoint::relay {

BookingIndex::Entry::Entry(BookingIndex& index, std::string_view booking, Session& session)
    : index_(index),
      list_(*index.lists_.try_emplace(std::string(booking)).first),
      place_(list_.second.size()),
      session_(session) {
  list_.second.push_back(this);
}

BookingIndex::Entry::~Entry() {
  auto& entries = list_.second;
  entries[place_] = entries.back();
  entries[place_]->place_ = place_;
  entries.pop_back();
  if (entries.empty()) index_.lists_.erase(std::string(list_.first));
}

std::vector<Session*> BookingIndex::sessions_of(std::string_view booking) const {
  std::vector<Session*> sessions;
  if (const auto found = lists_.find(booking); found != lists_.end()) {
    for (const Entry* entry: found->second) sessions.push_back(&entry->session_);
  }
  return sessions;
}

}  // namespace crosspoint::relay
