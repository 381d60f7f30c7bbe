#include "testing/memory_stream.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace crosspoint::testing {

using net::StreamError;

MemoryStream::MemoryStream(std::shared_ptr<Link> link, Link::Side side, net::Loop& loop)
    : link_(std::move(link)), side_(side), loop_(&loop), self_(std::make_shared<MemoryStream*>(this)) {
  link_->streams_[Link::index(side_)] = this;
}

MemoryStream::~MemoryStream() {
  CROSSPOINT_ASSERT(!calling_);  // destroyed inside its own callback: StreamEvents forbids it
  link_->streams_[Link::index(side_)] = nullptr;
  if (failure()) return;
  if (reset_on_close_) {
    out().packets.clear();
    out().bytes = 0;
  }
  const bool unread_input = in().bytes > 0;
  link_->end_lane(out(), reset_on_close_ || unread_input ? Link::Ending::reset : Link::Ending::end_of_stream);
  link_->wake(other());
}

void MemoryStream::start(net::StreamEvents& events) {
  CROSSPOINT_ASSERT(loop_ != nullptr);
  events_ = &events;
  wake();
}

Result<std::size_t, StreamError> MemoryStream::write_some(std::span<const Bytes> pieces) {
  if (failure()) {
    failure_told_ = over_ = true;
    return fail(*failure());
  }
  if (shut_down_) return fail(StreamError::closed);
  const auto& settings = link_->settings_;
  const std::size_t room = settings.capacity_bytes - std::min(settings.capacity_bytes, out().bytes);
  std::size_t left = std::min(room, settings.write_bytes_max);
  Link::Packet packet;
  for (const Bytes piece: pieces) {
    const auto taken = piece.first(std::min(left, piece.size()));
    append(packet.bytes, taken);
    left -= taken.size();
  }
  const std::size_t taken = packet.bytes.size();
  if (taken == 0) return taken;
  if (link_->streams_[Link::index(other())] == nullptr) {
    // Nobody is there any more: the kernel takes the bytes and learns of it when they are answered by a
    // reset.
    link_->fail_end(side_, StreamError::reset);
    return taken;
  }
  packet.arrives = link_->send(out(), taken);
  out().packets.push_back(std::move(packet));
  out().bytes += taken;
  link_->wake(other());
  return taken;
}

void MemoryStream::await_writable() {
  awaiting_writable_ = true;
  wake();
}

void MemoryStream::resume_reading() {
  paused_ = false;
  wake();
}

void MemoryStream::shutdown_write() {
  if (shut_down_ || failure()) return;
  shut_down_ = true;
  link_->end_lane(out(), Link::Ending::end_of_stream);
  link_->wake(other());
}

net::Address MemoryStream::peer_address() const { return link_->ends_[Link::index(other())].address; }

void MemoryStream::detach() {
  loop_ = nullptr;
  events_ = nullptr;
  timer_.reset();
  woken_ = awaiting_writable_ = false;
  self_ = std::make_shared<MemoryStream*>(this);
}

void MemoryStream::attach(net::Loop& loop) {
  CROSSPOINT_ASSERT(loop_ == nullptr);
  loop_ = &loop;
}

void MemoryStream::wake() {
  if (woken_ || loop_ == nullptr || events_ == nullptr) return;
  woken_ = true;
  loop_->post([self = std::weak_ptr(self_)] {
    if (const auto stream = self.lock()) (*stream)->service();
  });
}

template <class Call>
void MemoryStream::tell(Call call) {
  calling_ = true;
  call(*events_);
  calling_ = false;
}

// One round of telling. Each callback may detach the stream, pause it, or write.
void MemoryStream::service() {
  woken_ = false;
  if (failure_told_ || tell_failure()) return;
  if (!over_ && !paused_ && !in().stalled && !link_->silent_since_) {
    tell_bytes();
    tell_end();
  }
  if (events_ != nullptr) tell_writable();
  if (events_ != nullptr) watch_time();
}

bool MemoryStream::arrived(MonotonicTime at) const { return at <= link_->clock_.monotonic(); }

bool MemoryStream::tell_failure() {
  if (link_->silent_since_ &&
      arrived(*link_->silent_since_ + link_->ends_[Link::index(side_)].dead_link_after)) {
    if (!failure()) failure() = StreamError::timed_out;
  }
  const bool reset_arrived = in().ending == Link::Ending::reset && in().packets.empty() &&
                             arrived(in().ending_arrives) && !link_->silent_since_;
  if (reset_arrived && !failure()) failure() = StreamError::reset;
  if (!failure()) return false;
  // Who neither reads nor waits to write is not told yet: the kernel has nobody to wake.
  if (paused_ && !awaiting_writable_) return true;
  failure_told_ = over_ = true;
  tell([&](net::StreamEvents& events) { events.on_failure(*failure()); });
  return true;
}

void MemoryStream::tell_bytes() {
  const auto buffer = loop_->read_buffer();
  const auto bytes = take_arrived(buffer.first(std::min(buffer.size(), link_->settings_.segment_bytes_max)));
  if (bytes == 0) return;
  link_->wake(other());  // there is room again
  tell([&](net::StreamEvents& events) { events.on_bytes(buffer.first(bytes)); });
  if (events_ != nullptr && !in().packets.empty() && arrived(in().packets.front().arrives)) wake();
}

std::size_t MemoryStream::take_arrived(MutableBytes room) {
  auto& lane = in();
  std::size_t taken = 0;
  while (taken < room.size() && !lane.packets.empty() && arrived(lane.packets.front().arrives)) {
    auto& packet = lane.packets.front();
    const auto piece = Bytes(packet.bytes).subspan(packet.begin);
    const auto now = piece.first(std::min(piece.size(), room.size() - taken));
    std::copy(now.begin(), now.end(), room.begin() + static_cast<std::ptrdiff_t>(taken));
    taken += now.size();
    packet.begin += now.size();
    if (packet.begin == packet.bytes.size()) lane.packets.pop_front();
  }
  lane.bytes -= taken;
  return taken;
}

void MemoryStream::tell_end() {
  if (events_ == nullptr || paused_ || in().stalled || !in().packets.empty()) return;
  if (in().ending != Link::Ending::end_of_stream || !arrived(in().ending_arrives)) return;
  over_ = true;
  tell([](net::StreamEvents& events) { events.on_end(); });
}

void MemoryStream::tell_writable() {
  if (!awaiting_writable_ || out().bytes >= link_->settings_.capacity_bytes) return;
  awaiting_writable_ = false;
  tell([](net::StreamEvents& events) { events.on_writable(); });
}

// What arrives later, or the moment when a dead link is seen, needs a timer.
void MemoryStream::watch_time() {
  std::optional<MonotonicTime> next;
  if (link_->silent_since_) {
    next = *link_->silent_since_ + link_->ends_[Link::index(side_)].dead_link_after;
  } else if (!in().packets.empty()) {
    next = in().packets.front().arrives;
  } else if (in().ending != Link::Ending::none && !over_) {
    next = in().ending_arrives;
  }
  if (!next || arrived(*next)) return;
  if (!timer_) timer_ = std::make_unique<net::Timer>(*loop_, [this] { wake(); });
  timer_->start_at(*next);
}

}  // namespace crosspoint::testing
