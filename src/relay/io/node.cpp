#include "relay/io/node.h"

#include <algorithm>
#include <string>
#include <utility>

#include "relay/io/access_service.h"

namespace crosspoint::relay {
namespace {

// On every answer, those of the server's own refusals included. Of this host alone, not of those below it:
// they are somebody else's.
void tell_to_come_over_tls(http::Routes& routes, Duration for_how_long) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(for_how_long).count();
  routes.finish = [text = "max-age=" + std::to_string(seconds)](const http::Request&,
                                                                http::Response& answer) {
    answer.fields.add("Strict-Transport-Security", text);
  };
}

}  // namespace

Node::Node(std::span<net::Loop* const> loops, net::Network& network, const Clock& clock,
           NodeSettings settings, std::vector<http::Route> rows, http::ForeignProtocol foreign)
    : settings_(std::move(settings)),
      loops_(loops.begin(), loops.end()),
      network_(network),
      tls_acceptors_(loops.size()),
      listeners_(loops.size()) {
  const auto started = clock.monotonic();
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    crypto_.push_back(std::make_unique<net::WorkShare>(*loops_[i], clock, settings_.crypto));
    gateways_.push_back(std::make_unique<Gateway>(*loops_[i], settings_.relay, i, started));
    auto routes = std::make_unique<http::Routes>();
    routes->rows = rows;
    routes->foreign = foreign;
    gateways_.back()->add_routes(*routes);
    servers_.push_back(std::make_unique<http::Server>(*loops_[i], *routes, settings_.http));
    routes_.push_back(std::move(routes));
  }
  for (auto& gateway: gateways_) gateway->know_peers(gateways_);
}

Node::~Node() {
  listeners_.clear();
  servers_.clear();
  access_.reset();
}

Result<void, std::string> Node::open_access(AccessSettings settings, AccessPort port) {
  auto service = AccessService::make(gateways_, crypto_, std::move(settings), settings_.http);
  if (!service) return fail(std::move(service.error()));
  access_ = std::move(*service);
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    if (port == AccessPort::own) {
      access_->api(i).add_page_routes(*routes_[i]);
    } else {
      access_->api(i).add_all_routes_beside_topics(*routes_[i]);
    }
  }
  return {};
}

Result<net::Endpoint, net::NetworkError> Node::listen(const net::Endpoint& endpoint,
                                                      std::shared_ptr<const net::TlsContext> tls) {
  if (tls && access_ && settings_.only_tls > Duration::zero()) {
    for (const auto& routes: routes_) tell_to_come_over_tls(*routes, settings_.only_tls);
  }
  return listen_with(endpoint, std::move(tls), servers_);
}

Result<net::Endpoint, net::NetworkError> Node::listen_for_access(const net::Endpoint& endpoint,
                                                                 std::shared_ptr<const net::TlsContext> tls) {
  if (tls && settings_.only_tls > Duration::zero()) {
    for (const auto& routes: access_->routes()) tell_to_come_over_tls(*routes, settings_.only_tls);
  }
  return listen_with(endpoint, std::move(tls), access_->servers());
}

Result<net::Endpoint, net::NetworkError> Node::listen_with(
    const net::Endpoint& endpoint, std::shared_ptr<const net::TlsContext> tls,
    const std::vector<std::unique_ptr<http::Server>>& servers) {
  std::vector<net::Network::ListenPoint> points;
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    points.push_back({loops_[i], servers[i].get()});
    if (!tls) continue;
    tls_acceptors_[i].push_back(
        std::make_unique<net::TlsAcceptor>(*loops_[i], tls, *servers[i], crypto_[i].get()));
    points.back().acceptor = tls_acceptors_[i].back().get();
  }
  auto listeners = network_.listen(endpoint, settings_.streams, points);
  if (!listeners) return fail(std::move(listeners.error()));
  const auto listening_on = listeners->front()->endpoint();
  for (std::size_t i = 0; i < loops_.size(); ++i) listeners_[i].push_back(std::move((*listeners)[i]));
  return listening_on;
}

void Node::show(std::shared_ptr<const net::TlsContext> tls) {
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    loops_[i]->post([this, i, tls] {
      for (const auto& acceptor: tls_acceptors_[i]) acceptor->use(tls);
    });
  }
}

void Node::verify_with(std::shared_ptr<const token::Verifier> verifier) {
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    loops_[i]->post([this, i, verifier] { access_->api(i).verify_with(verifier); });
  }
}

void Node::stop(Duration limit, std::function<void()> done) {
  struct Stopping {
    std::function<void()> done;
    std::size_t missing;
  };
  auto stopping = std::make_shared<Stopping>(Stopping{std::move(done), gateways_.size()});
  for (std::size_t i = 0; i < gateways_.size(); ++i) {
    loops_[i]->post([this, i, limit, stopping] {
      listeners_[i].clear();
      servers_[i]->stop();
      if (access_) access_->servers()[i]->stop();
      gateways_[i]->stop(limit, [this, stopping] {
        loops_.front()->post([stopping] {
          if (--stopping->missing == 0) stopping->done();
        });
      });
    });
  }
}

access::DenyKeeper* Node::deny_keeper() const { return access_ ? &access_->keeper() : nullptr; }

net::WorkShare& Node::crypto_share(const net::Loop& loop) const {
  return *crypto_[static_cast<std::size_t>(std::ranges::find(loops_, &loop) - loops_.begin())];
}

void Node::add_to_reports(ReportPart part) {
  if (access_) access_->stats().add(std::move(part));
}

const http::ServerCounters& Node::http_counters(std::size_t loop_index) const {
  return servers_[loop_index]->counters();
}

}  // namespace crosspoint::relay
