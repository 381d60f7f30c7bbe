#pragma once
// A relay's reports as they come, whichever way they are got (stats_address.h): GET /status asked again and
// again, or topic `stats` listened to over a connection that keeps coming back.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/io/reconnecting_socket.h"
#include "client/stats_address.h"
#include "client/stats_report.h"

namespace crosspoint::client {

// Neither is called inside a call to the feed, and neither may destroy it.
class StatsFeedEvents {
 public:
  // `json` is the report as it came; valid until the call returns.
  virtual void on_report(std::string_view json, StatsReport report) = 0;
  // No report, and why: a sentence without token or code. The feed goes on trying.
  virtual void on_trouble(std::string sentence) = 0;

 protected:
  ~StatsFeedEvents() = default;
};

class StatsFeed final : private ReconnectingSocketEvents {
 public:
  // `address` asked every `interval`, or listened to. `token` may be null for a ws or wss address. Everything
  // referred to outlives it.
  StatsFeed(net::Loop& loop, net::Network& network, Random& random, Outbound outbound, StatsAddress address,
            std::unique_ptr<TokenSource> token, Duration interval, StatsFeedEvents& events);
  ~StatsFeed();
  StatsFeed(const StatsFeed&) = delete;
  StatsFeed& operator=(const StatsFeed&) = delete;

  void start();

 private:
  void on_connected() override;
  void on_message(websocket::MessageType type, Bytes payload) override;
  void on_link_changed() override;
  void on_closed() override {}
  void on_timer();
  void ask();
  void judge(Result<HttpAnswer, HttpCallError> answer);
  void take(std::string_view json);

  net::Loop& loop_;
  net::Network& network_;
  const Outbound outbound_;
  const StatsAddress address_;
  const Duration interval_;
  StatsFeedEvents& events_;
  std::unique_ptr<TokenSource> token_;  // of the way that asks
  std::string token_shown_;
  std::optional<HttpCall> call_;
  std::unique_ptr<ReconnectingSocket> link_;  // of the way that listens
  net::Timer timer_;
};

}  // namespace crosspoint::client
