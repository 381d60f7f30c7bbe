#include "relay/io/token_door.h"

#include <utility>

#include "base/counted.h"
#include "relay/io/session.h"

namespace crosspoint::relay {
namespace {

constexpr std::size_t address_bytes_max = 64;

// The last element that is not one of our own proxies: what stands further left, the client may have written
// itself.
std::string forwarded_for(const http::Fields& fields, const IpNetworks& trusted) {
  const auto hops = fields.elements("X-Forwarded-For");
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    const auto number = parse_ip_number(*hop);
    if (!number || !trusted.contain(*number)) return std::string(hop->substr(0, address_bytes_max));
  }
  return {};
}

// A proxy on a Unix socket is on this machine.
bool is_trusted(const net::Address& peer, const IpNetworks& trusted) {
  if (peer.family == net::Address::Family::unix_socket) return true;
  const auto number = parse_ip_number(net::host_of(peer));
  return number && trusted.contain(*number);
}

}  // namespace

TokenDoor::TokenDoor(net::Loop& loop, const TokenTopicSettings& settings, Random& random)
    : loop_(loop), settings_(settings), desk_(settings.desk, random), attempts_(settings.attempts) {}

void TokenDoor::close_booking(std::string_view booking) {
  for (Session* session: bookings_.sessions_of(booking)) session->end_stay("booking cancelled");
}

std::string TokenDoor::client_address(const http::Request& request) const {
  if (is_trusted(request.peer, settings_.trusted_proxies)) {
    auto named = forwarded_for(request.head.fields, settings_.trusted_proxies);
    if (!named.empty()) return named;
  }
  return net::host_of(request.peer);
}

TokenDoor::RefusedCode TokenDoor::refuse_code(std::string_view address) {
  const bool patient = attempts_.allows_failure(address, loop_.now());
  if (const auto skipped = refused_log_.admit(loop_.now())) {
    log::info("access", "refused a code that is unknown, used, too old or for another topic{}",
              and_more(*skipped));
  }
  if (patient) {
    return {http::text_response(
                401, "The code is unknown, used, too old, or for another topic: ask for a new one.\n"),
            true};
  }
  auto response = http::text_response(429, "Too many codes that were no good: wait a minute.\n");
  response.fields.add("Retry-After", "60");
  return {std::move(response), false};
}

}  // namespace crosspoint::relay
