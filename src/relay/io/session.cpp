#include "relay/io/session.h"

#include <utility>

#include "base/log.h"
#include "relay/crossbar_token.h"

namespace crosspoint::relay {

struct Session::Unauthorised {
  const TokenCheck& check;
  std::string route;
  std::optional<LateJoin> late_join;
  bool receives;
  std::unique_ptr<net::Timer> expiry;
};

Session::Session(net::Loop& loop, std::unique_ptr<net::Stream> stream, const websocket::SocketLimits& limits,
                 Random& random, SessionOrder order, SessionOwner& owner,
                 const websocket::DeflateAgreement* deflate)
    : id_(order.id),
      part_(order.path.part),
      owner_(owner),
      seat_(std::move(order.seat)),
      identity_(std::move(order.identity)),
      connected_(loop.now()),
      socket_(loop, std::move(stream), websocket::Role::server, limits, random, *this, deflate) {
  if (order.token_check != nullptr) {
    tokens_ = std::make_unique<Unauthorised>(Unauthorised{.check = *order.token_check,
                                                          .route = std::move(order.path.route),
                                                          .late_join = order.late_join,
                                                          .receives = order.receives,
                                                          .expiry = nullptr});
  } else {
    take_place(order.late_join, order.receives);
  }
}

Session::~Session() = default;

void Session::start(Bytes handshake, ByteVector early) { socket_.start(handshake, std::move(early)); }

void Session::take_place(std::optional<LateJoin> late_join, bool receives) {
  const auto now = socket_.loop().now();
  if (const auto* presence = std::get_if<Presence>(&seat_)) {
    Topic& topic = presence->topic();
    member_.emplace(topic.audience(), socket_.outbox(), static_cast<fanout::MemberEvents&>(*this), id_,
                    receives, topic.start_for(late_join, now));
    if (!topic.turn_is_over()) presence->touch();
    return;
  }
  TopicCopy& copy = std::get<std::unique_ptr<CopySeat>>(seat_)->copy();
  member_.emplace(copy.audience(), socket_.outbox(), static_cast<fanout::MemberEvents&>(*this), id_, receives,
                  copy.start_for(late_join, now));
  copy.catch_up(now);
}

void Session::on_message(websocket::MessageType type, Bytes payload) {
  if (tokens_ && !member_) return present_token(payload);
  if (part_ == Part::receiver) return;  // read and thrown away: receivers only listen
  publish(type, payload);
}

void Session::publish(websocket::MessageType type, Bytes payload) {
  const auto* presence = std::get_if<Presence>(&seat_);
  if (presence == nullptr) return;  // copies hold receivers only
  const auto now = socket_.loop().now();
  if (!sent_) sent_ = std::make_unique<Traffic>();
  ++sent_->messages;
  sent_->bytes += payload.size();
  sent_->last = now;
  presence->topic().publish(type, payload, id_, now);
  presence->touch();
}

void Session::present_token(Bytes payload) {
  const auto token = as_text(payload);
  const auto grant = check_crossbar_token(token, tokens_->check.secret, tokens_->check.audience_prefix,
                                          tokens_->route, socket_.loop().wall_now());
  const auto echoed = token.substr(0, crossbar_token_bytes_max);
  const auto answer =
      crossbar_answer(tokens_->route, echoed, grant.has_value(), grant ? "ok" : grant.error());
  socket_.send(websocket::MessageType::text, as_bytes(answer));
  if (!grant) return socket_.close(websocket::CloseCode::policy_violation, "the token was refused");
  take_place(tokens_->late_join, tokens_->receives);
  // When it runs out the connection stays, as it always did, but is as before the token: a new one opens it
  // again.
  net::Loop& loop = socket_.loop();
  tokens_->expiry = std::make_unique<net::Timer>(loop, [this] { member_.reset(); });
  tokens_->expiry->start_after(std::max<Duration>(grant->expires - loop.wall_now(), 0s));
}

void Session::on_overflow() {
  socket_.close(websocket::CloseCode::try_again_later, "too slow: messages would have been lost");
}

void Session::on_closed(const websocket::CloseReason&, const std::optional<websocket::CloseReason>&) {
  member_.reset();
  if (tokens_) tokens_->expiry.reset();
  owner_.on_session_over(*this);
}

const std::string& Session::topic_name() const {
  if (const auto* presence = std::get_if<Presence>(&seat_)) return presence->topic().name();
  return std::get<std::unique_ptr<CopySeat>>(seat_)->copy().name();
}

ClientReport Session::report(MonotonicTime now) const {
  ClientReport report;
  report.topic = topic_name();
  report.broadcaster = part_ != Part::receiver;
  report.connected = connected_;
  report.connected_wall = socket_.loop().wall_now() - (now - connected_);
  report.remote_address =
      identity_.forwarded_for ? *identity_.forwarded_for : net::to_string(socket_.peer_address());
  report.user_agent = identity_.user_agent.text();
  if (sent_) report.sent = *sent_;
  report.id = id_;
  report.waiting_bytes = socket_.unwritten_bytes();
  if (member_) {
    const auto& counters = member_->counters();
    report.delivered = {.messages = counters.frames, .bytes = counters.payload_bytes, .last = counters.last};
    report.dropped = counters.frames_dropped;
  }
  if (const auto* presence = std::get_if<Presence>(&seat_)) report.media = presence->topic().media_text(now);
  return report;
}

}  // namespace crosspoint::relay
