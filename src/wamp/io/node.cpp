#include "wamp/io/node.h"

#include <array>
#include <utility>

#include "wamp/cookie.h"
#include "wamp/io/transport_facts.h"
#include "wamp/rawsocket.h"
#include "websocket/handshake.h"

namespace crosspoint::wamp {
namespace {

// The client's order counts (wamp-router §6.1).
std::string_view first_of_ours(const http::RequestHead& head) {
  for (const auto offered: head.fields.elements("Sec-WebSocket-Protocol")) {
    for (const auto ours: subprotocols) {
      if (offered == ours) return ours;
    }
  }
  return {};
}

}  // namespace

// A WebSocket client on its way to the router's loop.
struct Node::Handshake {
  std::unique_ptr<net::Stream> stream;
  ByteVector early;
  websocket::Acceptance acceptance;
  batch::Separator separator;
  TransportFacts facts;
  bool takes_cookie = false;
};

class Node::RawSocketAcceptor final : public net::Acceptor {
 public:
  // `other`: the loop, if it is not the router's.
  explicit RawSocketAcceptor(Node& node, net::Loop* other = nullptr) : node_(node), other_(other) {}
  void on_accept(std::unique_ptr<net::Stream> stream, const net::Address& peer) override {
    // Nobody speaks TLS on a Unix socket that is for RawSocket alone.
    const bool secure = node_.settings_.secure && peer.family != net::Address::Family::unix_socket;
    auto facts = facts_of_rawsocket(peer, secure);
    if (other_ == nullptr) return node_.open_rawsocket(std::move(stream), {}, std::move(facts));
    node_.bring(std::move(stream), other_, [&node = node_, facts = std::move(facts)](auto arrived) mutable {
      node.open_rawsocket(std::move(arrived), {}, std::move(facts));
    });
  }

 private:
  Node& node_;
  net::Loop* other_;
};

Node::Node(net::Loop& loop, Lobby& lobby, Random& random, NodeSettings settings)
    : loop_(loop),
      random_(random),
      settings_(std::move(settings)),
      home_{loop, settings_.transports, lobby},
      rawsocket_acceptor_(std::make_unique<RawSocketAcceptor>(*this)),
      long_poll_(make_long_poll_desk()),
      stop_timer_(loop, [this] {
        for (auto* transport: everybody()) transport->abort();
      }) {
  settings_.websocket.waiting_age_max = settings_.transports.waiting_age_max;
}

Node::~Node() {
  transports_.clear();
  loop_.destroy_disposed();
}

void Node::spread_over(std::span<net::Loop* const> loops) {
  for (auto* loop: loops) {
    if (loop == &loop_) continue;
    far_.push_back(std::make_unique<net::FarStreams>(loop_, *loop));
    far_acceptors_.push_back(std::make_unique<RawSocketAcceptor>(*this, loop));
  }
}

net::FarStreams* Node::far_from(const net::Loop* loop) const {
  for (const auto& far: far_) {
    if (&far->away() == loop) return far.get();
  }
  return nullptr;
}

void Node::change_waiting(std::size_t bytes_max, Duration age_max) {
  settings_.transports.waiting_bytes_max = bytes_max;
  settings_.transports.waiting_age_max = settings_.websocket.waiting_age_max = age_max;
}

http::Route Node::websocket_row() {
  http::Route row{.methods = "*",
                  .path = "*",
                  .handler = http::UpgradeHandler([this](http::Request&& request, http::Takeover&& takeover) {
                    on_upgrade(std::move(request), std::move(takeover));
                  })};
  row.subprotocols.assign(names_of_wamp.begin(), names_of_wamp.end());
  return row;
}

// On the loop that accepted.
void Node::on_upgrade(http::Request&& request, http::Takeover&& takeover) {
  if (settings_.allows_origin && !settings_.allows_origin(request.head.fields.find("Origin"))) {
    return takeover.refuse(http::text_response(403, "This page's origin is not allowed here.\n"));
  }
  if (connections_.load(std::memory_order_relaxed) >= settings_.connections_max) {
    ++refused_;
    return takeover.refuse(http::text_response(503, "There are too many clients; try again later.\n"));
  }
  const std::array wanted = {first_of_ours(request.head)};
  if (wanted[0].empty()) {
    return takeover.refuse(http::text_response(
        400, "WAMP is spoken here in JSON, MessagePack, CBOR and UBJSON: offer wamp.2.json, for one.\n"));
  }
  auto acceptance =
      websocket::accept(request.head, {.subprotocols = wanted, .allow_deflate = settings_.deflate});
  if (!acceptance) return takeover.refuse(websocket::refusal(acceptance.error()));
  auto handshake = std::make_unique<Handshake>(
      Handshake{nullptr, std::move(takeover.early_bytes), std::move(*acceptance),
                batch::separator_of(request.head.fields.find("User-Agent").value_or("")),
                facts_of_websocket(request, settings_.secure)});
  handshake->facts.tls = tls_facts_of(*takeover.stream);
  handshake->takes_cookie = takes_cookie(request.head);
  if (handshake->takes_cookie) {
    handshake->facts.cookie = find_cookie(request.head.fields.find("Cookie").value_or(""));
  }
  bring(std::move(takeover.stream), takeover.loop,
        [this, opening = std::move(handshake)](auto stream) mutable {
          opening->stream = std::move(stream);
          open_websocket(std::move(opening));
        });
}

// To the router's loop: the stream itself, or one that stands for it.
void Node::bring(std::unique_ptr<net::Stream> stream, const net::Loop* accepted_on,
                 net::FarStreams::Arrived arrived) {
  const bool whole = connections_.load(std::memory_order_relaxed) < settings_.whole_connections_max;
  if (auto* const far = whole ? nullptr : far_from(accepted_on); far != nullptr)
    return far->send(std::move(stream), std::move(arrived));
  stream->detach();
  loop_.post([this, stream = std::move(stream), arrived = std::move(arrived)]() mutable {
    stream->attach(loop_);
    arrived(std::move(stream));
  });
}

// A page of another host has its browser's cookie only where pages were looked at one by one.
bool Node::takes_cookie(const http::RequestHead& head) const {
  if (settings_.cookies == nullptr) return false;
  const auto origin = head.fields.find("Origin");
  return !origin || settings_.allows_origin || is_same_host(*origin, head.fields.find("Host").value_or(""));
}

void Node::give_cookie(Handshake& handshake) {
  auto& cookie = handshake.facts.cookie;
  if (!handshake.takes_cookie || !settings_.cookies->wanted()) return cookie.clear();
  if (!cookie.empty() && settings_.cookies->knows(cookie)) return;
  cookie = make_cookie(random_);
  websocket::add_field(handshake.acceptance, "Set-Cookie",
                       set_cookie(cookie, settings_.cookies->age_max(), settings_.secure));
}

void Node::open_websocket(std::unique_ptr<Handshake> handshake) {
  give_cookie(*handshake);
  const auto subprotocol = find_subprotocol(handshake->acceptance.subprotocol, settings_.rawsocket.ubjson_as);
  const auto& deflate = handshake->acceptance.deflate;
  auto* transport = add<WebSocketTransport>(std::move(handshake->stream), settings_.websocket, random_,
                                            *subprotocol, handshake->separator, std::move(handshake->facts),
                                            deflate ? &*deflate : nullptr);
  if (transport != nullptr)
    transport->start(as_bytes(handshake->acceptance.response), std::move(handshake->early));
}

http::ForeignProtocol Node::rawsocket_on_http_ports() {
  const auto handler = [this](http::Takeover&& takeover, const net::Address& peer) {
    auto facts = facts_of_rawsocket(peer, settings_.secure);
    facts.tls = tls_facts_of(*takeover.stream);
    auto early = std::move(takeover.early_bytes);
    bring(std::move(takeover.stream), takeover.loop,
          [this, early = std::move(early), facts = std::move(facts)](auto stream) mutable {
            open_rawsocket(std::move(stream), std::move(early), std::move(facts));
          });
  };
  return {rawsocket::magic, handler};
}

net::Acceptor& Node::rawsocket_acceptor() { return *rawsocket_acceptor_; }

std::vector<net::Network::ListenPoint> Node::rawsocket_points() {
  std::vector<net::Network::ListenPoint> points{{&loop_, rawsocket_acceptor_.get()}};
  for (std::size_t i = 0; i < far_.size(); ++i) points.push_back({&far_[i]->away(), far_acceptors_[i].get()});
  return points;
}

void Node::open_rawsocket(std::unique_ptr<net::Stream> stream, ByteVector early, TransportFacts facts) {
  if (is_full()) {
    ++refused_;
    (void)stream->write_some(Bytes(rawsocket::handshake(rawsocket::Refusal::too_many_connections)));
    return;
  }
  auto* transport = add<RawSocketTransport>(std::move(stream), settings_.rawsocket, std::move(facts));
  if (transport != nullptr) transport->start(std::move(early));
}

std::unique_ptr<LongPollDesk> Node::make_long_poll_desk() {
  const LongPollOrder order{settings_.long_poll, settings_.allows_origin,
                            settings_.transports.message_bytes_max, settings_.rawsocket.ubjson_as,
                            settings_.secure};
  return std::make_unique<LongPollDesk>(loop_, random_, order,
                                        [this](const Subprotocol& subprotocol, batch::Separator separator,
                                               TransportFacts facts, std::function<void()> on_over) {
                                          return add<LongPollTransport>(settings_.long_poll, subprotocol,
                                                                        separator, std::move(facts),
                                                                        std::move(on_over));
                                        });
}

template <class Kind, class... Arguments>
Kind* Node::add(Arguments&&... arguments) {
  if (is_full()) {
    ++refused_;
    return nullptr;
  }
  auto transport = std::make_unique<Kind>(home_, static_cast<TransportOwner&>(*this),
                                          std::forward<Arguments>(arguments)...);
  Kind* const added = transport.get();
  added->place = static_cast<std::uint32_t>(transports_.size());
  transports_.push_back(std::move(transport));
  connections_ = transports_.size();
  return added;
}

void Node::on_transport_over(Transport& transport) {
  auto& here = transports_[transport.place];
  loop_.dispose(std::move(here));
  if (&here != &transports_.back()) {
    here = std::move(transports_.back());
    here->place = static_cast<std::uint32_t>(&here - transports_.data());
  }
  transports_.pop_back();
  connections_ = transports_.size();
  finish_if_stopped();
}

void Node::stop(Duration limit, std::function<void()> done) {
  stopping_ = true;
  on_stopped_ = std::move(done);
  stop_timer_.start_after(limit);
  for (auto* transport: everybody()) transport->shut_down();
  finish_if_stopped();
}

std::vector<Transport*> Node::everybody() const {
  std::vector<Transport*> all;
  for (const auto& transport: transports_) all.push_back(transport.get());
  return all;
}

void Node::finish_if_stopped() {
  if (!on_stopped_ || !transports_.empty()) return;
  stop_timer_.stop();
  if (far_.empty()) return std::exchange(on_stopped_, nullptr)();
  // Their sockets are to have heard of it.
  const auto done = std::make_shared<std::function<void()>>(std::exchange(on_stopped_, nullptr));
  const auto missing = std::make_shared<std::size_t>(far_.size());
  for (const auto& far: far_) {
    far->settle([done, missing] {
      if (--*missing == 0) (*done)();
    });
  }
}

}  // namespace crosspoint::wamp
