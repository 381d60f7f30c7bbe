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
  std::size_t pipelined_bytes_max = 64 * 1024;         // read ahead while a request is being answered
  Duration head_time_max = 5s;   // from accept, or from the first byte of a further request, to a whole head
  Duration body_time_max = 5s;   // for a whole collected body (a streamed one: between two pieces, see Route)
  Duration write_time_max = 5s;  // in which an answer must end, or move on by write_bytes_min
  std::size_t write_bytes_min = 4 * 1024;
  Duration idle_time_max = 60s;  // keep-alive connections between requests
  // After the last answer the connection is read and thrown away for so long and so much, lest a reset
  // overtakes the answer.
  Duration linger_time_max = 1s;
  std::size_t linger_bytes_max = 256 * 1024;
  // Connections that can be spared: no whole head yet, idle between requests, or lingering. The oldest goes
  // first.
  std::size_t waiting_connections_max = 4096;
  std::size_t waiting_connections_per_host_max = 1024;  // of one IPv4 address, or of one IPv6 /64
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
// connection that is gone does nothing. It may be carried to another loop, and must be carried back.
class Responder {
 public:
  class Target;  // the connection, seen from here
  explicit Responder(std::shared_ptr<Target*> target) : target_(std::move(target)) {}
  ~Responder();
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&& other) noexcept;
  void respond(Response response);

  // The loop of the connection. While its handler runs.
  net::Loop& loop() const;
  // The connection is gone: nobody would read an answer.
  bool abandoned() const;

 private:
  std::shared_ptr<Target*> target_;
};

// Lets a sink slow its sender down, or end it: while paused, nothing more is read and the peer's window
// closes. Pieces of what was read already wait here.
class BodyFlow {
 public:
  virtual void pause() = 0;
  virtual void resume() = 0;
  // Answers before the body has ended, and closes the connection when that is written: no more of it is read.
  // The sink is told that its body is aborted before this returns.
  virtual void answer_now(Response response) = 0;

 protected:
  ~BodyFlow() = default;
};

// Takes a request's body as it arrives (route kind `streamed`). Owned by the connection; destroyed, in a
// later moment of the same turn, once the request was answered or the body aborted.
class BodySink {
 public:
  virtual ~BodySink() = default;
  virtual void on_begin(BodyFlow&) {}     // `flow` is valid until the body has ended or is aborted
  virtual void on_body(Bytes bytes) = 0;  // at least one byte; gone when the call returns
  virtual void on_chunk_end() {}          // an HTTP chunk ended here (chunked bodies only)
  virtual void on_body_end(Responder responder) = 0;  // the whole body has come: answer
  virtual void
  on_body_aborted() = 0;  // it will not come: connection gone, malformed, too slow, or the server stops
};

// A server that takes connections back (Takeover::refuse).
class TakeoverReturn {
 public:
  virtual void take_back(std::unique_ptr<net::Stream> stream, Response response) = 0;

 protected:
  ~TakeoverReturn() = default;
};

// A connection that is no longer HTTP's. Its stream is paused and tells nobody: whoever takes it calls
// start() and then resume_reading(), on this loop or, after detach() and attach(), on another. Until then it
// may be kept or destroyed at will.
struct Takeover {
  std::unique_ptr<net::Stream> stream;
  ByteVector early_bytes;  // what the peer sent after the request head; to be read before the stream
  std::weak_ptr<TakeoverReturn> server = {};
  net::Loop* loop = nullptr;  // the server's, which accepted the connection

  // No upgrade after all: the server writes `response`, closes the connection without losing it, and forgets
  // what else the peer sent. Only on the server's loop, before anything was written. Without a server the
  // stream is just closed.
  void refuse(Response response);
};

using CollectedHandler = std::function<void(Request&&, Responder)>;
using StreamedHandler = std::function<std::variant<std::unique_ptr<BodySink>, Response>(const Request&)>;
// Called at the end of the turn, outside the stream's callbacks.
using UpgradeHandler = std::function<void(Request&&, Takeover&&)>;

struct Route {
  // "GET", "GET HEAD", or "*": every method but OPTIONS, which a row must name. HEAD is matched by no other
  // name either; its answer is sent without the body. TRACE and CONNECT are never routed.
  std::string methods;
  // A path, exactly; or one that ends in "*": any path with that beginning.
  std::string path;
  std::variant<CollectedHandler, StreamedHandler, UpgradeHandler> handler;
  // UpgradeHandler rows match only requests that ask for an upgrade to WebSocket (an Upgrade field naming
  // it), the other rows only those that do not. Streamed bodies: the longest silence; zero means none is too
  // long (ffmpeg feeds pause).
  Duration body_silence_max = 0s;
  std::size_t body_bytes_max = 0;  // collected: 0 means ServerLimits::collected_body_bytes_max
  // UpgradeHandler rows: only for handshakes that offer one of these subprotocols (RFC 6455 section 1.9).
  // `x*`: one that begins with x, in letters of either case. None: for every handshake.
  std::vector<std::string> subprotocols = {};
};

// Another protocol on the same port, known by its first byte, which no HTTP request begins with. The handler
// is called at the end of the turn; the bytes that came so far are the takeover's early ones.
struct ForeignProtocol {
  std::byte first_byte{};
  std::function<void(Takeover&&, const net::Address& peer)> handler;  // empty: there is none
};

// Matched in order; the first row wins. No row for the path: `not_found`. Rows for the path but none for the
// method: `method_not_allowed`.
struct Routes {
  std::vector<Route> rows;
  std::function<Response(const Request&)> not_found;           // default: 404 "404 page not found\n"
  std::function<Response(const Request&)> method_not_allowed;  // default: 405, empty; Allow is added
  // Requests that ask for no upgrade and whose path was not clean get 301 to the clean one instead of a
  // handler.
  bool redirect_unclean_paths = false;
  ForeignProtocol foreign;
  std::function<void(const Request&, Response&)> finish;  // may add fields to every answer (security headers)
};

// What a client reads that speaks plain HTTP to a port where TLS is spoken
// (net::TlsServerSettings::answer_to_plain_text).
extern const std::string_view answer_to_plain_http;

struct ServerCounters {
  std::uint64_t accepted = 0;
  std::uint64_t requests = 0;
  std::uint64_t refused = 0;  // answered 4xx by the server itself
  std::uint64_t timed_out = 0;
  std::uint64_t dropped_waiting = 0;  // over a waiting_connections limit
  std::size_t open = 0;
};

class ServerState;

class Server final : public net::Acceptor {
 public:
  // `loop` and `routes` outlive the server. Destroying it, which no handler may do, closes every
  // connection it still has.
  Server(net::Loop& loop, const Routes& routes, const ServerLimits& limits);
  ~Server();

  void on_accept(std::unique_ptr<net::Stream> stream, const net::Address& peer) override;
  // Answers what is under way, then closes; idle connections close at once, streamed bodies are aborted. New
  // connections are closed. `counters().open` is 0 when the last one has gone.
  void stop();
  const ServerCounters& counters() const;

 private:
  std::shared_ptr<ServerState> state_;
};

}  // namespace crosspoint::http
