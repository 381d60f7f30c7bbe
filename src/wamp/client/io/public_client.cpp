// Threads, and what is delivered in them.
#include "wamp/client/io/public_client.h"

#include <fmt/core.h>

#include <utility>

#include "base/assert.h"

namespace crosspoint {
namespace {

using wamp::client::Inbox;

// What an order costs beside its bytes, so that empty ones are bounded too.
constexpr std::size_t order_overhead_bytes = 256;

// Whose callback this thread runs.
thread_local void* of_running = nullptr;

WampClient::State state_of(wamp::client::LinkState state) {
  switch (state) {
    case wamp::client::LinkState::idle:
    case wamp::client::LinkState::connecting: return WampClient::State::connecting;
    case wamp::client::LinkState::joined: return WampClient::State::joined;
    case wamp::client::LinkState::waiting:
    case wamp::client::LinkState::leaving: return WampClient::State::waiting;
    case wamp::client::LinkState::closed: return WampClient::State::closed;
  }
  return WampClient::State::closed;
}

}  // namespace

void WampClient::Door::order(Order order) {
  const std::lock_guard lock(mutex_);
  if (client_ != nullptr) client_->order(std::move(order));
}

WampClient::Implementation::Implementation(Options options, wamp::client::ProgramPlan plan)
    : options_(std::move(options)),
      format_(plan.link.transport.format),
      inbox_({options_.events_max, options_.event_bytes_max, options_.call_bytes_max}),
      tls_(std::move(plan.tls)),
      link_(loop_, network_, random_, std::move(plan.link), *this) {
  loop_.post([this] { link_.start(); });
  network_thread_ = std::thread([this] { loop_.run(); });
  if (options_.delivery == Delivery::own_thread) delivery_thread_ = std::thread([this] { deliver_all(); });
}

// First the network ends, then what is left unanswered is answered, then whoever waited for that runs.
void WampClient::Implementation::end() {
  CROSSPOINT_ASSERT(std::this_thread::get_id() != delivery_thread_.get_id());
  close();
  network_thread_.join();
  door_->shut();
  fail_everything();
  {
    const std::lock_guard lock(mutex_);
    inbox_.keep_answers();
    ending_ = true;
  }
  changed_.notify_all();
  if (delivery_thread_.joinable()) return delivery_thread_.join();
  deliver_all();
}

void WampClient::Implementation::on_closed() {
  fail_everything();
  loop_.stop();
}

// Promises are kept by their destruction.
void WampClient::Implementation::fail_everything() {
  std::deque<Door::Order> orders;
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
    orders.swap(orders_);
  }
  orders.clear();
  calls_.clear();
  publications_.clear();
  wishes_.clear();
  withdrawals_.clear();
  testaments_.clear();
  flush_calls_.clear();
}

// An order that comes too late goes with this call, outside the lock: its promise is kept by its destruction.
void WampClient::Implementation::order(Door::Order order) {
  {
    const std::lock_guard lock(mutex_);
    if (over_) return;
    orders_.push_back(std::move(order));
    if (orders_.size() > 1) return;
  }
  loop_.post([this] { carry_out(); });
}

bool WampClient::Implementation::has_room_for_order(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  if (ordered_bytes_ > 0 && ordered_bytes_ + bytes > options_.send_bytes_max) return false;
  ordered_bytes_ += bytes + order_overhead_bytes;
  return true;
}

void WampClient::Implementation::carry_out() {
  std::deque<Door::Order> orders;
  {
    const std::lock_guard lock(mutex_);
    orders.swap(orders_);
    ordered_bytes_ = 0;
  }
  for (auto& order: orders) order(*this);
}

void WampClient::Implementation::deliver(Inbox::Kind kind, std::size_t bytes, std::function<void()> run) {
  {
    const std::lock_guard lock(mutex_);
    if (over_ && kind != Inbox::Kind::answer) return;
    status_.events_lost += inbox_.push({kind, bytes, std::move(run)});
  }
  changed_.notify_all();
}

bool WampClient::Implementation::has_room_for(std::size_t bytes) const {
  const std::lock_guard lock(mutex_);
  return inbox_.has_room_for(bytes);
}

void WampClient::Implementation::deliver_all() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return work_or_end(); });
    auto item = inbox_.pop();
    if (!item) return;
    lock.unlock();
    run(std::move(*item));
    lock.lock();
  }
}

std::size_t WampClient::Implementation::poll(std::chrono::milliseconds limit) {
  if (options_.delivery != Delivery::pumped) return 0;
  std::size_t calls = 0;
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit, [this] { return work_or_end(); });
  // What comes while this runs waits for the next call.
  for (auto left = inbox_.items(); left > 0 && !inbox_.empty(); --left, ++calls) {
    auto item = inbox_.pop();
    lock.unlock();
    run(std::move(*item));
    lock.lock();
  }
  return calls;
}

// The program's code: it may throw, although ours does not.
void WampClient::Implementation::run(Inbox::Item item) {
  void* const before = std::exchange(of_running, this);
  try {
    item.run();
  } catch (...) {
    note_exception(wamp::client::words_of_current_exception());
  }
  of_running = before;
}

WampClient::Implementation* WampClient::Implementation::running() {
  return static_cast<Implementation*>(of_running);
}

void WampClient::Implementation::note_exception(const std::string& what) {
  {
    const std::lock_guard lock(mutex_);
    ++status_.exceptions;
  }
  if (!options_.on_exception) return;
  try {
    options_.on_exception(what);
  } catch (...) {  // it was told that one was thrown: there is nobody else to tell
    const std::lock_guard lock(mutex_);
    ++status_.exceptions;
  }
}

WampClient::Status WampClient::Implementation::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

bool WampClient::Implementation::wait_until_joined(std::chrono::milliseconds limit) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit, [this] {
    return status_.state == State::joined || status_.state == State::closed ||
           (status_.state == State::waiting && status_.refused);
  });
  return status_.state == State::joined;
}

void WampClient::Implementation::close() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(closing_, true)) return;
  }
  order([](Implementation& client) { client.link_.leave(); });
}

void WampClient::Implementation::change_status(const std::function<void(Status&)>& change) {
  Status status;
  {
    const std::lock_guard lock(mutex_);
    change(status_);
    status = status_;
  }
  changed_.notify_all();
  if (options_.on_state) deliver(Inbox::Kind::state, 0, [this, status] { options_.on_state(status); });
}

void WampClient::Implementation::on_link_changed() {
  const auto& link = link_.status();
  if (link.state == wamp::client::LinkState::joined) return;  // told with who it is
  change_status([&](Status& status) {
    status.state = state_of(link.state);
    status.attempts = link.attempts;
    status.sessions = link.joins;
    status.last_error = link.last_error;
    status.refused = link.refused;
  });
}

// Whatever the program makes of it, the router gets an answer, or the attempt ends.
void WampClient::Implementation::on_challenge(std::string_view method, Bytes extra) {
  WampChallenge challenge{std::string(method), wamp::client::values_of({format_, {}, extra}).kwargs};
  deliver(Inbox::Kind::bulletin, 0, [this, challenge = std::move(challenge)] {
    std::optional<WampChallengeAnswer> answer;
    try {
      answer = options_.on_challenge(challenge);
    } catch (...) {
      note_exception(wamp::client::words_of_current_exception());
    }
    order([answer = std::move(answer), format = format_](Implementation& client) {
      auto& agent = client.link_.agent();
      if (!answer) return agent.decline("the program did not answer the router's challenge");
      agent.authenticate(answer->signature, wamp::client::spell(format, {}, answer->extra).view().kwargs);
    });
  });
}

void WampClient::Implementation::on_joined(const wamp::client::Joined& joined) {
  const auto& link = link_.status();
  change_status([&](Status& status) {
    status.state = State::joined;
    status.attempts = link.attempts;
    status.sessions = link.joins;
    status.session = wamp::number(joined.session);
    status.realm = joined.realm;
    status.authid = joined.authid;
    status.authrole = joined.authrole;
    status.authmethod = joined.authmethod;
    status.authprovider = joined.authprovider;
    const auto extra = wamp::client::to_public(joined.authextra);
    status.authextra = extra.map() == nullptr ? Map() : *extra.map();
  });
  for (auto& [number, testament]: testaments_) say_testament(number, testament);
  if (options_.on_joined)
    deliver(Inbox::Kind::bulletin, 0, [this, told = status()] { options_.on_joined(told); });
}

std::unique_ptr<WampClient> WampClient::open(Options options, std::string& problem) {
  auto made = wamp::client::plan(options);
  if (!made) {
    problem = std::move(made.error());
    return nullptr;
  }
  problem.clear();
  return std::unique_ptr<WampClient>(
      new WampClient(std::make_unique<Implementation>(std::move(options), std::move(*made))));
}

WampClient::WampClient(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}
WampClient::~WampClient() { implementation_->end(); }
WampClient::Status WampClient::status() const { return implementation_->status(); }
bool WampClient::wait_until_joined(std::chrono::milliseconds limit) const {
  return implementation_->wait_until_joined(limit);
}
std::size_t WampClient::poll(std::chrono::milliseconds limit) { return implementation_->poll(limit); }
void WampClient::close() { implementation_->close(); }

}  // namespace crosspoint
