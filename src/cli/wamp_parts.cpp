#include "cli/wamp_parts.h"

#include "base/log.h"
#include "http/url.h"
#include "relay/origin.h"

namespace crosspoint::cli {
namespace {

constexpr std::size_t realms_max = 10'000;

// A realm that is open to everybody on this machine is not open to every page that a browser on this machine
// shows: those of this machine, and those that serve.allow-origin lists.
bool is_from_here(std::string_view origin) {
  const auto url = http::parse_url(origin);
  return url && net::is_loopback({net::Endpoint::Kind::tcp, url->host, 0, {}});
}

wamp::NodeSettings wamp_node_settings(const config::Settings& settings) {
  wamp::NodeSettings node;
  node.transports.message_bytes_max = settings.get<"serve.message-bytes-max">();
  node.websocket.message_bytes_max = settings.get<"serve.message-bytes-max">();
  node.websocket.write_time_max = settings.get<"serve.write-time-max">();
  node.websocket.ping_every = settings.get<"serve.ping-every">();
  node.websocket.dead_after = settings.get<"serve.dead-after">();
  node.rawsocket.write_time_max = settings.get<"serve.write-time-max">();
  node.deflate = settings.get<"serve.deflate">();
  const auto listed = settings.get<"serve.allow-origin">();
  const bool are_listed = listed != std::vector<std::string>{"*"};
  node.allows_origin = [are_listed,
                        policy = relay::OriginPolicy(listed)](std::optional<std::string_view> origin) {
    return !origin || is_from_here(*origin) || (are_listed && policy.allows(origin));
  };
  return node;
}

}  // namespace

OpenWamp::OpenWamp(const config::Settings& settings, net::Loop& loop)
    : house_(limits_, random_),
      service_(loop, house_, house_, house_, realms_max, random_, wamp_node_settings(settings)) {}

std::unique_ptr<OpenWamp> open_wamp(const config::Settings& settings, const net::Endpoint& listen,
                                    net::Loop& loop) {
  if (!settings.get<"serve.dev">()) return nullptr;
  if (!net::is_loopback(listen)) {
    log::warning("wamp",
                 "WAMP is off: for developers every realm is open to everybody, and that only on a loopback "
                 "address, not on {}",
                 net::to_string(listen));
    return nullptr;
  }
  log::warning("wamp", "WAMP for developers: on {} everybody may join every realm and do everything there",
               net::to_string(listen));
  return std::make_unique<OpenWamp>(settings, loop);
}

}  // namespace crosspoint::cli
