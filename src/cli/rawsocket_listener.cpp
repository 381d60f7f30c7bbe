#include "cli/rawsocket_listener.h"

#include <fmt/core.h>

#include <utility>

#include "cli/relay_settings.h"

namespace crosspoint::cli {

Result<std::unique_ptr<RawSocketListener>, std::string> RawSocketListener::open(
    const config::Settings& settings, net::Network& network, wamp::Node* node, relay::Node& relay,
    const std::shared_ptr<const net::TlsContext>& tls) {
  const auto& written = settings.get<"serve.rawsocket-listen">();
  if (written.empty()) return nullptr;
  const auto refusal = [](std::string_view why) {
    return fail(fmt::format("serve.rawsocket-listen: {}", why));
  };
  if (node == nullptr) return refusal("there is no WAMP router here; [wamp] in the file makes one, or --dev");
  const auto endpoint = net::parse_endpoint(written);
  if (!endpoint) return refusal(endpoint.error());

  auto made = std::make_unique<RawSocketListener>();
  auto points = node->rawsocket_points();
  const bool secure = tls && endpoint->kind == net::Endpoint::Kind::tcp;
  for (auto& point: points) {
    auto& place = *made->places_.emplace_back(std::make_unique<Place>(*point.loop));
    if (!secure) continue;
    place.routes.foreign = node->rawsocket_on_http_ports();
    place.server = std::make_unique<http::Server>(place.loop, place.routes, http_limits(settings));
    place.acceptor =
        std::make_unique<net::TlsAcceptor>(place.loop, tls, *place.server, &relay.crypto_share(place.loop));
    point.acceptor = place.acceptor.get();
  }
  net::StreamOptions streams;
  streams.dead_link_after = settings.get<"serve.dead-link-after">();
  auto listeners = network.listen(*endpoint, streams, points);
  if (!listeners) {
    made->places_.clear();  // no loop runs that it could be left to
    return refusal(listeners.error().sentence);
  }
  for (std::size_t i = 0; i < points.size(); ++i) made->places_[i]->listener = std::move((*listeners)[i]);
  return made;
}

// The order of a place's members, backwards, is that in which they go.
RawSocketListener::~RawSocketListener() {
  for (std::size_t i = 1; i < places_.size(); ++i) {
    auto& loop = places_[i]->loop;
    loop.post([place = std::move(places_[i])] {});
  }
}

// Posted before a place's end would be.
void RawSocketListener::show(const std::shared_ptr<const net::TlsContext>& tls) {
  for (const auto& place: places_) {
    if (!place->acceptor) return;
    if (place == places_.front()) {
      place->acceptor->use(tls);
    } else {
      place->loop.post([acceptor = place->acceptor.get(), tls] { acceptor->use(tls); });
    }
  }
}

}  // namespace crosspoint::cli
