#include "relay/io/visitors.h"

#include <utility>

#include "relay/io/gateway.h"

namespace crosspoint::relay {
namespace {

// An echo's peer that does not read is not read from.
constexpr std::size_t echo_waiting_bytes_max = 4 * 1024 * 1024;
constexpr std::size_t report_waiting_bytes_max = 1024 * 1024;

}  // namespace

StatsSession::StatsSession(Gateway& gateway, std::unique_ptr<net::Stream> stream, Random& random)
    : gateway_(gateway),
      socket_(gateway.loop(), std::move(stream), websocket::Role::server, gateway.stats_limits(), random,
              *this),
      self_(std::make_shared<StatsSession*>(this)) {}

StatsSession::~StatsSession() { *self_ = nullptr; }

void StatsSession::on_message(websocket::MessageType, Bytes) {
  if (answering_) {
    asked_again_ = true;
  } else {
    answer();
  }
}

void StatsSession::answer() {
  answering_ = true;
  asked_again_ = false;
  gateway_.report_all([self = self_](std::vector<ClientReport> reports) {
    if (*self == nullptr) return;
    StatsSession& session = **self;
    session.answering_ = false;
    const auto now = session.gateway_.loop().now();
    if (session.socket_.unwritten_bytes() <= report_waiting_bytes_max) {
      for (const auto& report: reports) {
        if (report.came_with_code) continue;  // for those who may ask the access service
        session.socket_.send(websocket::MessageType::text,
                             as_bytes(to_json(report, now, session.gateway_.process_start())));
      }
    }
    if (session.asked_again_) session.answer();
  });
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
