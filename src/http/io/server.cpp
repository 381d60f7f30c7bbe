#include "http/io/server.h"

#include <fmt/core.h>

#include <array>
#include <utility>

#include "http/io/server_connection.h"
#include "http/io/server_state.h"

namespace crosspoint::http {

const std::string_view answer_to_plain_http =
    "HTTP/1.1 400 Bad Request\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "Content-Length: 72\r\n"
    "Connection: close\r\n"
    "\r\n"
    "This port speaks TLS: the address begins with https:// (or with wss://)\n";

Responder::~Responder() {
  if (target_) respond(text_response(500, "Internal Server Error\n"));
}

Responder& Responder::operator=(Responder&& other) noexcept {
  Responder replaced(std::exchange(target_, std::move(other.target_)));
  return *this;
}

void Responder::respond(Response response) {
  const auto target = std::move(target_);
  if (target && *target != nullptr) (*target)->answer(std::move(response));
}

net::Loop& Responder::loop() const { return (*target_)->loop(); }
bool Responder::abandoned() const { return !target_ || *target_ == nullptr; }

void Takeover::refuse(Response response) {
  early_bytes = ByteVector();
  if (const auto home = std::exchange(server, {}).lock()) {
    home->take_back(std::move(stream), std::move(response));
  } else {
    stream.reset();
  }
}

ServerState::ServerState(net::Loop& on_loop, const Routes& with_routes, const ServerLimits& with_limits)
    : loop(on_loop),
      routes(with_routes),
      limits(with_limits),
      waiting({limits.waiting_connections_max, limits.waiting_connections_per_host_max}) {}

ServerState::~ServerState() {
  while (!connections_.empty()) connections_.front()->close();
  loop.destroy_disposed();  // sinks and handlers may refer to whoever owns this server
}

ServerState::Connections::iterator ServerState::add(std::unique_ptr<net::Stream> stream,
                                                    const net::Address& peer) {
  const auto place = connections_.insert(connections_.end(),
                                         std::make_unique<ServerConnection>(*this, std::move(stream), peer));
  (*place)->settle(place);
  ++counters.open;
  return place;
}

void ServerState::open(std::unique_ptr<net::Stream> stream, const net::Address& peer) {
  if (stopping) return;
  ++counters.accepted;
  (*add(std::move(stream), peer))->start();
}

void ServerState::take_back(std::unique_ptr<net::Stream> stream, Response response) {
  if (!stream) return;
  const auto peer = stream->peer_address();
  (*add(std::move(stream), peer))->start_refusing(std::move(response));
}

void ServerState::retire(Connections::iterator place) {
  std::unique_ptr<net::Disposable> retired = std::move(*place);
  connections_.erase(place);
  --counters.open;
  loop.dispose(std::move(retired));
}

void ServerState::stop() {
  stopping = true;
  for (auto place = connections_.begin(); place != connections_.end();) {
    const auto next = std::next(place);  // stopping one may close it, and nothing else
    (*place)->stop();
    place = next;
  }
}

const std::string& ServerState::date() {
  const auto second = std::chrono::floor<std::chrono::seconds>(loop.wall_now());
  if (second == date_second_) return date_;
  constexpr std::array weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(second);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(second - day);
  date_second_ = second;
  date_ = fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                      weekdays[std::chrono::weekday(day).c_encoding()], unsigned(date.day()),
                      months[unsigned(date.month()) - 1], int(date.year()), time.hours().count(),
                      time.minutes().count(), time.seconds().count());
  return date_;
}

Server::Server(net::Loop& loop, const Routes& routes, const ServerLimits& limits)
    : state_(std::make_shared<ServerState>(loop, routes, limits)) {
  state_->self = state_;
}

Server::~Server() = default;

void Server::on_accept(std::unique_ptr<net::Stream> stream, const net::Address& peer) {
  state_->open(std::move(stream), peer);
}

void Server::stop() { state_->stop(); }

const ServerCounters& Server::counters() const { return state_->counters; }

}  // namespace crosspoint::http
