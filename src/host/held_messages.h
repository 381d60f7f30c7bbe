#pragma once
// The few messages that a destination holds back for a moment because it has no connection: a command sent
// while the first handshake is under way should arrive. Nothing old is ever sent: what is held longer than
// `age_max` is thrown away, and so is the oldest beyond the bounds. Never used for pictures.

#include <cstdint>
#include <deque>

#include "base/bytes.h"
#include "base/time.h"
#include "websocket/message.h"

namespace crosspoint::host {

class HeldMessages {
 public:
  struct Bounds {
    std::size_t messages_max = 256;
    std::size_t bytes_max = 1024 * 1024;
    Duration age_max = 1s;
  };
  struct Held {
    websocket::MessageType type;
    ByteVector payload;
    MonotonicTime at;
  };

  explicit HeldMessages(const Bounds& bounds) : bounds_(bounds) {}

  // Returns how many were thrown away for it; itself too if it is too large.
  std::size_t hold(websocket::MessageType type, Bytes payload, MonotonicTime now);
  // Throws away what is too old; returns how many.
  std::size_t expire(MonotonicTime now);
  // Oldest first. To be asked after expire().
  std::deque<Held> take();

  std::size_t size() const { return held_.size(); }
  std::size_t bytes() const { return bytes_; }

 private:
  void drop_oldest();

  Bounds bounds_;
  std::deque<Held> held_;
  std::size_t bytes_ = 0;
};

}  // namespace crosspoint::host
