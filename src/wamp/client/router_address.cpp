#include "wamp/client/router_address.h"

namespace crosspoint::wamp::client {
namespace {

// "[::1]:8081" → "::1"
std::string host_of(std::string_view endpoint) {
  const auto colon = endpoint.rfind(':');
  auto host = endpoint.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return std::string(host);
}

}  // namespace

Result<RouterAddress, std::string> parse_router_address(std::string_view text) {
  using Transport = RouterAddress::Transport;
  const auto is = [&](std::string_view scheme) { return text.starts_with(scheme); };
  if (is("ws://") || is("wss://"))
    return RouterAddress{Transport::websocket, is("wss://"), std::string(text), {}, {}};
  if (is("unix:")) return RouterAddress{Transport::rawsocket, false, {}, std::string(text), {}};
  if (is("rs://") || is("rss://")) {
    const bool secure = is("rss://");
    auto endpoint = text.substr(secure ? 6 : 5);
    if (endpoint.ends_with('/')) endpoint.remove_suffix(1);
    const auto host = host_of(endpoint);
    if (host.empty() || host == endpoint || endpoint.find('/') != endpoint.npos)
      return fail(std::string("a RawSocket address is rs://HOST:PORT, or rss://HOST:PORT for TLS"));
    return RouterAddress{Transport::rawsocket, secure, {}, std::string(endpoint), host};
  }
  return fail(std::string("an address begins with ws://, wss://, rs://, rss:// or unix:"));
}

}  // namespace crosspoint::wamp::client
