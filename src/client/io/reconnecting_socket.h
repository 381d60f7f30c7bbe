#pragma once
// A WebSocket connection to somewhere else that keeps coming back: dials, notices when the link is gone,
// waits as client/backoff.h says, dials again, and never gives up until it is told to.
//
// Where to is asked before every attempt (address_source.h): an access service gives a fresh address each
// time, since the code in it works once.
//
// What it never does: follow a redirect, keep what was sent while there was no connection, repeat on a new
// connection what was waiting for the old one, put a query string (codes travel there) into an error or a
// log.
//
// Whatever is wrong with the other side — the name does not resolve, the connection is refused, a captive
// portal answers with a page, access denies the token, the relay closes at once — is one more failed attempt,
// and shows in the status.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "client/backoff.h"
#include "client/io/address_source.h"
#include "fanout/outbox.h"
#include "http/message.h"
#include "http/proxy.h"
#include "http/url.h"
#include "net/loop.h"
#include "net/network.h"
#include "net/tls.h"
#include "websocket/io/connector.h"
#include "websocket/io/socket.h"

namespace crosspoint::client {

enum class LinkState : std::uint8_t {
  idle,        // not started
  connecting,  // an attempt is being made
  connected,
  waiting,  // for the next attempt
  closing,  // the close handshake is under way
  closed,   // for good
};
std::string_view to_string(LinkState state);

struct LinkStatus {
  LinkState state = LinkState::idle;
  WallTime since{};  // when that state began
  std::uint64_t attempts = 0;
  std::uint64_t connections = 0;  // attempts that succeeded
  std::string last_error;         // a sentence; empty while nothing went wrong
  WallTime last_error_at{};
  // Of data messages: what was given to a connection, and what came from one. A token shown first, and its
  // answer, count as well.
  std::uint64_t messages_sent = 0, bytes_sent = 0;
  std::uint64_t messages_received = 0, bytes_received = 0;
};

// None of these but on_link_changed is called inside a member function of the socket that its user calls.
class ReconnectingSocketEvents {
 public:
  // A new connection: of what was sent on an earlier one, nothing is owed.
  virtual void on_connected() = 0;
  virtual void on_message(websocket::MessageType type, Bytes payload) = 0;
  virtual void on_disconnected() {}
  // status().state is another one: an attempt begins, has failed, … Time to look at the status, and to do
  // nothing else: it may be told inside start() or close().
  virtual void on_link_changed() {}
  // After close(): nothing follows. The socket's owner may give itself to Loop::dispose here.
  virtual void on_closed() = 0;

 protected:
  ~ReconnectingSocketEvents() = default;
};

// A client asks oftener than a server whether the other end still lives: it is the one that sits behind NAT.
inline websocket::SocketLimits client_socket_limits() {
  websocket::SocketLimits limits;
  limits.ping_every = 25s;
  limits.dead_after = 60s;
  limits.write_time_max = 15s;
  return limits;
}

struct ReconnectingSocketSettings {
  http::Url url;  // ws or wss; not looked at where there is an AddressSource
  std::vector<std::string> subprotocols;
  http::Fields fields;                   // more request fields
  const net::TlsContext* tls = nullptr;  // what wss needs; outlives the socket
  http::ProxyRules proxies;
  Duration connect_time_max = 15s;
  Duration token_answer_time_max = 10s;  // for the relay to answer to an Address::first_message
  BackoffPolicy backoff;
  websocket::SocketLimits limits = client_socket_limits();
};

// "wss://relay.example.org:443/in/video": an address without its query, for people.
std::string printable(const http::Url& url);

class ReconnectingSocket {
 public:
  // Everything referred to outlives the socket. Must not be destroyed inside one of its events:
  // Loop::dispose.
  ReconnectingSocket(net::Loop& loop, net::Network& network, Random& random,
                     ReconnectingSocketSettings settings, ReconnectingSocketEvents& events);
  // To where `address` says.
  ReconnectingSocket(net::Loop& loop, net::Network& network, Random& random,
                     std::unique_ptr<AddressSource> address, ReconnectingSocketSettings settings,
                     ReconnectingSocketEvents& events);
  ~ReconnectingSocket();
  ReconnectingSocket(const ReconnectingSocket&) = delete;
  ReconnectingSocket& operator=(const ReconnectingSocket&) = delete;

  // The first attempt begins at once.
  void start();
  // Ends it for good: with a close handshake where there is a connection. on_closed follows in a later turn.
  void close(websocket::CloseCode code, std::string_view reason = {});

  bool connected() const { return state_ == LinkState::connected; }
  // While connected: queues a message; it is written at the end of the turn.
  void send(websocket::MessageType type, Bytes payload);
  // While connected: what waits to be written.
  fanout::Outbox& outbox();
  std::size_t queued_bytes() const;  // the same in any state

  LinkStatus status() const;
  // What people are shown, by printable(): the address, or that of the access service.
  const http::Url& place() const { return address_->place(); }

 private:
  class Connection;
  // A connection whose relay has been shown a token and has not answered yet. It does not count until then.
  struct TokenShown {
    std::string token;
    bool refused = false;
  };
  void enter(LinkState state);
  void attempt();
  void on_address(Result<Address, std::string> address);
  void on_attempt_done(Result<websocket::Connected, websocket::ConnectError> result);
  void begin_connection();
  void on_message(websocket::MessageType type, Bytes payload);
  void take_token_answer(websocket::MessageType type, Bytes payload);
  void refuse_connection(std::string sentence);
  void on_connection_closed(const websocket::CloseReason& peer,
                            const std::optional<websocket::CloseReason>& own);
  void on_timer();
  void wait(Duration delay);
  void note_error(std::string sentence);

  net::Loop& loop_;
  net::Network& network_;
  Random& random_;
  ReconnectingSocketSettings settings_;
  ReconnectingSocketEvents& events_;
  Backoff backoff_;
  LinkState state_ = LinkState::idle;
  LinkStatus status_;  // counters: of connections that are over
  MonotonicTime connected_at_{};
  net::Timer timer_;  // waiting: the next attempt; closed: tells so; a token shown: the answer is late
  std::unique_ptr<AddressSource> address_;
  std::string first_message_;  // for the connection that is being made
  std::unique_ptr<websocket::Connector> connector_;
  std::unique_ptr<Connection> connection_;
  std::optional<TokenShown> token_shown_;
};

}  // namespace crosspoint::client
