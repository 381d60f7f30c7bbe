#include "wamp/client/io/link.h"

#include <utility>

#include "base/assert.h"

namespace crosspoint::wamp::client {

Link::Link(net::Loop& loop, net::Network& network, Random& random, LinkSettings settings, LinkEvents& events)
    : loop_(loop),
      network_(network),
      random_(random),
      settings_(std::move(settings)),
      events_(events),
      backoff_(settings_.backoff, random),
      timer_(loop, [this] { on_timer(); }),
      agent_timer_(loop,
                   [this] {
                     agent_.on_time(loop_.now());
                     watch_deadline();
                   }),
      agent_(settings_.agent, *this) {}

// A transport that was disposed of refers to the settings.
Link::~Link() {
  transport_.reset();
  loop_.destroy_disposed();
}

void Link::enter(LinkState state) {
  status_.state = state;
  events_.on_link_changed();
}

void Link::start() {
  CROSSPOINT_ASSERT(status_.state == LinkState::idle);
  attempt();
}

void Link::attempt() {
  was_joined_ = told_ending_ = false;
  ++status_.attempts;
  transport_ = connect(loop_, network_, random_, settings_.transport, *this);
  enter(LinkState::connecting);
}

bool Link::has_room_for(std::size_t bytes) const {
  const auto waiting = transport_->unwritten_bytes();
  return waiting == 0 || waiting + bytes <= settings_.waiting_bytes_max;
}

Channel Link::channel() {
  Channel channel{transport_->bindings()};
  random_.fill(channel.nonce);
  return channel;
}

void Link::on_open() {
  agent_.begin(*this, loop_.now());
  watch_deadline();
}

void Link::on_message(Bytes message) {
  agent_.on_message(message, loop_.now());
  watch_deadline();
}

void Link::on_joined(const Joined& joined) {
  was_joined_ = true;
  joined_at_ = loop_.now();
  ++status_.joins;
  if (status_.state == LinkState::connecting) enter(LinkState::joined);
  events_.on_joined(joined);
}

void Link::on_ended(const Ending& ending) {
  using Cause = Ending::Cause;
  told_ending_ = true;
  if (ending.cause != Cause::left) {
    status_.last_error = ending.sentence;
    status_.refused = ending.cause == Cause::refused;
  }
  if (status_.state == LinkState::joined) enter(LinkState::leaving);
  events_.on_ended(ending);
}

void Link::on_closed(std::string sentence) {
  if (agent_.in_session()) {
    agent_.on_lost(std::move(sentence));
  } else if (!told_ending_) {
    status_.last_error = std::move(sentence);
    status_.refused = false;
  }
  loop_.dispose(std::move(transport_));
  failures_ = was_joined_ ? 0 : failures_ + 1;
  if (settings_.attempts_max != 0 && failures_ >= settings_.attempts_max) leaving_for_good_ = true;
  if (leaving_for_good_) return conclude();
  const auto delay =
      was_joined_ ? backoff_.after_connection(loop_.now() - joined_at_) : backoff_.after_failure();
  timer_.start_after(delay);
  watch_deadline();
  enter(LinkState::waiting);
}

void Link::leave() {
  if (std::exchange(leaving_for_good_, true)) return;
  timer_.stop();
  if (agent_.in_session()) {
    enter(LinkState::leaving);
    agent_.leave(loop_.now());
    return watch_deadline();
  }
  if (transport_ && told_ending_) return enter(LinkState::leaving);  // it is closing already
  transport_.reset();  // it is still connecting: none of its events is on the stack
  conclude();
}

void Link::conclude() {
  enter(LinkState::closed);
  timer_.start_after(Duration::zero());
}

void Link::on_timer() {
  if (status_.state == LinkState::closed) return events_.on_closed();
  attempt();
}

void Link::watch_deadline() {
  const auto deadline = agent_.deadline();
  if (!deadline) {
    agent_timer_.stop();
  } else if (!agent_timer_.running() || agent_timer_.due() != *deadline) {
    agent_timer_.start_at(*deadline);
  }
}

}  // namespace crosspoint::wamp::client
