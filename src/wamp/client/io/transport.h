#pragma once
// A client's connection to a router: made, used, ended, once. Frames and writes; knows nothing of what a
// message says.

#include <cstddef>
#include <memory>
#include <string>
#include <variant>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "data/format.h"
#include "http/message.h"
#include "http/proxy.h"
#include "http/url.h"
#include "net/loop.h"
#include "net/network.h"
#include "net/tls.h"
#include "wamp/client/router_address.h"
#include "wamp/proof/channel.h"
#include "websocket/io/socket.h"

namespace crosspoint::wamp::client {

// A RawSocket's.
struct RawPlace {
  net::Endpoint endpoint;
  bool secure = false;
  std::string host;  // for its certificate
};
using Place = std::variant<http::Url, RawPlace>;

// An address as router_address.h has it. The error is a sentence.
Result<Place, std::string> parse_place(std::string_view text);
bool is_secure(const Place& place);
// For people: "ws://lab.example:8080/ws" without a query, "rs://…", "unix:/run/x.sock".
std::string printable(const Place& place);

struct TransportSettings {
  Place place;
  data::Format format = data::Format::json;
  const net::TlsContext* tls = nullptr;  // what a secure place needs; outlives the transport
  http::ProxyRules proxies;              // for WebSockets
  http::Fields fields;                   // more request fields of a WebSocket: User-Agent, …
  Duration connect_time_max = 15s;       // name, connection, TLS and handshake together
  Duration write_time_max = 15s;         // without progress while something waits to be written
  Duration close_time_max = 1s;          // from our last byte to the router's
  std::size_t message_bytes_max = std::size_t{16} << 20;  // that we take
  net::StreamOptions stream;
};

// None of these is called inside a member function of the transport. It must not be destroyed in them:
// Loop::dispose.
class TransportEvents {
 public:
  virtual void on_open() = 0;
  virtual void on_message(Bytes message) = 0;
  // Never opened, or open no more; nothing follows. The sentence says why, and names neither path nor query.
  virtual void on_closed(std::string sentence) = 0;

 protected:
  ~TransportEvents() = default;
};

class Transport : public net::Disposable {
 public:
  // Of use from on_open on.
  virtual std::size_t message_bytes_max() const = 0;  // that the router takes
  virtual std::size_t unwritten_bytes() const = 0;
  // What TLS knows of this connection; empty without.
  virtual const proof::ChannelBindings& bindings() const = 0;
  virtual void send(Bytes message) = 0;
  // What is queued goes first; on_closed follows.
  virtual void close() = 0;
};

proof::ChannelBindings bindings_of(const net::Stream& stream);

// Begins to connect. Everything outlives it.
std::unique_ptr<Transport> connect(net::Loop& loop, net::Network& network, Random& random,
                                   const TransportSettings& settings, TransportEvents& events);

}  // namespace crosspoint::wamp::client
