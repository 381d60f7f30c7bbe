#pragma once
// One program on /ws/NAME: publishes on the feed, and gets what everybody else publishes there; on a stream
// it only listens.
//
// It gets spans of frames that all local clients share. Its queue holds any burst up to the bounds without
// loss. Beyond them, pictures go on at the next key frame, and a client of anything else is closed with 1013:
// nothing is lost silently.

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "host/feeds.h"
#include "host/gate.h"
#include "http/io/server.h"
#include "net/loop.h"
#include "websocket/handshake.h"
#include "websocket/io/socket.h"

namespace crosspoint::host {

struct LocalClientSettings {
  Gate::Settings gate{.bounds = {.bytes_max = 4 * 1024 * 1024, .picture_age_max = 10s}};
  websocket::SocketLimits limits;
};

class LocalClient final : public net::Disposable, private Receiver, private websocket::SocketEvents {
 public:
  // Called once, when the connection is over; may give the client to Loop::dispose.
  using Gone = std::function<void(LocalClient&)>;

  // Everything referred to outlives it.
  LocalClient(net::Loop& loop, Random& random, Feeds& feeds, const LocalClientSettings& settings, Gone gone);
  ~LocalClient() override;

  // Listens from here on, so that nothing is missed between the answer to the handshake and the first
  // message. False: too many names are in use.
  bool listen(std::string_view name);
  // After listen(): answers the handshake.
  void start(http::Takeover takeover, const websocket::Acceptance& acceptance);
  void close(websocket::CloseCode code, std::string_view reason);

 private:
  void receive(Message& message) override;
  void on_message(websocket::MessageType type, Bytes payload) override;
  void on_closed(const websocket::CloseReason& peer,
                 const std::optional<websocket::CloseReason>& own) override;

  net::Loop& loop_;
  Random& random_;
  Feeds& feeds_;
  const LocalClientSettings& settings_;
  Gate gate_;
  std::optional<websocket::Socket> socket_;
  std::unique_ptr<Subscription> subscription_;
  ByteVector rewritten_;
  Gone gone_;
};

}  // namespace crosspoint::host
