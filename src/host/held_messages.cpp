#include "host/held_messages.h"

#include <utility>

namespace crosspoint::host {

std::size_t HeldMessages::hold(websocket::MessageType type, Bytes payload, MonotonicTime now) {
  auto dropped = expire(now);
  if (payload.size() > bounds_.bytes_max || bounds_.messages_max == 0) return dropped + 1;
  while (held_.size() >= bounds_.messages_max || bytes_ + payload.size() > bounds_.bytes_max) {
    drop_oldest();
    ++dropped;
  }
  held_.push_back({type, to_vector(payload), now});
  bytes_ += payload.size();
  return dropped;
}

std::size_t HeldMessages::expire(MonotonicTime now) {
  std::size_t dropped = 0;
  for (; !held_.empty() && now - held_.front().at > bounds_.age_max; ++dropped) drop_oldest();
  return dropped;
}

std::deque<HeldMessages::Held> HeldMessages::take() {
  bytes_ = 0;
  return std::exchange(held_, {});
}

void HeldMessages::drop_oldest() {
  bytes_ -= held_.front().payload.size();
  held_.pop_front();
}

}  // namespace crosspoint::host
