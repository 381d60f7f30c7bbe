#pragma once
// An HTTP/1.1 server on one loop: reads requests, finds their route, writes answers, hands connections over
// to whoever upgrades them. Keep-alive and pipelining; bodies collected or streamed; `Expect: 100-continue`;
// HTTP/1.0.
//
// What it refuses, and how, is reliability.md section A: malformed framing 400, oversize heads 431, long
// targets 414, slow requests 408 — each closes the connection, and nothing after it is interpreted.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "http/message.h"
#include "net/network.h"

namespace crosspoint::http {

struct ServerLimits {
  std::size_t head_bytes_max = 8 * 1024;
  std::size_t head_fields_max = 64;
  std::size_t target_bytes_max = 4 * 1024;
  std::size_t collected_body_bytes_max = 1024 * 1024;  // a route may ask for another
  Duration head_time_max = 5s;   // from accept, or from the end of the previous answer, to a whole head
  Duration body_time_max = 5s;   // for a whole collected body (a streamed one: between two pieces, see Route)
  Duration write_time_max = 5s;  // without progress in writing an answer
  Duration idle_time_max = 60s;  // keep-alive connections between requests
  std::size_t waiting_connections_max = 4096;           // accepted, no whole head yet; the oldest goes first
  std::size_t waiting_connections_per_host_max = 1024;  // the same, of one address
};

struct Request {
  RequestHead head;
  std::string path;      // decoded and cleaned (http/url.h)
  std::string raw_path;  // decoded, not cleaned
  bool path_was_clean = true;
  std::string query;
  std::string body;  // collected routes only
  net::Address peer;
};

// The right to answer one request, exactly once, now or in a later turn of the same loop. Destroyed without
// having answered, it answers 500. It outlives neither the Server nor, silently, its connection: answering a
// connection that is gone does nothing.
class Responder {
 public:
  class Target;  // the connection, seen from here
  explicit Responder(std::shared_ptr<Target*> target) : target_(std::move(target)) {}
  ~Responder();
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&&) noexcept = default;
  void respond(Response response);

 private:
  std::shared_ptr<Target*> target_;
};

// Takes a request's body as it arrives (route kind `streamed`). Owned by the connection.
class BodySink {
 public:
  virtual ~BodySink() = default;
  virtual void on_body(Bytes bytes) = 0;
  virtual void on_chunk_end() {}                      // an HTTP chunk ended here (chunked bodies only)
  virtual void on_body_end(Responder responder) = 0;  // the whole body has come: answer
  virtual void on_body_aborted() = 0;  // the connection went away in the middle; the sink is destroyed next
};

// A connection that is no longer HTTP's.
struct Takeover {
  std::unique_ptr<net::Stream> stream;
  ByteVector early_bytes;  // what the peer sent after the request head; to be read before the stream
};

using CollectedHandler = std::function<void(Request&&, Responder)>;
using StreamedHandler = std::function<std::variant<std::unique_ptr<BodySink>, Response>(const Request&)>;
using UpgradeHandler = std::function<void(Request&&, Takeover&&)>;

struct Route {
  std::string methods;  // "GET", "GET POST", or "*"
  // A path, exactly; or one that ends in "*": any path with that beginning.
  std::string path;
  std::variant<CollectedHandler, StreamedHandler, UpgradeHandler> handler;
  // UpgradeHandler rows match only requests that ask for an upgrade to WebSocket (an Upgrade field naming
  // it), the other rows only those that do not. Streamed bodies: the longest silence; zero means none is too
  // long (ffmpeg feeds pause).
  Duration body_silence_max = 0s;
  std::size_t body_bytes_max = 0;  // collected: 0 means ServerLimits::collected_body_bytes_max
};

// Matched in order; the first row wins. No row for the path: `not_found`. Rows for the path but none for the
// method: `method_not_allowed`.
struct Routes {
  std::vector<Route> rows;
  std::function<Response(const Request&)> not_found;           // default: 404 "404 page not found\n"
  std::function<Response(const Request&)> method_not_allowed;  // default: 405, empty
  std::function<void(const Request&, Response&)> finish;  // may add fields to every answer (security headers)
};

struct ServerCounters {
  std::uint64_t accepted = 0;
  std::uint64_t requests = 0;
  std::uint64_t refused = 0;  // answered 4xx by the server itself
  std::uint64_t timed_out = 0;
  std::uint64_t dropped_waiting = 0;  // over a waiting_connections limit
  std::size_t open = 0;
};

class Server final : public net::Acceptor {
 public:
  // `loop` and `routes` outlive the server.
  Server(net::Loop& loop, const Routes& routes, const ServerLimits& limits);
  ~Server();

  void on_accept(std::unique_ptr<net::Stream> stream, const net::Address& peer) override;
  // Answers what is under way, then closes; idle connections close at once. New connections are closed.
  void stop();
  const ServerCounters& counters() const;

 private:
  class Connection;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace crosspoint::http
