#pragma once
// What a connection that came with a code holds as long as it lives: what it may do, until when, and its
// place among its booking's connections. It is put out when the time is over; a new token moves that time.

#include <memory>
#include <optional>

#include "access/grant.h"
#include "crypto/sha.h"
#include "net/loop.h"
#include "relay/booking_index.h"

namespace crosspoint::relay {

class Ticket {
 public:
  // `code` is the one that was redeemed: its hash names the connection when it is extended. Everything
  // referred to outlives the ticket. `on_expired` may not destroy it.
  Ticket(net::Loop& loop, access::Grant grant, const crypto::Sha256Digest& code, BookingIndex& bookings,
         Session& session, std::move_only_function<void()> on_expired);

  const access::Grant& grant() const { return grant_; }
  bool came_with(const crypto::Sha256Digest& code) const { return code_ == code; }
  // Only ever later.
  void extend(WallTime expires);
  // It ends now, whatever is said after.
  void void_it();

 private:
  void arm();

  net::Loop& loop_;
  access::Grant grant_;
  const crypto::Sha256Digest code_;
  std::optional<BookingIndex::Entry> booked_;  // tokens without a booking cannot be cancelled
  net::Timer timer_;
};

}  // namespace crosspoint::relay
