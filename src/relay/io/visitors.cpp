#include "relay/io/visitors.h"

#include <utility>

#include "relay/io/gateway.h"

namespace crosspoint::relay {
namespace {

// An echo's peer that does not read is not read from.
constexpr std::size_t echo_waiting_bytes_max = 4 * 1024 * 1024;
constexpr std::size_t report_waiting_bytes_max = 1024 * 1024;
// Nobody reads faster; clients of the old relay ask every few seconds.
constexpr Duration answer_interval_min = 20ms;

}  // namespace

StatsSession::StatsSession(Gateway& gateway, std::unique_ptr<net::Stream> stream, Random& random)
    : gateway_(gateway),
      socket_(gateway.loop(), std::move(stream), websocket::Role::server, gateway.stats_limits(), random,
              *this),
      self_(std::make_shared<StatsSession*>(this)),
      timer_(gateway.loop(), [this] { answer_if_due(); }) {}

StatsSession::~StatsSession() { *self_ = nullptr; }

void StatsSession::on_message(websocket::MessageType, Bytes) {
  if (!admit_question()) return socket_.close(websocket::CloseCode::policy_violation, "too many questions");
  asked_ = true;
  answer_if_due();
}

bool StatsSession::admit_question() {
  const auto now = gateway_.loop().now();
  if (now - counting_since_ >= 1s) {
    counting_since_ = now;
    questions_ = 0;
  }
  return ++questions_ <= questions_per_second_max;
}

void StatsSession::answer_if_due() {
  if (!asked_ || gathering_) return;
  const auto now = gateway_.loop().now();
  if (now < next_report_) return timer_.start_at(next_report_);
  // Turns have ended since the last report, so what is left of it waits for the peer: on_drained() follows.
  if (socket_.unwritten_bytes() > report_waiting_bytes_max) return;
  asked_ = false;
  gathering_ = true;
  next_report_ = now + answer_interval_min;
  gateway_.report_all([self = self_](std::vector<ClientReport> reports) {
    if (*self != nullptr) (*self)->take_reports(std::move(reports));
  });
}

void StatsSession::take_reports(std::vector<ClientReport> reports) {
  gathering_ = false;
  const auto now = gateway_.loop().now();
  for (const auto& report: reports) {
    if (report.came_with_code) continue;  // for those who may ask the access service
    socket_.send(websocket::MessageType::text, as_bytes(to_json(report, now, gateway_.process_start())));
  }
  answer_if_due();
}

void StatsSession::on_closed(const websocket::CloseReason&, const std::optional<websocket::CloseReason>&) {
  gateway_.on_visitor_over(*this);
}

EchoSession::EchoSession(Gateway& gateway, std::unique_ptr<net::Stream> stream,
                         const websocket::SocketLimits& limits, Random& random,
                         const websocket::DeflateAgreement* deflate)
    : gateway_(gateway),
      socket_(gateway.loop(), std::move(stream), websocket::Role::server, limits, random, *this, deflate) {}

void EchoSession::on_message(websocket::MessageType type, Bytes payload) {
  socket_.send(type, payload);
  if (socket_.unwritten_bytes() > echo_waiting_bytes_max) socket_.pause_reading();
}

void EchoSession::on_closed(const websocket::CloseReason&, const std::optional<websocket::CloseReason>&) {
  gateway_.on_visitor_over(*this);
}

}  // namespace crosspoint::relay
