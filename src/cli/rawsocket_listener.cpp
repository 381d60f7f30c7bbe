#include "cli/rawsocket_listener.h"

#include <fmt/core.h>

#include <utility>

namespace crosspoint::cli {

Result<std::unique_ptr<RawSocketListener>, std::string> RawSocketListener::open(
    const config::Settings& settings, net::Network& network, wamp::Node* node,
    std::shared_ptr<const net::TlsContext> tls) {
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
  if (tls && endpoint->kind == net::Endpoint::Kind::tcp) {
    points.resize(1);
    made->tls_ =
        std::make_unique<net::TlsAcceptor>(*points.front().loop, std::move(tls), *points.front().acceptor);
    points.front().acceptor = made->tls_.get();
  }
  net::StreamOptions streams;
  streams.dead_link_after = settings.get<"serve.dead-link-after">();
  auto listeners = network.listen(*endpoint, streams, points);
  if (!listeners) return refusal(listeners.error().sentence);
  made->listeners_ = std::move(*listeners);
  for (const auto& point: points) made->loops_.push_back(point.loop);
  return made;
}

RawSocketListener::~RawSocketListener() {
  for (std::size_t i = 1; i < listeners_.size(); ++i)
    loops_[i]->post([listener = std::move(listeners_[i])] {});
}

void RawSocketListener::show(std::shared_ptr<const net::TlsContext> tls) {
  if (tls_) tls_->use(std::move(tls));
}

}  // namespace crosspoint::cli
