#include "wamp/io/long_poll_transport.h"

#include <algorithm>
#include <utility>

namespace crosspoint::wamp {
namespace {

http::Response nothing_came() {
  http::Response response;
  response.status = 204;
  response.fields.add("Cache-Control", "no-store");
  return response;
}

}  // namespace

LongPollTransport::LongPollTransport(TransportHome& home, TransportOwner& owner,
                                     const LongPollSettings& settings, const Subprotocol& subprotocol,
                                     batch::Separator separator, TransportFacts facts,
                                     std::function<void()> on_over)
    : Deadline(home.loop),
      home_(home),
      owner_(owner),
      settings_(settings),
      subprotocol_(subprotocol),
      separator_(separator),
      on_over_(std::move(on_over)),
      own_deadline_(home.loop.now() + settings.away_time_max),
      session_(home.settings.session, home.lobby, *this, std::move(facts), home.now()) {
  watch_deadlines();
}

LongPollTransport::~LongPollTransport() = default;

bool LongPollTransport::take(Bytes body) {
  if (closing_) return !violated_;
  if (subprotocol_.batched) {
    take_batch(body);
  } else {
    home_.note_message();
    session_.on_message(body, home_.now());
  }
  watch_deadlines();
  return !violated_;
}

void LongPollTransport::take_batch(Bytes batch) {
  batch::Reader reader(format(), batch, home_.settings.batch_messages_max);
  while (!closing_ && slow_ == Slow::no) {
    const auto message = reader.next();
    if (message && !*message) return;
    home_.note_message();
    if (!message) return session_.on_garbage(std::string(batch::sentence_of(message.error())), home_.now());
    separator_ = reader.separator().value_or(separator_);
    session_.on_message(**message, home_.now());
  }
}

void LongPollTransport::receive(LongPollReply reply, std::function<void()> lost) {
  if (receive_) receive_->answer(nothing_came());
  receive_.reset();
  receive_.emplace(std::move(reply));
  lost_ = std::move(lost);
  if (!closing_) own_deadline_ = loop().now() + settings_.receive_time_max;
  loop().at_turn_end(*this);
}

void LongPollTransport::close_by_client() {
  if (receive_) receive_->answer(nothing_came());
  receive_.reset();
  finish();
}

void LongPollTransport::shut_down() {
  shutting_down_ = true;
  session_.shut_down(home_.now());
  watch_deadlines();
}

// One message may be longer than the bound, when nothing else waits.
bool LongPollTransport::full(std::size_t more) const {
  return waiting_.size() >= settings_.waiting_messages_max ||
         (!waiting_.empty() && waiting_bytes_ + more > settings_.waiting_bytes_max);
}

bool LongPollTransport::has_room_for(std::size_t bytes) {
  if (!full(bytes)) return true;
  drop_events(settings_.waiting_bytes_max / 8, settings_.waiting_messages_max / 8, MonotonicTime::min());
  return !full(bytes);
}

// The oldest that may go: so many messages, or so many bytes, whichever is more; and all that are older.
void LongPollTransport::drop_events(std::size_t bytes, std::size_t messages, MonotonicTime before) {
  std::size_t gone = 0, gone_bytes = 0;
  std::erase_if(waiting_, [&](const Waiting& each) {
    const bool wanted = gone < messages || gone_bytes < bytes || each.since < before;
    if (each.keep == fanout::Keep::always || !wanted) return false;
    ++gone;
    gone_bytes += each.bytes().size();
    return true;
  });
  waiting_bytes_ -= gone_bytes;
  home_.counters.events_dropped += gone;
}

bool LongPollTransport::behind() const {
  return !waiting_.empty() && loop().now() >= waiting_.front().since + home_.settings.waiting_age_max;
}

void LongPollTransport::add(Waiting waiting) {
  waiting.since = loop().now();
  waiting_bytes_ += waiting.bytes().size();
  waiting_.push_back(std::move(waiting));
  loop().at_turn_end(*this);
}

void LongPollTransport::give_up() {
  slow_ = Slow::found;
  loop().at_turn_end(*this);
}

void LongPollTransport::send(Bytes message) {
  if (slow_ == Slow::found || closing_) return;
  if (slow_ == Slow::no && !has_room_for(message.size())) return give_up();
  ++home_.counters.messages_out;
  Waiting waiting;
  if (subprotocol_.batched) {
    const batch::Envelope envelope(format(), separator_, message.size());
    append(waiting.own, envelope.before());
    append(waiting.own, message);
    append(waiting.own, envelope.after());
  } else {
    waiting.own = to_vector(message);
  }
  add(std::move(waiting));
}

void LongPollTransport::send_frame(const Span& frame, fanout::Keep keep) {
  if (slow_ != Slow::no || closing_) return;
  if (!has_room_for(frame.size())) {
    if (keep == fanout::Keep::always) return give_up();
    ++home_.counters.events_dropped;
    return;
  }
  ++home_.counters.events_out;
  add({.shared = content_of(frame), .keep = keep});
}

void LongPollTransport::close(Farewell why) {
  if (closing_) return;
  closing_ = true;
  violated_ = why == Farewell::protocol_violation;
  if (violated_) ++home_.counters.violations;
  awaits_close_ = !shutting_down_ && (why == Farewell::done || why == Farewell::refused);
  own_deadline_ = std::min(own_deadline_, loop().now() + settings_.ended_time_max);
  loop().at_turn_end(*this);
}

void LongPollTransport::on_turn_end() {
  if (over_) return;
  if (slow_ == Slow::found && !closing_) end_too_slow();
  answer_receive();
  if (closing_ && waiting_.empty() && !(awaits_close_ && !receive_)) return finish();
  watch_deadlines();
}

// What waits is thrown away, but for GOODBYE, which waits for the next request.
void LongPollTransport::end_too_slow() {
  slow_ = Slow::told;
  ++home_.counters.closed_too_slow;
  waiting_.clear();
  waiting_bytes_ = 0;
  session_.on_too_slow(home_.now());
}

void LongPollTransport::answer_receive() {
  if (!receive_ || waiting_.empty()) return;
  auto reply = std::move(*receive_);
  receive_.reset();
  if (!closing_) own_deadline_ = loop().now() + settings_.away_time_max;
  reply.answer(next_content(), std::exchange(lost_, nullptr));
}

// A message; or as much of what waits as a batch holds.
http::Response LongPollTransport::next_content() {
  http::Response response;
  response.fields.add("Content-Type", long_poll::media_type_of(format()));
  response.fields.add("Cache-Control", "no-store");
  do {
    const auto bytes = waiting_.front().bytes();
    response.body.append(as_text(bytes));
    waiting_bytes_ -= bytes.size();
    waiting_.pop_front();
  } while (subprotocol_.batched && !waiting_.empty() &&
           response.body.size() + waiting_.front().bytes().size() <= home_.settings.batch_bytes_max);
  return response;
}

void LongPollTransport::finish() {
  if (std::exchange(over_, true)) return;
  closing_ = true;
  stop();
  if (receive_) receive_->answer(http::text_response(404, "This transport is closed.\n"));
  receive_.reset();
  session_.on_lost(home_.now());
  on_over_();
  owner_.on_transport_over(*this);
}

void LongPollTransport::on_due() {
  if (loop().now() >= own_deadline_) {
    if (!receive_ || closing_) return finish();
    receive_->answer(nothing_came());
    receive_.reset();
    own_deadline_ = loop().now() + settings_.away_time_max;
  }
  if (!closing_ && behind()) {
    drop_events(0, 0, home_.settings.old_before(loop().now()));
    if (behind()) end_too_slow();
  }
  session_.on_time(home_.now());
  watch_deadlines();
}

void LongPollTransport::watch_deadlines() {
  if (over_) return;
  auto next = own_deadline_;
  if (const auto of_session = session_.deadline()) next = std::min(next, *of_session);
  if (!closing_ && !waiting_.empty())
    next = std::min(next, waiting_.front().since + home_.settings.waiting_age_max);
  if (!running() || due() != next) start_at(next);
}

}  // namespace crosspoint::wamp
