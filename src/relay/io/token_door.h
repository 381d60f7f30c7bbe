#pragma once
// The door of a loop's token topics: the desk that issues and redeems codes, and the connections that came
// in, by booking. What the deny keeper changes on every loop, it changes here.

#include <string_view>
#include <vector>

#include "access/attempt_limit.h"
#include "access/desk.h"
#include "access/io/deny_keeper.h"
#include "base/ip_network.h"
#include "base/log.h"
#include "http/io/server.h"
#include "relay/booking_index.h"

namespace crosspoint::relay {

struct TokenTopicSettings {
  access::Desk::Settings desk;
  access::AttemptLimit::Settings attempts;
  // Whose X-Forwarded-For names the client that failed attempts are counted against.
  IpNetworks trusted_proxies;
};

class TokenDoor final : public access::Door {
 public:
  // `loop`, `settings` and `random` outlive the door, which outlives the sessions.
  TokenDoor(net::Loop& loop, const TokenTopicSettings& settings, Random& random);

  net::Loop& loop() override { return loop_; }
  access::Desk& desk() override { return desk_; }
  void close_booking(std::string_view booking) override;

  BookingIndex& bookings() { return bookings_; }
  // The address that a failed attempt counts against.
  std::string client_address(const http::Request& request) const;
  struct RefusedCode {
    http::Response answer;  // the same whatever was wrong with it
    bool counted;           // against the address; not when it had failed too often already
  };
  RefusedCode refuse_code(std::string_view address);
  // Another loop's door refused it.
  void note_bad_code(std::string_view address) { attempts_.allows_failure(address, loop_.now()); }

 private:
  net::Loop& loop_;
  const TokenTopicSettings& settings_;
  access::Desk desk_;
  access::AttemptLimit attempts_;
  BookingIndex bookings_;
  log::LogLimit refused_log_;
};

}  // namespace crosspoint::relay
