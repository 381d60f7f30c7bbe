#pragma once
// Booking ids, each remembered until a time: the deny list, and the list of bookings that were let in. An id
// stays past its time until the next prune(), as with the old relay.

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

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
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  const std::size_t bookings_max_;
  std::unordered_map<std::string, WallTime, TextHash, std::equal_to<>> bookings_;
};

}  // namespace crosspoint::access
