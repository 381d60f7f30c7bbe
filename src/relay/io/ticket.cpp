#include "relay/io/ticket.h"

#include <algorithm>
#include <utility>

namespace crosspoint::relay {

Ticket::Ticket(net::Loop& loop, access::Grant grant, const crypto::Sha256Digest& code, BookingIndex& bookings,
               Session& session, std::move_only_function<void()> on_expired)
    : loop_(loop), grant_(std::move(grant)), code_(code), timer_(loop, std::move(on_expired)) {
  if (!grant_.booking.empty()) booked_.emplace(bookings, grant_.booking, session);
  arm();
}

// The wall clock says how long from now; from then on the monotonic clock counts, so that a wall clock that
// is set puts nobody out (reliability row J5).
void Ticket::arm() {
  timer_.start_after(std::max<Duration>(grant_.expires - loop_.wall_now(), Duration::zero()));
}

void Ticket::extend(WallTime expires) {
  if (expires <= grant_.expires || !timer_.running()) return;
  grant_.expires = expires;
  arm();
}

void Ticket::void_it() {
  timer_.stop();
  booked_.reset();
}

}  // namespace crosspoint::relay
