#pragma once
// Clients at a router on a table-top: Agent, Line and the router's Session with nothing in between but two
// queues. For tests only.

#include <deque>
#include <memory>

#include "wamp/client/test_line.h"
#include "wamp/test_client.h"

namespace crosspoint::wamp::client {

class RoutedClient final : public TestEvents {
 public:
  RoutedClient(TestRouter& router, AgentSettings settings, data::Format format = data::Format::json)
      : router_(router), format_(format), agent(std::move(settings), *this) {}
  explicit RoutedClient(TestRouter& router, data::Format format = data::Format::json)
      : RoutedClient(router, AgentSettings{}, format) {}

  void connect() {
    link_ = std::make_unique<Link>(*this);
    agent.begin(link_->line, router_.now.monotonic);
    pump();
  }
  // The connection is cut; `router_notices`: and the router knows at once.
  void cut(bool router_notices) {
    if (router_notices) link_->session.on_lost(router_.now);
    agent.on_lost("cut");
    if (!router_notices) forgotten_.push_back(std::move(link_));
    link_.reset();
  }
  // The router notices the connections that were cut behind its back.
  void let_router_notice() {
    for (auto& link: forgotten_) link->session.on_lost(router_.now);
    forgotten_.clear();
  }
  // Delivers what is on its way, once for each; false: nothing was.
  bool turn() {
    if (!link_) return false;
    const auto up = std::exchange(link_->up, {});
    for (const auto& message: up) link_->session.on_message(message, router_.now);
    const auto down = std::exchange(link_->down, {});
    for (const auto& message: down) agent.on_message(message, router_.now.monotonic);
    return !up.empty() || !down.empty();
  }
  void pump() {
    while (turn()) {
    }
  }

 private:
  struct Link {
    explicit Link(RoutedClient& owner)
        : line(*this, owner.format_),
          wire(*this, owner.format_),
          session(owner.router_.sessions, owner.router_.router, wire, {.peer = "peer", .protocol = "test"},
                  owner.router_.now) {}

    struct UpLine final : Line {
      UpLine(Link& link, data::Format format) : link_(link), format_(format) {}
      data::Format format() const override { return format_; }
      Channel channel() override { return {}; }
      std::size_t message_bytes_max() const override { return 4096; }
      bool has_room_for(std::size_t) const override { return true; }
      void send(Bytes message) override { link_.up.push_back(to_vector(message)); }
      void close() override {}
      Link& link_;
      const data::Format format_;
    };
    struct DownWire final : Wire {
      DownWire(Link& link, data::Format format) : link_(link), format_(format) {}
      data::Format format() const override { return format_; }
      WireKind kind() const override { return static_cast<WireKind>(format_); }
      std::size_t message_bytes_max() const override { return std::size_t{1} << 24; }
      void send(Bytes message) override { link_.down.push_back(to_vector(message)); }
      Span frame_for_many(Bytes message) override {
        auto segment = Segment::make(static_cast<std::uint32_t>(message.size()));
        segment->append(message);
        return {std::move(segment), 0, static_cast<std::uint32_t>(message.size())};
      }
      void send_frame(const Span& frame, fanout::Keep) override { send(frame.bytes()); }
      void close(Farewell) override {}
      Link& link_;
      const data::Format format_;
    };

    std::deque<ByteVector> up, down;
    UpLine line;
    DownWire wire;
    wamp::Session session;
  };

  TestRouter& router_;
  const data::Format format_;
  std::unique_ptr<Link> link_;
  std::vector<std::unique_ptr<Link>> forgotten_;

 public:
  Agent agent;
};

// Until nothing is on its way any more.
inline void pump(std::initializer_list<RoutedClient*> clients) {
  bool moved = true;
  while (moved) {
    moved = false;
    for (auto* client: clients) moved = client->turn() || moved;
  }
}

}  // namespace crosspoint::wamp::client
