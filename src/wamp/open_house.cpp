#include "wamp/open_house.h"

#include <fmt/core.h>

#include "wamp/error_uri.h"

namespace crosspoint::wamp {

Doorkeeper::Answer OpenHouse::on_hello(const Hello& hello, const TransportFacts&, SessionId,
                                       std::function<void(Verdict)>) {
  if (!is_uri(hello.realm, limits_.uri_check)) {
    return {TurnedAway{std::string(error_uri::invalid_uri), "the name of the realm is no URI"}, nullptr};
  }
  std::string authid(hello.authid);
  if (authid.empty()) authid = fmt::format("{:016x}", random_.next_u64());
  return {Admitted{std::string(hello.realm), {std::move(authid), "anonymous", "anonymous", "static"}, {}},
          nullptr};
}

}  // namespace crosspoint::wamp
