#include "testing/memory_network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "base/assert.h"
#include "net/network_error.h"
#include "testing/memory_stream.h"

namespace crosspoint::testing {

using net::Address;
using net::Endpoint;
using net::NetworkError;
using Cause = NetworkError::Cause;

namespace {

constexpr std::uint16_t first_free_port = 49152;

// "localhost" and "127.0.0.1" are one place.
Endpoint canonical(Endpoint endpoint) {
  if (endpoint.host == "localhost") endpoint.host = "127.0.0.1";
  return endpoint;
}

std::optional<Address> numeric_address(const Endpoint& endpoint) {
  Address address{.family = Address::Family::ipv4, .port = endpoint.port, .bytes = {}};
  if (::inet_pton(AF_INET, endpoint.host.c_str(), address.bytes.data()) == 1) return address;
  address.family = Address::Family::ipv6;
  if (::inet_pton(AF_INET6, endpoint.host.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

Address loopback(std::uint16_t port) {
  return {.family = Address::Family::ipv4, .port = port, .bytes = {127, 0, 0, 1}};
}

// The address that somebody who connected to `endpoint` sees at the other end.
Address address_of(const Endpoint& endpoint) {
  if (endpoint.kind == Endpoint::Kind::unix_socket)
    return {.family = Address::Family::unix_socket, .port = 0, .bytes = {}};
  return numeric_address(endpoint).value_or(loopback(endpoint.port));
}

// Does a listener on `place` hear who connects to `target`? Both canonical.
bool hears(const Endpoint& place, const Endpoint& target) {
  if (place.kind != target.kind || place.kind == Endpoint::Kind::unix_socket) return place == target;
  return place.port == target.port && (place.host.empty() || place.host == target.host);
}

bool overlap(const Endpoint& a, const Endpoint& b) { return hears(a, b) || hears(b, a); }

}  // namespace

class MemoryListener;

struct MemoryNetwork::State {
  explicit State(const Clock& the_clock) : clock(the_clock) {}

  Fate fate_of(const Endpoint& endpoint) const {
    const auto found =
        std::find_if(fates.begin(), fates.end(), [&](const auto& row) { return row.first == endpoint; });
    return found == fates.end() ? Fate::as_usual : found->second;
  }
  bool knows(const Endpoint& endpoint) const;
  MemoryListener* next_listener(const Endpoint& endpoint);
  std::uint16_t free_port();
  std::unique_ptr<net::Stream> wrapped(std::unique_ptr<net::Stream> stream) const {
    return wrap ? wrap(std::move(stream)) : std::move(stream);
  }

  const Clock& clock;
  LinkSettings settings;
  Wrap wrap;
  Address client = loopback(0);
  std::vector<std::string> hosts;
  std::vector<std::pair<Endpoint, Fate>> fates;
  std::vector<MemoryListener*> listeners;
  // Those that have gone are taken out when they may be half of all: each costs the same, however many live.
  void remember(const std::shared_ptr<Link>& link) {
    if (links.size() >= links_before_tidying) {
      std::erase_if(links, [](const auto& old) { return old.expired(); });
      links_before_tidying = std::max<std::size_t>(64, 2 * links.size());
    }
    links.push_back(link);
  }
  std::vector<std::weak_ptr<Link>> links;
  std::size_t links_before_tidying = 64;
  std::size_t accepted = 0;
  std::uint16_t last_port = first_free_port;
};

class MemoryListener final : public net::Listener {
 public:
  using Point = net::Network::ListenPoint;
  MemoryListener(std::shared_ptr<MemoryNetwork::State> state, Endpoint endpoint, net::StreamOptions options,
                 Point point)
      : state_(std::move(state)), endpoint_(std::move(endpoint)), options_(options), point_(point) {
    state_->listeners.push_back(this);
  }
  ~MemoryListener() override { std::erase(state_->listeners, this); }

  Endpoint endpoint() const override { return endpoint_; }
  const net::StreamOptions& options() const { return options_; }
  net::Loop& loop() const { return *point_.loop; }

  // The connection waits in the backlog until the loop's next turn; a listener that goes before resets it.
  void offer(std::unique_ptr<MemoryStream> stream, const Address& peer) {
    point_.loop->post([alive = std::weak_ptr(alive_), this, peer, stream = std::move(stream)]() mutable {
      if (alive.expired()) return stream->reset_on_close();
      point_.acceptor->on_accept(state_->wrapped(std::move(stream)), peer);
    });
  }

 private:
  std::shared_ptr<MemoryNetwork::State> state_;
  Endpoint endpoint_;
  net::StreamOptions options_;
  Point point_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

bool MemoryNetwork::State::knows(const Endpoint& endpoint) const {
  if (endpoint.kind == Endpoint::Kind::unix_socket || endpoint.host.empty() || numeric_address(endpoint))
    return true;
  const bool added = std::find(hosts.begin(), hosts.end(), endpoint.host) != hosts.end();
  return added || std::any_of(listeners.begin(), listeners.end(), [&](const MemoryListener* listener) {
           return listener->endpoint().host == endpoint.host;
         });
}

// Several listeners on one endpoint take turns, as the kernel spreads connections over SO_REUSEPORT sockets.
MemoryListener* MemoryNetwork::State::next_listener(const Endpoint& endpoint) {
  std::vector<MemoryListener*> hearing;
  for (MemoryListener* listener: listeners) {
    if (hears(canonical(listener->endpoint()), endpoint)) hearing.push_back(listener);
  }
  return hearing.empty() ? nullptr : hearing[accepted++ % hearing.size()];
}

std::uint16_t MemoryNetwork::State::free_port() {
  const auto taken = [&](std::uint16_t port) {
    return std::any_of(listeners.begin(), listeners.end(),
                       [&](const MemoryListener* listener) { return listener->endpoint().port == port; });
  };
  do {
    last_port = last_port == UINT16_MAX ? first_free_port : static_cast<std::uint16_t>(last_port + 1);
  } while (taken(last_port));
  return last_port;
}

class MemoryConnecting final : public net::Connecting {
 public:
  using Connected = net::Network::Connected;
  MemoryConnecting(std::shared_ptr<MemoryNetwork::State> state, net::Loop& loop, Endpoint endpoint,
                   const net::StreamOptions& options, Duration limit, Connected done)
      : state_(std::move(state)),
        loop_(loop),
        endpoint_(std::move(endpoint)),
        options_(options),
        done_(std::move(done)),
        timer_(loop, [this] { later(); }) {
    const Duration takes = state_->settings.latency * 2;
    const bool in_time = takes <= limit && state_->fate_of(canonical(endpoint_)) != Fate::no_answer;
    if (!in_time) outcome_ = Cause::timed_out;
    const Duration wait = in_time ? takes : limit;
    if (wait > Duration::zero()) {
      timer_.start_after(wait);
    } else {
      later();
    }
  }

 private:
  // In a turn of its own, since `done` may destroy this object and with it the timer.
  void later() {
    loop_.post([self = std::weak_ptr(self_)] {
      if (const auto connecting = self.lock()) (*connecting)->finish();
    });
  }

  void finish() {
    auto done = std::move(done_);
    done(outcome());
  }

  Result<std::unique_ptr<net::Stream>, NetworkError> outcome() {
    if (outcome_) return fail(net::cannot_connect(endpoint_, *outcome_));
    const auto target = canonical(endpoint_);
    const auto fate = state_->fate_of(target);
    if (fate == Fate::unreachable) return fail(net::cannot_connect(endpoint_, Cause::unreachable));
    if (fate == Fate::unknown_host || !state_->knows(target)) {
      return fail(net::cannot_connect(endpoint_, Cause::unknown_host));
    }
    MemoryListener* listener = fate == Fate::refused ? nullptr : state_->next_listener(target);
    if (listener == nullptr) return fail(net::cannot_connect(endpoint_, Cause::refused));
    return state_->wrapped(join(*listener, target));
  }

  std::unique_ptr<net::Stream> join(MemoryListener& listener, const Endpoint& target) {
    const bool local = target.kind == Endpoint::Kind::unix_socket;
    Address from = local ? address_of(target) : state_->client;
    if (!local) from.port = state_->free_port();
    const auto link = std::make_shared<Link>(
        state_->clock, state_->settings, Link::End{address_of(target), listener.options().dead_link_after},
        Link::End{from, options_.dead_link_after});
    state_->remember(link);
    auto stream = std::make_unique<MemoryStream>(link, Link::Side::connector, loop_);
    listener.offer(std::make_unique<MemoryStream>(link, Link::Side::listener, listener.loop()), from);
    return stream;
  }

  std::shared_ptr<MemoryNetwork::State> state_;
  net::Loop& loop_;
  Endpoint endpoint_;
  net::StreamOptions options_;
  Connected done_;
  std::optional<Cause> outcome_;
  net::Timer timer_;
  std::shared_ptr<MemoryConnecting*> self_ = std::make_shared<MemoryConnecting*>(this);
};

MemoryNetwork::MemoryNetwork(const Clock& clock) : state_(std::make_shared<State>(clock)) {}
MemoryNetwork::~MemoryNetwork() = default;

Result<std::vector<std::unique_ptr<net::Listener>>, NetworkError> MemoryNetwork::listen(
    const Endpoint& endpoint, const net::StreamOptions& options, std::span<const ListenPoint> points) {
  Endpoint bound = endpoint;
  if (bound.kind == Endpoint::Kind::tcp && bound.port == 0) bound.port = state_->free_port();
  for (const MemoryListener* other: state_->listeners) {
    if (overlap(canonical(other->endpoint()), canonical(bound))) {
      return fail(net::cannot_listen(endpoint, Cause::address_in_use));
    }
  }
  std::vector<std::unique_ptr<net::Listener>> listeners;
  for (const auto& point: points) {
    listeners.push_back(std::make_unique<MemoryListener>(state_, bound, options, point));
  }
  return listeners;
}

std::unique_ptr<net::Connecting> MemoryNetwork::connect(net::Loop& loop, const Endpoint& endpoint,
                                                        const net::StreamOptions& options, Duration limit,
                                                        Connected done) {
  return std::make_unique<MemoryConnecting>(state_, loop, endpoint, options, limit, std::move(done));
}

void MemoryNetwork::set_link_settings(const LinkSettings& settings) { state_->settings = settings; }
void MemoryNetwork::add_host(std::string name) { state_->hosts.push_back(std::move(name)); }
void MemoryNetwork::connect_from(const Address& address) { state_->client = address; }
void MemoryNetwork::wrap_streams(Wrap wrap) { state_->wrap = std::move(wrap); }

void MemoryNetwork::set_fate(const Endpoint& endpoint, Fate fate) {
  const auto target = canonical(endpoint);
  std::erase_if(state_->fates, [&](const auto& row) { return row.first == target; });
  state_->fates.emplace_back(target, fate);
}

std::vector<std::shared_ptr<Link>> MemoryNetwork::links() const {
  std::vector<std::shared_ptr<Link>> living;
  for (const auto& weak: state_->links) {
    if (auto link = weak.lock()) living.push_back(std::move(link));
  }
  return living;
}

std::shared_ptr<Link> MemoryNetwork::newest_link() const {
  auto living = links();
  CROSSPOINT_ASSERT(!living.empty());
  return std::move(living.back());
}

}  // namespace crosspoint::testing
