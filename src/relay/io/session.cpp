#include "relay/io/session.h"

#include <utility>

#include "base/log.h"
#include "relay/crossbar_token.h"
#include "relay/stats_command.h"

namespace crosspoint::relay {

struct Session::Unauthorised {
  const TokenCheck& check;
  std::string route;
  std::optional<LateJoin> late_join;
  bool receives;
  std::string refusal;  // of a token that came with the handshake: nothing more is heard
  std::unique_ptr<net::Timer> expiry;
};

struct Session::Papers {
  std::unique_ptr<Unauthorised> to_show;  // crossbar's, on open topics
  std::unique_ptr<Ticket> ticket;         // of a token topic
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
  if (order.ticket) {
    papers_ = std::make_unique<Papers>();
    papers_->ticket =
        std::make_unique<Ticket>(loop, std::move(order.ticket->grant), order.ticket->code,
                                 *order.ticket->bookings, *this, [this] { end_stay("token expired"); });
  }
  if (order.token_check != nullptr) {
    papers_ = std::make_unique<Papers>();
    papers_->to_show = std::make_unique<Unauthorised>(Unauthorised{.check = *order.token_check,
                                                                   .route = std::move(order.path.route),
                                                                   .late_join = order.late_join,
                                                                   .receives = order.receives,
                                                                   .refusal = {},
                                                                   .expiry = nullptr});
    if (!order.shown_token.empty()) judge_shown_token(order.shown_token);
  } else {
    take_place(order.late_join, order.receives);
  }
}

Session::~Session() = default;

Ticket* Session::ticket() const { return papers_ ? papers_->ticket.get() : nullptr; }

void Session::start(Bytes handshake, ByteVector early) {
  socket_.start(handshake, std::move(early));
  if (!papers_ || !papers_->to_show || papers_->to_show->refusal.empty()) return;
  socket_.close(websocket::CloseCode::policy_violation, papers_->to_show->refusal);
}

void Session::take_place(std::optional<LateJoin> late_join, bool receives) {
  const auto now = socket_.loop().now();
  if (const auto* presence = std::get_if<Presence>(&seat_)) {
    Topic& topic = presence->topic();
    // Who comes to send hears the other senders from now on, and is not shown what was sent before.
    const bool shown = part_ != Part::sender || late_join;
    member_.emplace(topic.audience(), socket_.outbox(), static_cast<fanout::MemberEvents&>(*this), id_,
                    receives, shown ? topic.start_for(late_join, now) : fanout::Start::next_frame);
    if (!topic.turn_is_over()) presence->touch();
    return;
  }
  TopicCopy& copy = std::get<std::unique_ptr<CopySeat>>(seat_)->copy();
  member_.emplace(copy.audience(), socket_.outbox(), static_cast<fanout::MemberEvents&>(*this), id_, receives,
                  copy.start_for(late_join, now));
  copy.catch_up(now);
}

void Session::on_message(websocket::MessageType type, Bytes payload) {
  if (papers_ && papers_->to_show && !papers_->to_show->refusal.empty()) return;
  if (papers_ && papers_->to_show && !member_) return present_token(payload);
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
  if (ticket() != nullptr && topic_name() == stats_topic) owner_.on_stats_message(payload);
}

void Session::present_token(Bytes payload) {
  const auto token = as_text(payload);
  const auto end = check(token);
  const auto echoed = token.substr(0, crossbar_token_bytes_max);
  const auto answer =
      crossbar_answer(papers_->to_show->route, echoed, end.has_value(), end ? "ok" : end.error());
  socket_.send(websocket::MessageType::text, as_bytes(answer));
  if (!end) return socket_.close(websocket::CloseCode::policy_violation, "the token was refused");
  take_place(papers_->to_show->late_join, papers_->to_show->receives);
  // When it runs out the connection stays, as it always did, but is as before the token: a new one opens it
  // again.
  when_token_ends(*end, [this] { member_.reset(); });
}

void Session::judge_shown_token(std::string_view token) {
  const auto end = check(token);
  if (!end) {
    papers_->to_show->refusal = end.error();
    return;
  }
  take_place(papers_->to_show->late_join, papers_->to_show->receives);
  // Whoever showed it so cannot be expected to send another as a message.
  when_token_ends(*end, [this] { end_stay("token expired"); });
}

Result<WallTime, std::string> Session::check(std::string_view token) const {
  const Unauthorised& client = *papers_->to_show;
  const auto grant = check_crossbar_token(token, client.check.secret, client.check.audience_prefix,
                                          client.route, socket_.loop().wall_now());
  if (!grant) return fail(grant.error());
  return grant->expires;
}

void Session::when_token_ends(WallTime end, std::function<void()> what) {
  net::Loop& loop = socket_.loop();
  papers_->to_show->expiry = std::make_unique<net::Timer>(loop, std::move(what));
  papers_->to_show->expiry->start_after(std::max<Duration>(end - loop.wall_now(), 0s));
}

void Session::end_stay(std::string_view reason) {
  if (Ticket* held = ticket()) held->void_it();
  leave_topic();
  socket_.outbox().drop_unwritten();
  socket_.close(websocket::CloseCode::policy_violation, reason);
}

void Session::leave_topic() {
  if (!std::exchange(has_left_, true)) owner_.on_session_leaving(*this);
  member_.reset();
}

void Session::on_overflow() {
  socket_.close(websocket::CloseCode::try_again_later, "too slow: messages would have been lost");
}

void Session::on_closed(const websocket::CloseReason&, const std::optional<websocket::CloseReason>&) {
  leave_topic();
  if (papers_ && papers_->to_show) papers_->to_show->expiry.reset();
  if (Ticket* held = ticket()) held->void_it();
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
  if (const Ticket* held = ticket()) {
    report.receives = held->grant().may_read();
    report.came_with_code = true;
    report.scopes = held->grant().scopes;
    report.expires = held->grant().expires;
    report.booking = held->grant().booking;
  }
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

void Session::add_to(LoopReport& report) const {
  if (sent_) {
    report.messages_in += sent_->messages;
    report.bytes_in += sent_->bytes;
  }
  report.waiting_bytes += socket_.unwritten_bytes();
  if (!member_) return;
  report.messages_out += member_->counters().frames;
  report.bytes_out += member_->counters().payload_bytes;
  report.dropped += member_->counters().frames_dropped;
}

void Session::add_to(TopicReport& report) const {
  ++(part_ == Part::receiver ? report.viewers : report.senders);
  report.token = report.token || ticket() != nullptr;
}

}  // namespace crosspoint::relay
