// include/crosspoint/client.h, on top of ReconnectingSocket: one thread turns a loop that only the network is
// on, another one delivers. What they share is behind one lock; what the program asks goes to the loop by
// Loop::post.

#include <crosspoint/client.h>
#include <fmt/core.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/assert.h"
#include "base/utf8.h"
#include "client/inbox.h"
#include "client/io/library_options.h"
#include "client/io/reconnecting_socket.h"
#include "client/token_text.h"
#include "net/system_clock.h"
#include "net/system_files.h"
#include "net/system_loop.h"
#include "net/system_network.h"

namespace crosspoint {
namespace {

// What a message costs beside its bytes while it waits, so that empty ones are bounded too.
constexpr std::size_t message_overhead_bytes = 64;

// Everything that is made from the options before anything runs.
struct Plan {
  std::unique_ptr<const Files> files;  // of which the token may be one
  http::Url url;
  std::unique_ptr<client::TokenSource> token;
  std::unique_ptr<net::TlsContext> tls;
  client::Outbound outbound;
};

Result<std::unique_ptr<client::TokenSource>, std::string> token_source(const Files& files,
                                                                       const Client::Options& options) {
  if (!options.token.empty() && !options.token_file.empty())
    return fail(std::string("token and token_file exclude each other"));
  if (!options.token_file.empty()) return std::make_unique<client::TokenFile>(files, options.token_file);
  if (options.token.empty()) return nullptr;
  if (const auto checked = client::check_token(options.token); !checked)
    return fail("the token " + checked.error());
  return std::make_unique<client::FixedToken>(options.token);
}

Result<Plan, std::string> plan(const Client::Options& options) {
  auto files = std::make_unique<const net::SystemFiles>();
  auto url = http::parse_url(options.url);
  if (!url) return fail("url: " + url.error());
  auto token = token_source(*files, options);
  if (!token) return fail(std::move(token.error()));
  const bool is_websocket = url->scheme == "ws" || url->scheme == "wss";
  if (!is_websocket && *token == nullptr)
    return fail(std::string("url: an access service (http, https) needs a token"));
  auto tls = client::tls_of(*files, {options.ca_file});
  if (!tls) return fail(std::move(tls.error()));
  auto proxies = client::proxy_rules(options.http_proxy, options.https_proxy, options.no_proxy);
  if (!proxies) return fail(std::move(proxies.error()));
  Plan plan{.files = std::move(files),
            .url = std::move(*url),
            .token = std::move(*token),
            .tls = std::move(*tls),
            .outbound = {}};
  plan.outbound.tls = plan.tls.get();
  plan.outbound.proxies = std::move(*proxies);
  plan.outbound.user_agent = options.user_agent;
  return plan;
}

client::ReconnectingSocketSettings link_settings(const Client::Options& options,
                                                 const client::Outbound& outbound) {
  client::ReconnectingSocketSettings settings;
  settings.tls = outbound.tls;
  settings.proxies = outbound.proxies;
  settings.fields.add("User-Agent", outbound.user_agent);
  settings.limits.message_bytes_max = options.message_bytes_max;
  return settings;
}

Client::State state_of(client::LinkState state) {
  switch (state) {
    case client::LinkState::idle:
    case client::LinkState::connecting: return Client::State::connecting;
    case client::LinkState::connected: return Client::State::connected;
    case client::LinkState::waiting: return Client::State::waiting;
    case client::LinkState::closing:
    case client::LinkState::closed: return Client::State::closed;
  }
  return Client::State::closed;
}

}  // namespace

class Client::Implementation final : private client::ReconnectingSocketEvents {
 public:
  Implementation(Options options, Plan plan)
      : options_(std::move(options)),
        files_(std::move(plan.files)),
        tls_(std::move(plan.tls)),
        inbox_({options_.receive_messages_max, options_.receive_bytes_max}, options_.overflow),
        link_(loop_, network_, random_,
              client::make_address_source(loop_, network_, plan.outbound, std::move(plan.url),
                                          std::move(plan.token)),
              link_settings(options_, plan.outbound), *this) {
    loop_.post([this] { link_.start(); });
    network_thread_ = std::thread([this] { loop_.run(); });
    if (options_.delivery == Delivery::own_thread) delivery_thread_ = std::thread([this] { deliver(); });
  }

  ~Implementation() {
    CROSSPOINT_ASSERT(std::this_thread::get_id() != delivery_thread_.get_id());
    close();
    network_thread_.join();
    {
      const std::lock_guard lock(mutex_);
      abandoned_ = true;
    }
    changed_.notify_all();
    if (delivery_thread_.joinable()) delivery_thread_.join();
  }

  Sent send(Type type, std::string_view message);
  Status status() const {
    const std::lock_guard lock(mutex_);
    return status_;
  }
  bool wait_until_connected(std::chrono::milliseconds limit) const {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, limit,
                      [this] { return status_.state == State::connected || status_.state == State::closed; });
    return status_.state == State::connected;
  }
  std::size_t poll(std::chrono::milliseconds limit);
  void close() {
    if (!closing_.exchange(true)) loop_.post([this] { link_.close(websocket::CloseCode::normal); });
  }

 private:
  // Where a message belongs: to the connection that was there when it was sent.
  struct Outgoing {
    websocket::MessageType type;
    std::string payload;
    std::uint64_t connection;
    std::size_t cost;
  };

  // On the network's thread.
  void on_connected() override {}
  void on_message(websocket::MessageType type, Bytes payload) override;
  void on_link_changed() override;
  void on_closed() override { loop_.stop(); }
  void write(const Outgoing& outgoing);
  void measure() { unwritten_bytes_ = link_.queued_bytes(); }

  // On the program's, or the delivery thread.
  void deliver();
  void call(const client::Inbox::Item& item) const;
  bool work_or_end() const { return !inbox_.empty() || abandoned_; }

  const Options options_;
  const net::SystemClock clock_;
  net::SystemLoop loop_{clock_};
  net::SystemNetwork network_;
  SystemRandom random_;
  const std::unique_ptr<const Files> files_;
  std::unique_ptr<net::TlsContext> tls_;

  std::atomic<std::uint64_t> connection_{0};     // the number of the one there is; 0: none
  std::atomic<std::size_t> posted_bytes_{0};     // on their way to the loop
  std::atomic<std::size_t> unwritten_bytes_{0};  // with the link, when last looked at
  std::atomic<bool> measuring_{false};
  std::atomic<bool> closing_{false};

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  client::Inbox inbox_;  // guarded by mutex_, as are the next two
  Status status_;
  bool abandoned_ = false;

  client::ReconnectingSocket link_;  // the network thread's, from the first post on
  std::thread network_thread_;
  std::thread delivery_thread_;
};

Client::Sent Client::Implementation::send(Type type, std::string_view message) {
  if (message.size() > options_.message_bytes_max) return Sent::too_long;
  if (type == Type::text && !is_utf8(as_bytes(message))) return Sent::not_utf8;
  const auto connection = connection_.load();
  if (connection == 0) return Sent::not_connected;
  const auto cost = message.size() + message_overhead_bytes;
  const auto waiting = posted_bytes_.fetch_add(cost) + unwritten_bytes_.load();
  // An empty queue takes any message.
  if (waiting > 0 && waiting + cost > options_.send_bytes_max) {
    posted_bytes_.fetch_sub(cost);
    if (!measuring_.exchange(true)) {
      loop_.post([this] {
        measuring_ = false;
        measure();
      });
    }
    return Sent::queue_full;
  }
  const auto wire_type = type == Type::text ? websocket::MessageType::text : websocket::MessageType::binary;
  loop_.post(
      [this, outgoing = Outgoing{wire_type, std::string(message), connection, cost}] { write(outgoing); });
  return Sent::yes;
}

void Client::Implementation::write(const Outgoing& outgoing) {
  if (link_.connected() && outgoing.connection == connection_.load()) {
    link_.send(outgoing.type, as_bytes(outgoing.payload));
  }
  // In this order, so that the sum is never too small.
  measure();
  posted_bytes_.fetch_sub(outgoing.cost);
}

void Client::Implementation::on_message(websocket::MessageType type, Bytes payload) {
  const auto kind = type == websocket::MessageType::text ? Type::text : Type::binary;
  {
    const std::lock_guard lock(mutex_);
    ++status_.messages_received;
    status_.messages_lost += inbox_.push(client::Inbox::Message{kind, crosspoint::to_string(payload)});
  }
  changed_.notify_all();
}

void Client::Implementation::on_link_changed() {
  const auto link = link_.status();
  const auto state = state_of(link.state);
  connection_ = state == State::connected ? link.connections : 0;
  measure();
  {
    const std::lock_guard lock(mutex_);
    status_.state = state;
    status_.attempts = link.attempts;
    status_.connections = link.connections;
    status_.last_error = link.last_error;
    inbox_.push(status_);
  }
  changed_.notify_all();
}

void Client::Implementation::deliver() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return work_or_end(); });
    if (abandoned_) return;
    const auto item = inbox_.pop();
    lock.unlock();
    call(*item);
    lock.lock();
  }
}

std::size_t Client::Implementation::poll(std::chrono::milliseconds limit) {
  if (options_.delivery != Delivery::pumped) return 0;
  std::size_t calls = 0;
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit, [this] { return work_or_end(); });
  // What comes while this runs waits for the next call.
  for (auto left = inbox_.items(); left > 0 && !inbox_.empty(); --left, ++calls) {
    const auto item = inbox_.pop();
    lock.unlock();
    call(*item);
    lock.lock();
  }
  return calls;
}

void Client::Implementation::call(const client::Inbox::Item& item) const {
  if (const auto* message = std::get_if<client::Inbox::Message>(&item)) {
    if (options_.on_message) options_.on_message(message->type, message->payload);
  } else if (options_.on_state) {
    options_.on_state(std::get<Status>(item));
  }
}

std::unique_ptr<Client> Client::open(Options options, std::string& problem) {
  auto made = plan(options);
  if (!made) {
    problem = std::move(made.error());
    return nullptr;
  }
  problem.clear();
  return std::unique_ptr<Client>(
      new Client(std::make_unique<Implementation>(std::move(options), std::move(*made))));
}

Client::Client(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
Client::~Client() = default;
Client::Sent Client::send(Type type, std::string_view message) {
  return implementation_->send(type, message);
}
Client::Status Client::status() const { return implementation_->status(); }
bool Client::wait_until_connected(std::chrono::milliseconds limit) const {
  return implementation_->wait_until_connected(limit);
}
std::size_t Client::poll(std::chrono::milliseconds limit) { return implementation_->poll(limit); }
void Client::close() { implementation_->close(); }

}  // namespace crosspoint
