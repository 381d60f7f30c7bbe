#include "net/timer_queue.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace crosspoint::net {

void TimerQueue::start(Entry& entry, MonotonicTime due) {
  if (entry.queued()) stop(entry);
  // Started by a callback of fire_due for a time gone by: it queues behind everything that is due already, so
  // that fire_due can tell by the order alone where the old ones end.
  if (firing_) due = std::max(due, *firing_);
  CROSSPOINT_ASSERT(heap_.size() < Entry::nowhere);
  heap_.push_back({});
  place(heap_.size() - 1, {due, next_order_++, &entry});
  sift_up(heap_.size() - 1);
}

void TimerQueue::stop(Entry& entry) {
  if (!entry.queued()) return;
  const std::size_t at = entry.place_;
  entry.place_ = Entry::nowhere;
  const Node last = heap_.back();
  heap_.pop_back();
  if (at == heap_.size()) return;
  place(at, last);
  sift_up(at);
  sift_down(last.entry->place_);
}

std::optional<MonotonicTime> TimerQueue::next_due() const {
  if (heap_.empty()) return std::nullopt;
  return heap_.front().due;
}

MonotonicTime TimerQueue::due(const Entry& entry) const {
  CROSSPOINT_ASSERT(entry.queued());
  return heap_[entry.place_].due;
}

void TimerQueue::fire_due(MonotonicTime now) {
  CROSSPOINT_ASSERT(!firing_);
  firing_ = now;
  const std::uint64_t first_new = next_order_;
  while (!heap_.empty() && heap_.front().due <= now && heap_.front().order < first_new) {
    Entry& entry = *heap_.front().entry;
    stop(entry);
    entry.on_due();
  }
  firing_.reset();
}

void TimerQueue::place(std::size_t at, Node node) {
  heap_[at] = node;
  node.entry->place_ = static_cast<std::uint32_t>(at);
}

void TimerQueue::sift_up(std::size_t at) {
  const Node node = heap_[at];
  while (at > 0) {
    const std::size_t parent = (at - 1) / 2;
    if (!(node < heap_[parent])) break;
    place(at, heap_[parent]);
    at = parent;
  }
  place(at, node);
}

void TimerQueue::sift_down(std::size_t at) {
  const Node node = heap_[at];
  while (2 * at + 1 < heap_.size()) {
    std::size_t child = 2 * at + 1;
    if (child + 1 < heap_.size() && heap_[child + 1] < heap_[child]) ++child;
    if (!(heap_[child] < node)) break;
    place(at, heap_[child]);
    at = child;
  }
  place(at, node);
}

}  // namespace crosspoint::net
