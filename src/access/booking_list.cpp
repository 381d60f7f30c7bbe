#include "access/booking_list.h"

namespace crosspoint::access {

bool BookingList::put(std::string_view booking, WallTime until) {
  if (const auto found = bookings_.find(booking); found != bookings_.end()) {
    found->second = until;
    return true;
  }
  if (bookings_.size() >= bookings_max_) return false;
  bookings_.emplace(booking, until);
  return true;
}

bool BookingList::erase(std::string_view booking) {
  const auto found = bookings_.find(booking);
  if (found == bookings_.end()) return false;
  bookings_.erase(found);
  return true;
}

std::size_t BookingList::prune(WallTime now) {
  return std::erase_if(bookings_, [&](const auto& entry) { return entry.second < now; });
}

std::vector<std::string> BookingList::ids() const {
  std::vector<std::string> ids;
  ids.reserve(bookings_.size());
  for (const auto& [booking, until]: bookings_) ids.push_back(booking);
  return ids;
}

}  // namespace crosspoint::access
