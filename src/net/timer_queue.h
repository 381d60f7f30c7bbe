#pragma once
// Which timer is due next. Pure: a binary heap of entries that know their place, so that starting, stopping
// and restarting cost O(log n) and no allocation per timer. Equal times fire in the order they were started.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"

namespace crosspoint::net {

class TimerQueue {
 public:
  // What is queued: the base of whatever is to happen at a time. Must leave the queue before it dies
  // (net::Deadline sees to that).
  class Entry {
   public:
    Entry() = default;
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    bool queued() const { return place_ != nowhere; }

   protected:
    virtual ~Entry() = default;  // virtual only because GCC wants it where friends could delete

   private:
    friend class TimerQueue;
    virtual void on_due() = 0;
    static constexpr std::uint32_t nowhere = UINT32_MAX;
    std::uint32_t place_ = nowhere;
  };

  void start(Entry& entry, MonotonicTime due);  // moves an entry that is queued already
  void stop(Entry& entry);

  std::optional<MonotonicTime> next_due() const;
  MonotonicTime due(const Entry& entry) const;  // of a queued one
  std::size_t size() const { return heap_.size(); }

  // Fires every timer due at `now`, earliest first. A callback may start and stop any timer; one that it
  // starts for `now` or earlier fires in the next turn, so that a loop always gets back to its streams.
  void fire_due(MonotonicTime now);

 private:
  struct Node {
    MonotonicTime due;
    std::uint64_t order;
    Entry* entry;
    bool operator<(const Node& other) const {
      return due != other.due ? due < other.due : order < other.order;
    }
  };
  void place(std::size_t at, Node node);
  void sift_up(std::size_t at);
  void sift_down(std::size_t at);

  std::vector<Node> heap_;
  std::uint64_t next_order_ = 0;
  std::optional<MonotonicTime> firing_;  // while fire_due runs: the time it was given
};

}  // namespace crosspoint::net
