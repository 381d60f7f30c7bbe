#pragma once
// Booking ids, each remembered until a time: the deny list, and the list of bookings that were let in. An id
// stays past its time until the next prune(), as with the old relay.

#include <string>
#include <string_view>
#include <vector>

#include "base/text_hash.h"
#include "base/time.h"

namespace crosspoint::access {

class BookingList {
 public:
  explicit BookingList(std::size_t bookings_max) : bookings_max_(bookings_max) {}

  // Adds, or sets the time anew. False when it would be one too many.
  bool put(std::string_view booking, WallTime until);
  bool erase(std::string_view booking);
  bool contains(std::string_view booking) const { return bookings_.find(booking) != bookings_.end(); }
  // Forgets every id whose time is before `now`; returns how many.
  std::size_t prune(WallTime now);

  std::size_t size() const { return bookings_.size(); }
  std::vector<std::string> ids() const;  // in no particular order

 private:
  const std::size_t bookings_max_;
  ByText<WallTime> bookings_;
};

}  // namespace crosspoint::access
