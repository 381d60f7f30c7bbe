#pragma once
// Everything about the relay that a user can set, as values. cli fills it from the options.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "relay/io/session.h"
#include "relay/io/token_door.h"
#include "relay/io/upload.h"
#include "relay/origin.h"
#include "relay/topic.h"
#include "websocket/io/socket.h"

namespace crosspoint::relay {

struct RelaySettings {
  TopicSettings topics;
  websocket::SocketLimits client_limits;
  websocket::SocketLimits stats_limits{.message_bytes_max = 64 * 1024};
  websocket::SocketLimits echo_limits{.message_bytes_max = 16 * 1024 * 1024};
  std::vector<std::string> allow_origins;  // none: any
  std::optional<TokenCheck> token_check;   // crossbar's, for open topics
  std::optional<TokenTopicSettings> token_topics;
  std::optional<UploadSettings> uploads;    // jsmpeg's way of sending
  bool open_topics = true;                  // any path but /session/… is a topic of its own
  bool in_strictly_sends = false;           // clients on /in/… do not hear the other senders
  bool deflate = false;                     // agree to permessage-deflate where a client offers it
  bool echo = false;                        // mount the echo service on /echo
  bool stats = true;                        // mount the stats service on /ws
  std::size_t topics_max = 100'000;         // per loop
  std::size_t connections_max = 1'000'000;  // per loop
  // Receivers of one topic on its own loop, before further ones are seated on other loops.
  std::size_t spill_receivers_min = 64;
};

}  // namespace crosspoint::relay
