#pragma once
// Which connections of a loop belong to which booking, so that a booking's can be ended without looking at
// all the others. Being listed is an object; whoever destroys it is off the list.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text_hash.h"

namespace crosspoint::relay {

class Session;

class BookingIndex {
 public:
  class Entry;
  using List = std::pair<const std::string, std::vector<Entry*>>;

  class Entry {
   public:
    // `session` belongs to this booking. The index outlives the entry.
    Entry(BookingIndex& index, std::string_view booking, Session& session);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   private:
    friend class BookingIndex;
    BookingIndex& index_;
    List& list_;
    std::size_t place_;  // in the list
    Session& session_;
  };

  // Those of this booking now. A list of its own: what is done to one of them may change the index.
  std::vector<Session*> sessions_of(std::string_view booking) const;
  std::size_t bookings() const { return lists_.size(); }

 private:
  ByText<std::vector<Entry*>> lists_;
};

}  // namespace crosspoint::relay
