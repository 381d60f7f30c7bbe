#include "bench/io/load.h"

#include <fmt/core.h>

#include <optional>
#include <vector>

#include "bench/deliveries.h"
#include "bench/io/course.h"
#include "bench/probe.h"
#include "websocket/io/connector.h"
#include "websocket/io/socket.h"

namespace crosspoint::bench {
namespace {

constexpr std::size_t connecting_at_once = 64;

websocket::SocketLimits client_limits() {
  websocket::SocketLimits limits;
  limits.message_bytes_max = 64 * 1024 * 1024;
  limits.ping_every = 0s;
  limits.dead_after = 24h;
  limits.write_time_max = 60s;
  return limits;
}

}  // namespace

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

struct Load::State final : private net::TurnEndHook, private CourseEvents {
  State(net::Loop& loop, net::Network& network, const Clock& clock, Random& random, LoadSettings wanted,
        LoadDone done)
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
    schedule_.begin(clock_.monotonic());
    course_.begin();
    if (settings_.mode == Mode::fanout) return publish_what_is_due();
    for (std::size_t pair = 0; pair < settings_.subscribers; ++pair) serve_pair(pair);
  }

  std::uint64_t under_way() const override {
    return settings_.mode == Mode::fanout ? deliveries_.under_way() : report_.published - report_.received;
  }

  void on_course_over(std::string failure) override {
    if (!failure.empty()) report_.lost += settings_.mode == Mode::fanout ? missing_deliveries() : under_way();
    finish(std::move(failure));
  }

  std::uint64_t missing_deliveries() const {
    std::uint64_t missing = 0;
    for (std::size_t i = 0; i < settings_.subscribers; ++i)
      missing += report_.published - clients_[i]->receipt.next();
    return missing;
  }

  // Fan-out: the last client publishes, all others receive.

  void publish_what_is_due() {
    if (!course_.sending()) return;
    const auto now = clock_.monotonic();
    while (under_way() < settings_.window && schedule_.is_due(now)) {
      encode_probe(
          {.sequence = deliveries_.send(settings_.subscribers), .due = schedule_.take(now), .source = 0},
          settings_.message_bytes, message_);
      clients_.back()->send(message_);
      ++report_.published;
    }
    if (schedule_.paced() && under_way() < settings_.window) rate_timer_.start_at(schedule_.next());
  }

  void on_message(Client& client, Bytes payload) {
    if (settings_.mode == Mode::pingpong) return on_pingpong(client, payload);
    const auto verdict = read_probe(payload, settings_.verify_bodies);
    client.receipt.take(verdict);
    ++report_.received;
    if (!verdict.intact) return;
    course_.note_arrival(clock_.monotonic(), verdict.probe.due);
    if (!deliveries_.arrive(verdict.probe.sequence)) return;
    course_.note_completion();
    loop_.at_turn_end(*this);  // what this turn completed makes room for as many, sent together
  }

  void on_turn_end() override { publish_what_is_due(); }

  // Ping-pong: the even client of a pair sends, the odd one sends back what it got.

  void serve_pair(std::size_t pair) {
    if (!course_.sending()) return;
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
    course_.note_arrival(clock_.monotonic(), verdict.probe.due);
    course_.note_completion();
    serve_pair(client.index / 2);
  }

  void finish(std::string failure) {
    if (std::exchange(finished_, true)) return;
    course_.stop();
    report_.failure = std::move(failure);
    for (const auto& client: clients_) {
      if (!client) continue;
      report_.lost += client->receipt.lost();
      report_.corrupt += client->receipt.corrupt();
      report_.out_of_order += client->receipt.out_of_order();
    }
    loop_.post([this] { done_(std::move(report_)); });
  }

  net::Loop& loop_;
  net::Network& network_;
  const Clock& clock_;
  Random& random_;
  const LoadSettings settings_;
  const websocket::SocketLimits limits_ = client_limits();
  LoadDone done_;

  const std::vector<std::string> paths_;
  std::size_t next_path_ = 0;
  std::size_t connecting_ = 0;
  std::vector<std::unique_ptr<websocket::Connector>> connectors_;
  std::vector<std::unique_ptr<Client>> clients_;

  LoadReport report_;
  ByteVector message_;
  Deliveries deliveries_;
  Schedule schedule_{settings_.rate};
  Course course_{loop_, clock_, settings_, report_, *this};
  bool finished_ = false;
  net::Timer rate_timer_{loop_, [this] { publish_what_is_due(); }};
};

Load::Load(net::Loop& loop, net::Network& network, const Clock& clock, Random& random, LoadSettings settings,
           LoadDone done)
    : state_(std::make_unique<State>(loop, network, clock, random, std::move(settings), std::move(done))) {}

Load::~Load() = default;

}  // namespace crosspoint::bench
