#pragma once
// What a client has for its program, in the order it came: things to be called. All of it is bounded, and by
// what depends on who would miss it: of events the oldest are lost, and counted; what belongs to calls is not
// lost unsaid, so who pushes it asks whether there is room first, and says no where there is none. Pure;
// whoever shares one between threads has the lock.

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>

namespace crosspoint::wamp::client {

class Inbox {
 public:
  enum class Kind : std::uint8_t {
    event,     // may be lost
    state,     // of two in a row the latter counts
    call,      // an invocation, more arguments for one, or a part of a result: see has_room_for()
    answer,    // the same; somebody waits for it, even at the end
    bulletin,  // few by nature: a session has begun, a call was cancelled
  };
  struct Item {
    Kind kind;
    std::size_t bytes;  // of events, calls and answers
    std::function<void()> run;
  };
  struct Bounds {
    std::size_t events_max = 4096;
    std::size_t event_bytes_max = std::size_t{64} << 20;
    std::size_t call_bytes_max = std::size_t{64} << 20;  // of calls and answers
  };

  explicit Inbox(const Bounds& bounds) : bounds_(bounds) {}

  // For a call or an answer of so many bytes. When none waits, there is room for any.
  bool has_room_for(std::size_t bytes) const {
    return call_bytes_ == 0 || call_bytes_ + bytes + overhead_bytes <= bounds_.call_bytes_max;
  }
  // Returns how many events were lost by it.
  std::size_t push(Item item);
  std::optional<Item> pop();
  // Throws away everything but answers.
  void keep_answers();

  bool empty() const { return items_.empty(); }
  std::size_t items() const { return items_.size(); }

 private:
  // What an item costs beside its bytes while it waits, so that empty ones are bounded too.
  static constexpr std::size_t overhead_bytes = 64;
  bool has_room_for_event(std::size_t bytes) const {
    return events_ == 0 || (events_ < bounds_.events_max && event_bytes_ + bytes <= bounds_.event_bytes_max);
  }
  void note_gone(const Item& item);
  void drop_oldest_event();

  const Bounds bounds_;
  std::deque<Item> items_;
  std::size_t events_ = 0;
  std::size_t event_bytes_ = 0, call_bytes_ = 0;
};

}  // namespace crosspoint::wamp::client
