#include "bench/io/load.h"

#include <dirent.h>
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <optional>

#include "websocket/io/connector.h"
#include "websocket/io/socket.h"

namespace crosspoint::bench {
namespace {

constexpr std::size_t connecting_at_once = 64;
constexpr Duration stall_max = 10s;  // nothing received for so long while something is under way: give up

websocket::SocketLimits client_limits() {
  websocket::SocketLimits limits;
  limits.message_bytes_max = 64 * 1024 * 1024;
  limits.ping_every = 0s;
  limits.dead_after = 24h;
  limits.write_time_max = 60s;
  return limits;
}

}  // namespace

double processor_seconds(int pid) {
  if (pid <= 0) return 0;
  const auto tasks = fmt::format("/proc/{}/task", pid);
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(tasks.c_str()), &::closedir);
  if (!directory) return 0;
  double nanoseconds = 0;
  while (const dirent* entry = ::readdir(directory.get())) {
    if (entry->d_name[0] == '.') continue;
    const auto path = fmt::format("{}/{}/schedstat", tasks, entry->d_name);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "r"), &std::fclose);
    unsigned long long ran = 0;
    if (file && std::fscanf(file.get(), "%llu", &ran) == 1) nanoseconds += static_cast<double>(ran);
  }
  return nanoseconds / 1e9;
}

// One connection of the load.
class Client final : private websocket::SocketEvents {
 public:
  using OnMessage = std::function<void(Client&, Bytes)>;
  using OnEvent = std::function<void(Client&)>;

  Client(net::Loop& loop, std::unique_ptr<net::Stream> stream, const websocket::SocketLimits& limits,
         Random& random, std::size_t number, OnMessage on_message, OnEvent on_closed)
      : index(number),
        on_message_(std::move(on_message)),
        on_closed_(std::move(on_closed)),
        socket_(loop, std::move(stream), websocket::Role::client, limits, random, *this) {}

  void start(ByteVector early) { socket_.start({}, std::move(early)); }
  void send(Bytes message) { socket_.send(websocket::MessageType::binary, message); }
  std::size_t unwritten_bytes() const { return socket_.unwritten_bytes(); }

  const std::size_t index;
  Receipt receipt;

 private:
  void on_message(websocket::MessageType, Bytes payload) override { on_message_(*this, payload); }
  void on_closed(const websocket::CloseReason&, const std::optional<websocket::CloseReason>&) override {
    on_closed_(*this);
  }

  OnMessage on_message_;
  OnEvent on_closed_;
  websocket::Socket socket_;
};

struct Load::State final : private net::TurnEndHook {
  State(net::Loop& loop, net::Network& network, const Clock& clock, Random& random, LoadSettings wanted,
        std::function<void(LoadReport)> done)
      : loop_(loop),
        network_(network),
        clock_(clock),
        random_(random),
        settings_(std::move(wanted)),
        done_(std::move(done)),
        paths_(planned_paths()) {
    connect_more();
  }

  // Connecting: the receivers first, so that nothing is published to nobody.

  std::vector<std::string> planned_paths() const {
    std::vector<std::string> planned;
    const auto& target = settings_.url.target;
    if (settings_.mode == Mode::fanout) {
      planned.assign(settings_.subscribers, "/out" + target);
      planned.push_back("/in" + target);
      return planned;
    }
    for (std::size_t pair = 0; pair < settings_.subscribers; ++pair) {
      const auto path = fmt::format("{}/{}", target == "/" ? "" : target, pair);
      planned.push_back(path);
      planned.push_back(path);
    }
    return planned;
  }

  void connect_more() {
    while (next_path_ < paths_.size() && connecting_ < connecting_at_once) {
      // The last one publishes; it waits until everybody listens.
      if (settings_.mode == Mode::fanout && next_path_ + 1 == paths_.size() && connecting_ > 0) return;
      connect(next_path_++);
    }
  }

  void connect(std::size_t index) {
    ++connecting_;
    websocket::ConnectRequest request{.url = settings_.url, .tls = settings_.tls};
    request.url.target = paths_[index];
    connectors_.resize(paths_.size());
    connectors_[index] = std::make_unique<websocket::Connector>(
        loop_, network_, random_, std::move(request),
        [this, index](Result<websocket::Connected, websocket::ConnectError> result) {
          on_connected(index, std::move(result));
        });
  }

  void on_connected(std::size_t index, Result<websocket::Connected, websocket::ConnectError> result) {
    --connecting_;
    if (!result)
      return finish(
          fmt::format("connection {} of {}: {}", index + 1, paths_.size(), result.error().sentence));
    clients_.resize(paths_.size());
    clients_[index] = std::make_unique<Client>(
        loop_, std::move(result->stream), limits_, random_, index,
        [this](Client& client, Bytes payload) { on_message(client, payload); },
        [this](Client&) { on_client_closed(); });
    clients_[index]->start(std::move(result->early_bytes));
    ++report_.connections;
    if (report_.connections == paths_.size()) return begin();
    connect_more();
  }

  void on_client_closed() {
    ++report_.closed;
    finish("the server closed a connection");
  }

  // Running.

  void begin() {
    began_ = clock_.monotonic();
    last_progress_ = began_;
    next_due_ = began_;
    due_step_ = settings_.rate == 0
                    ? Duration{}
                    : Duration{static_cast<std::int64_t>(1e9 / static_cast<double>(settings_.rate))};
    phase_timer_.start_after(settings_.warm_up);
    stall_timer_.start_after(1s);
    if (settings_.spin) spin();
    if (settings_.mode == Mode::fanout) return publish_what_is_due();
    for (std::size_t pair = 0; pair < settings_.subscribers; ++pair) serve_pair(pair);
  }

  void spin() {
    loop_.post([this] {
      if (!finished_) spin();
    });
  }

  void on_phase_over() {
    if (!measuring_) {
      measuring_ = true;
      report_before_ = report_.received;
      measured_from_ = clock_.monotonic();
      cpu_before_ = processor_seconds(settings_.server_pid);
      phase_timer_.start_after(settings_.duration);
      return;
    }
    report_.elapsed = clock_.monotonic() - measured_from_;
    report_.server_cpu_seconds = processor_seconds(settings_.server_pid) - cpu_before_;
    measured_received_ = report_.received - report_before_;
    draining_ = true;
    if (under_way() == 0) finish({});
  }

  std::uint64_t under_way() const {
    return settings_.mode == Mode::fanout ? report_.published - complete_
                                          : report_.published - report_.received;
  }

  void on_stall_check() {
    const auto now = clock_.monotonic();
    if (under_way() > 0 && now - last_progress_ > stall_max) {
      report_.lost += settings_.mode == Mode::fanout ? missing_deliveries() : under_way();
      return finish(fmt::format("nothing arrived for {} s although messages were under way",
                                std::chrono::duration_cast<std::chrono::seconds>(stall_max).count()));
    }
    stall_timer_.start_after(1s);
  }

  std::uint64_t missing_deliveries() const {
    std::uint64_t missing = 0;
    for (std::size_t i = 0; i < settings_.subscribers; ++i)
      missing += report_.published - clients_[i]->receipt.next();
    return missing;
  }

  // Fan-out: the last client publishes, all others receive.

  void publish_what_is_due() {
    if (draining_ || finished_) return;
    const auto now = clock_.monotonic();
    while (under_way() < settings_.window && (settings_.rate == 0 || next_due_ <= now)) {
      const auto due = settings_.rate == 0 ? now : next_due_;
      encode_probe({.sequence = report_.published, .due = due, .source = 0}, settings_.message_bytes,
                   message_);
      clients_.back()->send(message_);
      waiting_.push_back(settings_.subscribers);
      ++report_.published;
      next_due_ += due_step_;
    }
    if (settings_.rate != 0 && under_way() < settings_.window) rate_timer_.start_at(next_due_);
  }

  void on_message(Client& client, Bytes payload) {
    if (settings_.mode == Mode::pingpong) return on_pingpong(client, payload);
    const auto verdict = read_probe(payload, settings_.verify_bodies);
    client.receipt.take(verdict);
    ++report_.received;
    if (!verdict.intact) return;
    const auto now = clock_.monotonic();
    last_progress_ = now;
    if (measuring_ && !draining_) report_.latency.record(now - verdict.probe.due);
    count_delivery(verdict.probe.sequence);
  }

  void count_delivery(std::uint64_t sequence) {
    if (sequence < complete_ || sequence - complete_ >= waiting_.size()) return;
    --waiting_[static_cast<std::size_t>(sequence - complete_)];
    const auto before = complete_;
    while (!waiting_.empty() && waiting_.front() == 0) {
      waiting_.pop_front();
      ++complete_;
    }
    if (complete_ == before) return;
    if (draining_ && under_way() == 0) return finish({});
    loop_.at_turn_end(*this);  // what this turn completed makes room for as many, sent together
  }

  void on_turn_end() override { publish_what_is_due(); }

  // Ping-pong: the even client of a pair sends, the odd one sends back what it got.

  void serve_pair(std::size_t pair) {
    if (draining_ || finished_) return;
    encode_probe(
        {.sequence = clients_[2 * pair]->receipt.received(), .due = clock_.monotonic(), .source = pair},
        settings_.message_bytes, message_);
    ++report_.published;
    clients_[2 * pair]->send(message_);
  }

  void on_pingpong(Client& client, Bytes payload) {
    if (client.index % 2 == 1) return client.send(payload);
    const auto verdict = read_probe(payload, settings_.verify_bodies);
    client.receipt.take(verdict);
    ++report_.received;
    last_progress_ = clock_.monotonic();
    if (measuring_ && !draining_) report_.latency.record(last_progress_ - verdict.probe.due);
    if (draining_ && under_way() == 0) return finish({});
    serve_pair(client.index / 2);
  }

  void finish(std::string failure) {
    if (std::exchange(finished_, true)) return;
    report_.failure = std::move(failure);
    for (const auto& client: clients_) {
      if (!client) continue;
      report_.lost += client->receipt.lost();
      report_.corrupt += client->receipt.corrupt();
      report_.out_of_order += client->receipt.out_of_order();
    }
    report_.received = measured_received_;
    loop_.post([this] { done_(std::move(report_)); });
  }

  net::Loop& loop_;
  net::Network& network_;
  const Clock& clock_;
  Random& random_;
  const LoadSettings settings_;
  const websocket::SocketLimits limits_ = client_limits();
  std::function<void(LoadReport)> done_;

  const std::vector<std::string> paths_;
  std::size_t next_path_ = 0;
  std::size_t connecting_ = 0;
  std::vector<std::unique_ptr<websocket::Connector>> connectors_;
  std::vector<std::unique_ptr<Client>> clients_;

  LoadReport report_;
  ByteVector message_;
  std::deque<std::size_t> waiting_;  // deliveries missing of message `complete_`, `complete_` + 1, …
  std::uint64_t complete_ = 0;       // messages that every subscriber got
  std::uint64_t report_before_ = 0, measured_received_ = 0;
  double cpu_before_ = 0;
  MonotonicTime began_{}, measured_from_{}, last_progress_{}, next_due_{};
  Duration due_step_{};
  bool measuring_ = false, draining_ = false, finished_ = false;
  net::Timer phase_timer_{loop_, [this] { on_phase_over(); }};
  net::Timer stall_timer_{loop_, [this] { on_stall_check(); }};
  net::Timer rate_timer_{loop_, [this] { publish_what_is_due(); }};
};

Load::Load(net::Loop& loop, net::Network& network, const Clock& clock, Random& random, LoadSettings settings,
           std::function<void(LoadReport)> done)
    : state_(std::make_unique<State>(loop, network, clock, random, std::move(settings), std::move(done))) {}

Load::~Load() = default;

}  // namespace crosspoint::bench
