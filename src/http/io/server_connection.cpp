#include "http/io/server_connection.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"
#include "base/counted.h"
#include "http/url.h"

namespace crosspoint::http {
namespace {

constexpr std::string_view continue_100 = "HTTP/1.1 100 Continue\r\n\r\n";

// Hears what a stream says between two owners: nothing, as it is paused.
class Nobody final : public net::StreamEvents {
  void on_bytes(MutableBytes) override {}
  void on_end() override {}
  void on_failure(net::StreamError) override {}
  void on_writable() override {}
};
Nobody nobody;

// What Routes::finish is shown when the handler has the request itself.
Request without_body(const Request& request) {
  Request copy;
  copy.head = request.head;
  copy.path = request.path;
  copy.raw_path = request.raw_path;
  copy.path_was_clean = request.path_was_clean;
  copy.query = request.query;
  copy.peer = request.peer;
  return copy;
}

}  // namespace

ServerConnection::ServerConnection(ServerState& server, std::unique_ptr<net::Stream> stream,
                                   const net::Address& peer)
    : server_(server),
      stream_(std::move(stream)),
      timer_(server.loop, [this] { on_time_up(); }),
      parser_({server.limits.head_bytes_max, server.limits.head_fields_max, server.limits.target_bytes_max}),
      peer_(peer) {}

ServerConnection::~ServerConnection() = default;

void ServerConnection::start() {
  stream_->start(*this);
  wait_for_head();
}

void ServerConnection::start_refusing(Response&& response) {
  stream_->start(*this);
  stream_paused_ = true;
  send_answer(std::move(response));
}

void ServerConnection::stop() {
  switch (phase_) {
    case Phase::waiting:
    case Phase::upgrading: close(); break;
    case Phase::receiving:
      if (exchange_->sink) {
        close();
      } else {
        close_after_answer_ = true;
      }
      break;
    case Phase::handling:
    case Phase::writing: close_after_answer_ = true; break;
    case Phase::lingering:
    case Phase::closed: break;
  }
}

void ServerConnection::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  timer_.stop();
  server_.waiting.leave(*this);
  drop_exchange();
  server_.retire(place_);
}

// What the stream says

void ServerConnection::on_bytes(MutableBytes bytes) {
  switch (phase_) {
    case Phase::waiting:
      if (is_foreign(bytes)) return begin_handing_over(bytes);
      read(bytes);
      break;
    case Phase::receiving:
      if (exchange_->sink && exchange_->route->body_silence_max > Duration::zero()) {
        timer_.start_after(exchange_->route->body_silence_max);
      }
      read(bytes);
      break;
    case Phase::handling:
    case Phase::upgrading:
    case Phase::writing: keep_for_later(bytes); break;
    case Phase::lingering:
      bytes_counted_ += bytes.size();
      if (bytes_counted_ > server_.limits.linger_bytes_max) close();
      break;
    case Phase::closed: break;
  }
}

void ServerConnection::on_end() {
  peer_ended_ = true;
  switch (phase_) {
    case Phase::waiting:
    case Phase::upgrading:
    case Phase::lingering: close(); break;
    case Phase::receiving:
      if (pending_.empty()) close();
      break;
    case Phase::handling:  // it may have closed one direction only, and still read
    case Phase::writing:
    case Phase::closed: break;
  }
}

void ServerConnection::on_failure(net::StreamError) { close(); }

void ServerConnection::on_writable() {
  if (phase_ == Phase::closed) return;
  flush();
  read_pending();
}

void ServerConnection::on_put_out() {
  ++server_.counters.dropped_waiting;
  close();
}

void ServerConnection::on_time_up() {
  switch (phase_) {
    case Phase::waiting:
      if (parser_.between_messages()) {
        if (first_request_) ++server_.counters.timed_out;
        close();
      } else {
        time_out();
      }
      break;
    case Phase::receiving: time_out(); break;
    case Phase::writing: look_at_progress(); break;
    case Phase::lingering: close(); break;
    case Phase::handling:
    case Phase::upgrading:
    case Phase::closed: break;
  }
}

// An answer that trickles away byte by byte is as good as one that stands still (row A4, slow read).
void ServerConnection::look_at_progress() {
  if (out_.written_bytes() - bytes_counted_ < server_.limits.write_bytes_min) {
    ++server_.counters.timed_out;
    stream_->reset_on_close();
    return close();
  }
  bytes_counted_ = out_.written_bytes();
  timer_.start_after(server_.limits.write_time_max);
}

// Reading

void ServerConnection::wait_for_head() {
  phase_ = Phase::waiting;
  head_begun_ = false;
  timer_.start_after(first_request_ ? server_.limits.head_time_max : server_.limits.idle_time_max);
  server_.waiting.enter(*this, peer_);
}

void ServerConnection::read(Bytes bytes) {
  CROSSPOINT_ASSERT(!inside_read_);
  inside_read_ = true;
  parser_.feed(bytes);
  while (reading()) {
    auto event = parser_.next();
    if (!event) {
      refuse(status_of(event.error()));
      break;
    }
    if (!*event) break;
    handle(std::move(**event));
  }
  inside_read_ = false;
  const Bytes rest = parser_.take_unread();
  if (phase_ == Phase::closed) return;
  if (!rest.empty()) keep_for_later(rest);
  // The time for a further head runs from its first byte, whichever way that came here.
  if (phase_ == Phase::waiting && !first_request_ && !head_begun_ && !parser_.between_messages()) {
    head_begun_ = true;
    timer_.start_after(server_.limits.head_time_max);
  }
}

// Goes on with what was read ahead, after an answer or a pause. With nothing read ahead the parser may still
// have something to tell: the end of a body whose last bytes made its sink pause.
void ServerConnection::read_pending() {
  if (!reading()) return;
  do {
    const ByteVector bytes = std::move(pending_);
    pending_ = ByteVector();
    read(bytes);
  } while (reading() && !pending_.empty());
  if (!reading()) return;
  if (peer_ended_) return close();
  resume_stream();
}

void ServerConnection::keep_for_later(Bytes bytes) {
  if (phase_ == Phase::lingering) return;
  pause_stream();
  const bool must_be_kept = phase_ == Phase::upgrading || phase_ == Phase::receiving;
  if (must_be_kept) return append(pending_, bytes);
  if (close_after_answer_) return;
  if (pending_.size() + bytes.size() > server_.limits.pipelined_bytes_max) {
    // Too far ahead. Who pipelines must be ready to ask again on another connection (RFC 9112 section 9.3.2).
    pending_ = ByteVector();
    close_after_answer_ = true;
    return;
  }
  append(pending_, bytes);
}

void ServerConnection::handle(RequestEvent&& event) {
  if (auto* start = std::get_if<RequestStart>(&event)) {
    begin_request(std::move(*start));
  } else if (const auto* body = std::get_if<BodyBytes>(&event)) {
    take_body(body->bytes);
  } else if (std::holds_alternative<ChunkEnd>(event)) {
    if (exchange_->sink) exchange_->sink->on_chunk_end();
  } else {
    take_body_end();
  }
}

void ServerConnection::take_body(Bytes bytes) {
  if (exchange_->sink) return exchange_->sink->on_body(bytes);
  auto& body = exchange_->request.body;
  const auto bytes_max = exchange_->route->body_bytes_max > 0 ? exchange_->route->body_bytes_max
                                                              : server_.limits.collected_body_bytes_max;
  if (bytes.size() > bytes_max - body.size()) return refuse(413);
  body.append(as_text(bytes));
}

void ServerConnection::take_body_end() {
  timer_.stop();
  exchange_->body_complete = true;
  phase_ = Phase::handling;
  if (exchange_->sink) return exchange_->sink->on_body_end(make_responder());
  Request request = std::move(exchange_->request);
  if (server_.routes.finish) exchange_->request = without_body(request);
  const auto& handler = std::get<CollectedHandler>(exchange_->route->handler);
  handler(std::move(request), make_responder());
}

// Requests

void ServerConnection::begin_request(RequestStart&& start) {
  ++server_.counters.requests;
  server_.waiting.leave(*this);
  timer_.stop();
  phase_ = Phase::handling;
  first_request_ = false;

  exchange_ = std::make_unique<Exchange>();
  exchange_->keep_alive = start.keep_alive;
  exchange_->http_1_0 = start.head.minor_version == 0;
  if (start.head.method == "HEAD") exchange_->body_on_wire = BodyOnWire::left_out;
  exchange_->request.head = std::move(start.head);
  exchange_->request.peer = peer_;
  if (start.body.empty()) {
    const auto end = parser_.next();
    CROSSPOINT_ASSERT(end && *end && std::holds_alternative<MessageEnd>(**end));
    exchange_->body_complete = true;
  }
  route_request(start);
}

void ServerConnection::route_request(const RequestStart& start) {
  auto& request = exchange_->request;
  if (start.expectation == Expectation::unknown) return refuse(417);
  auto target = parse_target(request.head.target);
  if (!target) return refuse(400);
  request.path = std::move(target->cleaned);
  request.raw_path = std::move(target->path);
  request.path_was_clean = target->clean;
  request.query = std::move(target->query);

  const auto asking =
      request.head.fields.lists("Upgrade", "websocket") ? Asking::for_upgrade : Asking::for_answer;
  // What is in front of us might take the body for the first bytes of the new protocol, or the other way
  // round.
  if (asking == Asking::for_upgrade && !start.body.empty()) return refuse(400);
  if (asking == Asking::for_answer && !request.path_was_clean && server_.routes.redirect_unclean_paths) {
    Response response;
    response.status = 301;
    response.fields.add("Location",
                        encode_path(request.path) + (request.query.empty() ? "" : "?" + request.query));
    return send_answer(std::move(response));
  }
  const auto match = find_route(server_.routes, request.head, request.path, asking);
  if (match.route == nullptr) return refuse(answer_without_route(match));
  exchange_->route = match.route;
  if (std::holds_alternative<CollectedHandler>(match.route->handler)) return begin_collecting(start);
  if (const auto* handler = std::get_if<StreamedHandler>(&match.route->handler))
    return begin_streaming(start, *handler);
  phase_ = Phase::upgrading;
  pause_stream();
  server_.loop.at_turn_end(*this);
}

Response ServerConnection::answer_without_route(const RouteMatch& match) {
  const auto& routes = server_.routes;
  const auto& request = exchange_->request;
  if (match.allow.empty()) {
    return routes.not_found ? routes.not_found(request) : text_response(404, "404 page not found\n");
  }
  Response response;
  response.status = 405;
  if (routes.method_not_allowed) response = routes.method_not_allowed(request);
  if (response.fields.count("Allow") == 0) response.fields.add("Allow", match.allow);
  return response;
}

void ServerConnection::begin_collecting(const RequestStart& start) {
  const auto bytes_max = exchange_->route->body_bytes_max > 0 ? exchange_->route->body_bytes_max
                                                              : server_.limits.collected_body_bytes_max;
  if (start.body.bytes > bytes_max) return refuse(413);
  begin_receiving(start);
  if (phase_ == Phase::receiving) timer_.start_after(server_.limits.body_time_max);
}

void ServerConnection::begin_streaming(const RequestStart& start, const StreamedHandler& handler) {
  auto outcome = handler(exchange_->request);
  if (phase_ == Phase::closed) return;
  if (auto* response = std::get_if<Response>(&outcome)) return send_answer(std::move(*response));
  exchange_->sink = std::move(std::get<std::unique_ptr<BodySink>>(outcome));
  phase_ = Phase::receiving;
  exchange_->sink->on_begin(*this);
  if (phase_ == Phase::closed) return;
  begin_receiving(start);
  if (phase_ == Phase::receiving && !flow_paused_ && exchange_->route->body_silence_max > Duration::zero()) {
    timer_.start_after(exchange_->route->body_silence_max);
  }
}

void ServerConnection::begin_receiving(const RequestStart& start) {
  phase_ = Phase::receiving;
  if (exchange_->body_complete) return take_body_end();
  // Nobody waits for a "go on" who has gone on already.
  if (start.expectation == Expectation::continue_100 && parser_.unread().empty()) {
    out_.add_interim(continue_100);
    flush();
  }
}

// Only the first byte of a connection can begin another protocol.
bool ServerConnection::is_foreign(Bytes bytes) const {
  const auto& foreign = server_.routes.foreign;
  return foreign.handler && first_request_ && parser_.between_messages() &&
         bytes.front() == foreign.first_byte;
}

void ServerConnection::begin_handing_over(Bytes bytes) {
  phase_ = Phase::upgrading;
  keep_for_later(bytes);
  server_.loop.at_turn_end(*this);
}

void ServerConnection::on_turn_end() {
  if (phase_ != Phase::upgrading) return;
  stream_->start(nobody);
  Takeover takeover{std::move(stream_), std::move(pending_), server_.self, &server_.loop};
  if (!exchange_) {
    const auto peer = peer_;
    close();
    return server_.routes.foreign.handler(std::move(takeover), peer);
  }
  Request request = std::move(exchange_->request);
  const auto& handler = std::get<UpgradeHandler>(exchange_->route->handler);
  close();
  handler(std::move(request), std::move(takeover));
}

Responder ServerConnection::make_responder() {
  exchange_->responder = std::make_shared<Responder::Target*>(static_cast<Responder::Target*>(this));
  return Responder(exchange_->responder);
}

void ServerConnection::pause() {
  if (phase_ != Phase::receiving || flow_paused_) return;
  flow_paused_ = true;
  timer_.stop();
  pause_stream();
}

void ServerConnection::resume() {
  if (phase_ != Phase::receiving || !flow_paused_) return;
  flow_paused_ = false;
  if (exchange_->route->body_silence_max > Duration::zero())
    timer_.start_after(exchange_->route->body_silence_max);
  if (!inside_read_) read_pending();
}

void ServerConnection::answer_now(Response response) {
  if (phase_ == Phase::receiving) refuse(std::move(response));
}

// Answers

void ServerConnection::answer(Response&& response) {
  if (phase_ != Phase::handling) return;
  send_answer(std::move(response));
  if (!inside_read_) read_pending();
}

void ServerConnection::refuse(int status) {
  refuse(text_response(status, std::string(reason_of(status)) + "\n"));
}

void ServerConnection::refuse(Response&& response) {
  if (response.status >= 400 && response.status < 500) ++server_.counters.refused;
  send_answer(std::move(response));
}

// A request was too slow. Its connection is closed now: lingering would give it more time.
void ServerConnection::time_out() {
  ++server_.counters.timed_out;
  abort_sink();
  Response response = text_response(408, "Request Timeout\n");
  if (server_.routes.finish) server_.routes.finish(Request{}, response);
  if (out_.add(std::move(response), {.date = server_.date(), .keep_alive = false})) {
    std::ignore = out_.write_to(*stream_);
  }
  close();
}

void ServerConnection::send_answer(Response&& response) {
  timer_.stop();
  server_.waiting.leave(*this);
  abort_sink();
  if (server_.routes.finish) server_.routes.finish(exchange_ ? exchange_->request : Request{}, response);
  const bool keep_alive = exchange_ && exchange_->keep_alive && exchange_->body_complete && !response.close &&
                          !close_after_answer_ && !server_.stopping;
  AnswerSettings settings{.date = server_.date(), .keep_alive = keep_alive};
  if (exchange_) {
    settings.asked_in_http_1_0 = exchange_->http_1_0;
    settings.body = exchange_->body_on_wire;
  }
  if (!out_.add(std::move(response), settings)) {
    if (const auto more = server_.unwritable_answers.admit(server_.loop.now())) {
      log::error("http", "an answer holds a field that cannot be written; 500 was sent instead{}",
                 and_more(*more));
    }
    settings.keep_alive = false;
    out_.add(text_response(500, "Internal Server Error\n"), settings);
  }
  if (!settings.keep_alive) close_after_answer_ = true;
  phase_ = Phase::writing;
  timer_.start_after(server_.limits.write_time_max);
  flush();
  if (phase_ == Phase::writing)
    bytes_counted_ = out_.written_bytes();  // what the kernel took at once is no progress
}

void ServerConnection::flush() {
  const auto all_written = out_.write_to(*stream_);
  if (!all_written) return close();
  if (!*all_written) return stream_->await_writable();
  if (phase_ == Phase::writing) end_answer();
}

void ServerConnection::end_answer() {
  timer_.stop();
  drop_exchange();
  if (close_after_answer_) {
    linger();
  } else {
    wait_for_head();
  }
}

// The answer is with the kernel. Closing now, with input still unread, would send a reset that makes the
// peer's kernel throw the answer away; so the peer is given a moment to read it and to close.
void ServerConnection::linger() {
  pending_ = ByteVector();
  stream_->shutdown_write();
  if (peer_ended_) return close();
  phase_ = Phase::lingering;
  bytes_counted_ = 0;
  timer_.start_after(server_.limits.linger_time_max);
  server_.waiting.enter(*this, peer_);
  if (phase_ == Phase::lingering) resume_stream();
}

void ServerConnection::drop_exchange() {
  if (!exchange_) return;
  abort_sink();
  if (exchange_->responder) *exchange_->responder = nullptr;
  server_.loop.dispose(std::move(exchange_));
}

void ServerConnection::abort_sink() {
  if (!exchange_ || !exchange_->sink || exchange_->body_complete || exchange_->sink_aborted) return;
  exchange_->sink_aborted = true;
  exchange_->sink->on_body_aborted();
}

void ServerConnection::pause_stream() {
  if (!std::exchange(stream_paused_, true)) stream_->pause_reading();
}

void ServerConnection::resume_stream() {
  if (std::exchange(stream_paused_, false)) stream_->resume_reading();
}

}  // namespace crosspoint::http
