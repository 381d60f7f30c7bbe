#include "wamp/client/io/transport.h"

#include <fmt/core.h>

#include "wamp/client/io/rawsocket_transport.h"
#include "wamp/client/io/websocket_transport.h"

namespace crosspoint::wamp::client {

Result<Place, std::string> parse_place(std::string_view text) {
  const auto address = parse_router_address(text);
  if (!address) return fail(address.error());
  if (address->transport == RouterAddress::Transport::websocket) {
    auto url = http::parse_url(address->url);
    if (!url) return fail(std::move(url.error()));
    return Place(std::move(*url));
  }
  auto endpoint = net::parse_endpoint(address->endpoint);
  if (!endpoint) return fail(std::move(endpoint.error()));
  return Place(RawPlace{std::move(*endpoint), address->secure, address->host});
}

bool is_secure(const Place& place) {
  if (const auto* url = std::get_if<http::Url>(&place)) return url->secure();
  return std::get<RawPlace>(place).secure;
}

std::string printable(const Place& place) {
  if (const auto* url = std::get_if<http::Url>(&place)) {
    const auto path = std::string_view(url->target).substr(0, url->target.find('?'));
    return fmt::format("{}://{}{}", url->scheme, http::host_header(*url), path);
  }
  const auto& raw = std::get<RawPlace>(place);
  const auto endpoint = net::to_string(raw.endpoint);
  if (raw.endpoint.kind == net::Endpoint::Kind::unix_socket) return endpoint;
  return (raw.secure ? "rss://" : "rs://") + endpoint;
}

proof::ChannelBindings bindings_of(const net::Stream& stream) {
  const auto* tls = stream.tls();
  if (tls == nullptr) return {};
  using net::ChannelBinding;
  return {tls->channel_binding(ChannelBinding::tls_unique),
          tls->channel_binding(ChannelBinding::tls_exporter),
          tls->channel_binding(ChannelBinding::tls_server_end_point)};
}

std::unique_ptr<Transport> connect(net::Loop& loop, net::Network& network, Random& random,
                                   const TransportSettings& settings, TransportEvents& events) {
  if (std::holds_alternative<http::Url>(settings.place))
    return std::make_unique<WebSocketTransport>(loop, network, random, settings, events);
  return std::make_unique<RawSocketTransport>(loop, network, settings, events);
}

}  // namespace crosspoint::wamp::client
