#pragma once
// The transports of the router's clients, on the one loop that the router lives on. Connections that any loop
// accepted come here once it is clear that they speak WAMP: whole, or, after spread_over(), as far streams,
// whose sockets stay where they were accepted.
//
//   node.spread_over(loops)                          before the loops run
//   routes.rows.push_back(node.websocket_row())      on every HTTP server, before the relay's rows
//   … node.long_poll_rows()                          the same
//   routes.foreign = node.rawsocket_on_http_ports()  the same port takes RawSocket too
//   network.listen(…, node.rawsocket_acceptor())     a port, or a Unix socket, for RawSocket alone
//   node.stop(limit, done)                           on the router's loop: goodbye to everybody, then done

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "http/io/server.h"
#include "net/far_streams.h"
#include "net/network.h"
#include "wamp/io/long_poll_desk.h"
#include "wamp/io/rawsocket_transport.h"
#include "wamp/io/transport.h"
#include "wamp/io/websocket_transport.h"

namespace crosspoint::wamp {

// By which browsers are recognised when they come back (auth/cookie_book.h). Asked on the router's loop.
class Cookies {
 public:
  virtual bool wanted() = 0;  // is there a realm that takes them?
  // It stands for somebody. Others are replaced by new ones, so that nobody plants one in a browser.
  virtual bool knows(std::string_view cookie) = 0;
  virtual Duration age_max() = 0;

 protected:
  ~Cookies() = default;
};

struct NodeSettings {
  TransportSettings transports;
  websocket::SocketLimits websocket{.bare_close_is_normal = true};  // its age is that of `transports`
  RawSocketSettings rawsocket;
  LongPollSettings long_poll;
  std::size_t connections_max = 200'000;  // long-poll's transports are among them
  // While there are fewer connections, those that other loops accept move to the router's whole: so few do
  // not keep it busy, and to cross from loop to loop costs each message two wake-ups.
  std::size_t whole_connections_max = 16;
  bool deflate = false;
  bool secure = false;  // the listeners that connections come from speak TLS
  // Which web pages may open a session (RFC 6455 section 10.2), by the request's Origin field; called from
  // every loop. Empty: every page. Programs that are not browsers send no Origin.
  OriginCheck allows_origin;
  // Outlives the node; null: there are none. Pages of other hosts have one only where allows_origin is set.
  Cookies* cookies = nullptr;
};

class Node final : private TransportOwner {
 public:
  // Loop, lobby and random outlive the node; on destruction every connection closes.
  Node(net::Loop& loop, Lobby& lobby, Random& random, NodeSettings settings);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // What these loops accept keeps its sockets there (net/far_streams.h); the router's own loop may be among
  // them. Before the loops run; they outlive the node, and stand still when it is destroyed.
  void spread_over(std::span<net::Loop* const> loops);

  // For handshakes that offer a subprotocol of ours, on any path. May be called from every loop.
  http::Route websocket_row();
  // None where long-poll is off. The same.
  std::vector<http::Route> long_poll_rows() { return long_poll_->rows(); }
  http::ForeignProtocol rawsocket_on_http_ports();
  // For listeners of the router's loop.
  net::Acceptor& rawsocket_acceptor();
  // For one endpoint on all loops that it is spread over, without TLS. With it, an HTTP server on each that
  // has rawsocket_on_http_ports() and no routes: what TLS knows of a client is known once it speaks.
  std::vector<net::Network::ListenPoint> rawsocket_points();

  // Called at the end of each turn in which a client said something; outlives the node.
  void after_messages(net::TurnEndHook& hook) { home_.after_messages = &hook; }

  // What may wait for a client, from now on.
  void change_waiting(std::size_t bytes_max, Duration age_max);
  // How long a client's HELLO may wait for its answer, from now on.
  void change_opening_time(Duration most) { settings_.transports.session.opening_time_max = most; }

  void stop(Duration limit, std::function<void()> done);

  std::size_t connections() const { return transports_.size(); }
  const TransportCounters& counters() const { return home_.counters; }
  std::uint64_t connections_refused() const { return refused_.load(std::memory_order_relaxed); }

 private:
  class RawSocketAcceptor;
  struct Handshake;

  void on_upgrade(http::Request&& request, http::Takeover&& takeover);
  void bring(std::unique_ptr<net::Stream> stream, const net::Loop* accepted_on,
             net::FarStreams::Arrived arrived);
  net::FarStreams* far_from(const net::Loop* loop) const;
  void open_websocket(std::unique_ptr<Handshake> handshake);
  bool takes_cookie(const http::RequestHead& head) const;
  void give_cookie(Handshake& handshake);
  void open_rawsocket(std::unique_ptr<net::Stream> stream, ByteVector early, TransportFacts facts);
  bool is_full() const { return transports_.size() >= settings_.connections_max || stopping_; }
  // Null: there are too many.
  template <class Kind, class... Arguments>
  Kind* add(Arguments&&... arguments);
  void on_transport_over(Transport& transport) override;
  void finish_if_stopped();
  // The list changes while they go.
  std::vector<Transport*> everybody() const;
  std::unique_ptr<LongPollDesk> make_long_poll_desk();

  net::Loop& loop_;
  Random& random_;
  // Transports refer to it. Other loops read it too, but for what change_…() changes.
  NodeSettings settings_;
  TransportHome home_;
  std::vector<std::unique_ptr<net::FarStreams>> far_;  // by loop, without the router's
  std::unique_ptr<RawSocketAcceptor> rawsocket_acceptor_;
  std::vector<std::unique_ptr<RawSocketAcceptor>> far_acceptors_;  // by loop, as far_
  std::unique_ptr<LongPollDesk> long_poll_;
  std::vector<std::unique_ptr<Transport>> transports_;
  std::atomic<std::size_t> connections_ = 0;  // as many, for other loops to see
  std::atomic<std::uint64_t> refused_ = 0;
  bool stopping_ = false;
  net::Timer stop_timer_;
  std::function<void()> on_stopped_;
};

}  // namespace crosspoint::wamp
