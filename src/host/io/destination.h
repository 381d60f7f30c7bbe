#pragma once
// One destination rule at work: a feed or stream on its way to a relay, over a connection that keeps coming
// back.
//
// What it sends is masked (it is a client), so each message is copied into the connection's own outbox. The
// gate in front of it sees to it that pictures go on at tables and a key frame after every gap, and that
// nothing waits without bound. While there is no connection pictures are dropped, and other messages held for
// a second at most.
//
// With a token it asks an access service for an address before each attempt, or shows the token to the relay
// first (client/io/address_source.h). Neither is ever in a log, a status or an answer.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/files.h"
#include "base/log.h"
#include "client/io/reconnecting_socket.h"
#include "host/feeds.h"
#include "host/gate.h"
#include "host/held_messages.h"
#include "host/rules.h"

namespace crosspoint::host {

struct DestinationSettings {
  Gate::Settings gate{.bounds = {}, .text = TextAmongPictures::withhold};
  HeldMessages::Bounds held;
  client::BackoffPolicy backoff;
  websocket::SocketLimits limits = client::client_socket_limits();
  Duration connect_time_max = 15s;
  const net::TlsContext* tls = nullptr;  // what wss needs; outlives every destination
  http::ProxyRules proxies;
  std::string user_agent = "crosspoint-host";
  std::string
      token_directory;  // where DestinationRule::token_file is; empty: nowhere, and such a rule is refused
};

struct DestinationStatus {
  DestinationRule rule;
  client::LinkStatus link;
  std::uint64_t dropped = 0;    // messages that were for it, and did not go
  std::uint64_t discarded = 0;  // messages that came back on a stream, which go nowhere
  std::size_t queued_bytes = 0;
};

class Destination final : public net::Disposable, private Receiver, private client::ReconnectingSocketEvents {
 public:
  using Gone = std::function<void(Destination&)>;

  // Everything referred to outlives it.
  Destination(net::Loop& loop, net::Network& network, const Files& files, Random& random, Feeds& feeds,
              DestinationRule rule, http::Url url, const DestinationSettings& settings);
  ~Destination() override;

  // Listens and dials. False when there are too many names in use to listen to one more.
  bool start();
  // Listens no more, closes with 1000. `gone` is called in a later turn, and may give the destination to
  // Loop::dispose.
  void stop(Gone gone);

  const DestinationRule& rule() const { return rule_; }
  const http::Url& place() const { return link_.place(); }
  DestinationStatus status() const;

 private:
  void receive(Message& message) override;
  void on_connected() override;
  void on_message(websocket::MessageType type, Bytes payload) override;
  void on_disconnected() override;
  void on_closed() override;
  void hold(const Message& message);

  net::Loop& loop_;
  Feeds& feeds_;
  DestinationRule rule_;
  Gate gate_;
  HeldMessages held_;
  client::ReconnectingSocket link_;
  std::unique_ptr<Subscription> subscription_;
  log::LogLimit log_limit_;
  ByteVector rewritten_;
  std::uint64_t dropped_ = 0;
  std::uint64_t discarded_ = 0;
  Gone gone_;
};

}  // namespace crosspoint::host
