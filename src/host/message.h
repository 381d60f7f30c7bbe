#pragma once
// One message on its way through the agent, from whoever published it to everybody who is given it. It lives
// for the one call that hands it round.

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/time.h"
#include "fanout/frame_log.h"
#include "media/ts_observer.h"
#include "websocket/message.h"

namespace crosspoint::host {

// Tells feeds apart for as long as the agent runs; never used twice.
using FeedId = std::uint32_t;

// What is known of a message beside its bytes.
struct MessageFacts {
  FeedId feed = 0;
  // Of messages that are MPEG-TS: counts those of the feed. Who gets n after n-1 has missed nothing.
  std::uint64_t sequence = 0;
  MonotonicTime at{};
  bool feed_is_ts = false;  // the feed carries MPEG-TS, whatever this message is
  media::MessageReport report;
  // The first message of a transport stream: there is nothing before it that anybody could have missed.
  bool begins_stream = false;
  // Where report.access_point is set: what somebody who comes in there needs. Else null.
  const media::AccessPoint* access_point = nullptr;
};

class Message {
 public:
  // `log` is where the frame is built when somebody asks for it.
  Message(websocket::MessageType type, Bytes payload, const MessageFacts& facts, fanout::FrameLog& log)
      : type_(type), payload_(payload), facts_(facts), log_(log) {}
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;

  websocket::MessageType type() const { return type_; }
  Bytes payload() const { return payload_; }  // valid as long as the message
  const MessageFacts& facts() const { return facts_; }

  // The message as one frame of a server, built when first asked for: the one copy that all local clients
  // share.
  const Span& server_frame();

 private:
  websocket::MessageType type_;
  Bytes payload_;
  MessageFacts facts_;
  fanout::FrameLog& log_;
  Span frame_;
};

}  // namespace crosspoint::host
