// Threads, delivery and what is made from the options.
#include "wamp/client/io/public_client.h"

#include <fmt/core.h>

#include <fstream>
#include <iterator>
#include <utility>

#include "base/assert.h"
#include "wamp/uri.h"

namespace crosspoint {
namespace {

using wamp::client::Inbox;

Result<std::unique_ptr<net::TlsContext>, std::string> trust(const std::string& file) {
  if (file.empty()) return net::TlsContext::client();
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return fail(fmt::format("the file {} cannot be read", file));
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  auto context = net::TlsContext::client(text);
  if (!context) return fail(fmt::format("the file {} {}", file, context.error()));
  return context;
}

Result<std::optional<http::Proxy>, std::string> proxy(const std::string& text) {
  if (text.empty()) return std::nullopt;
  auto parsed = http::parse_proxy(text);
  if (!parsed) return fail(std::move(parsed.error()));
  return std::move(*parsed);
}

Result<wamp::client::Login, std::string> login(const WampClient::Options& options) {
  if (!options.ticket.empty() + !options.secret.empty() + !options.key.empty() > 1)
    return fail(std::string("ticket, secret and key exclude each other"));
  wamp::client::Login login;
  login.authid = options.authid;
  if (!options.ticket.empty()) login.ticket.emplace(options.ticket);
  if (!options.secret.empty()) login.secret.emplace(options.secret);
  if (!options.key.empty()) {
    auto key = wamp::client::read_login_key(options.key);
    if (!key) return fail("key: what is given " + key.error());
    login.key = std::move(*key);
  }
  return login;
}

data::Format format_of(WampClient::Serializer serializer) {
  switch (serializer) {
    case WampClient::Serializer::json: return data::Format::json;
    case WampClient::Serializer::msgpack: return data::Format::msgpack;
    case WampClient::Serializer::cbor: return data::Format::cbor;
  }
  return data::Format::cbor;
}

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

namespace wamp::client {

crosspoint::Result<ProgramPlan, std::string> plan(const WampClient::Options& options) {
  ProgramPlan plan;
  auto place = parse_place(options.url);
  if (!place) return fail("url: " + place.error());
  if (!is_uri(options.realm, UriCheck::loose)) return fail(std::string("realm: that is no name of a realm"));
  auto who = login(options);
  if (!who) return fail(std::move(who.error()));
  auto tls = trust(options.ca_file);
  if (!tls) return fail(std::move(tls.error()));
  auto http = proxy(options.http_proxy);
  if (!http) return fail("http_proxy: " + http.error());
  auto https = proxy(options.https_proxy);
  if (!https) return fail("https_proxy: " + https.error());
  plan.tls = std::move(*tls);
  auto& transport = plan.link.transport;
  transport.place = std::move(*place);
  transport.format = format_of(options.serializer);
  transport.tls = plan.tls.get();
  transport.proxies = {std::move(*http), std::move(*https), options.no_proxy};
  transport.fields.add("User-Agent", options.user_agent);
  transport.message_bytes_max = options.message_bytes_max;
  plan.link.waiting_bytes_max = options.send_bytes_max;
  auto& session = plan.link.agent.session;
  session.realm = options.realm;
  session.agent = options.user_agent;
  session.login = std::move(*who);
  session.limits.bytes_max = options.message_bytes_max;
  return plan;
}

}  // namespace wamp::client

void WampClient::Door::order(Order order) {
  const std::lock_guard lock(mutex_);
  if (client_ != nullptr) client_->order(std::move(order));
}

void WampClient::Door::deliver(Inbox::Kind kind, std::function<void()> run) {
  const std::lock_guard lock(mutex_);
  if (client_ != nullptr) client_->deliver(kind, 0, std::move(run));
}

WampClient::Implementation::Implementation(Options options, wamp::client::ProgramPlan plan)
    : options_(std::move(options)),
      format_(plan.link.transport.format),
      inbox_(options_.events_max, options_.event_bytes_max),
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
  std::deque<Door::Order> orders;
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
    orders.swap(orders_);
    inbox_.keep_answers();
  }
  orders.clear();
  calls_.clear();
  publications_.clear();
  wishes_.clear();
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (delivery_thread_.joinable()) return delivery_thread_.join();
  deliver_all();
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

void WampClient::Implementation::carry_out() {
  std::deque<Door::Order> orders;
  {
    const std::lock_guard lock(mutex_);
    orders.swap(orders_);
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

void WampClient::Implementation::deliver_all() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return work_or_end(); });
    auto item = inbox_.pop();
    if (!item) return;
    lock.unlock();
    item->run();
    item.reset();
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
    item->run();
    item.reset();
    lock.lock();
  }
  return calls;
}

WampClient::Status WampClient::Implementation::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

bool WampClient::Implementation::wait_until_joined(std::chrono::milliseconds limit) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit,
                    [this] { return status_.state == State::joined || status_.state == State::closed; });
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
  });
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
