#pragma once
// What a client has for its program, in the order it came: things to be called. Events are bounded, the
// oldest are lost first; what is owed to somebody who waits (an answer, a coroutine) is not lost, and bounded
// by what was asked for. Pure; whoever shares one between threads has the lock.

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>

namespace crosspoint::wamp::client {

class Inbox {
 public:
  enum class Kind : std::uint8_t {
    event,   // may be lost
    state,   // of two in a row the latter counts
    call,    // an invocation
    answer,  // somebody waits for it, even at the end
  };
  struct Item {
    Kind kind;
    std::size_t bytes;  // of an event
    std::function<void()> run;
  };

  Inbox(std::size_t events_max, std::size_t bytes_max) : events_max_(events_max), bytes_max_(bytes_max) {}

  // Returns how many events were lost by it.
  std::size_t push(Item item);
  std::optional<Item> pop();
  // Throws away everything but answers.
  void keep_answers();

  bool empty() const { return items_.empty(); }
  std::size_t items() const { return items_.size(); }

 private:
  // What an event costs beside its bytes while it waits, so that empty ones are bounded too.
  static constexpr std::size_t overhead_bytes = 64;
  bool has_room_for(std::size_t bytes) const {
    return events_ == 0 || (events_ < events_max_ && bytes_ + bytes <= bytes_max_);
  }
  void note_gone(const Item& item);
  void drop_oldest_event();

  std::size_t events_max_, bytes_max_;
  std::deque<Item> items_;
  std::size_t events_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace crosspoint::wamp::client
