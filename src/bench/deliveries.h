#pragma once
// Which messages have reached everybody that they are for, and how many are still under way. Numbers count
// from 0, in the order in which messages are sent.

#include <cstdint>
#include <deque>

namespace crosspoint::bench {

class Deliveries {
 public:
  // The next message, for so many receivers; its number.
  std::uint64_t send(std::size_t receivers) {
    waiting_.push_back(receivers);
    return complete_ + waiting_.size() - 1;
  }
  // One of them has it. True: at least one message more has reached everybody. Numbers that are not under way
  // are passed over: whoever checks the message counts them.
  bool arrive(std::uint64_t sequence) {
    if (sequence < complete_ || sequence - complete_ >= waiting_.size()) return false;
    std::size_t& missing = waiting_[static_cast<std::size_t>(sequence - complete_)];
    if (missing > 0) --missing;
    const auto before = complete_;
    while (!waiting_.empty() && waiting_.front() == 0) {
      waiting_.pop_front();
      ++complete_;
    }
    return complete_ != before;
  }
  std::uint64_t sent() const { return complete_ + waiting_.size(); }
  std::uint64_t under_way() const { return waiting_.size(); }  // counting from the oldest that somebody lacks

 private:
  std::deque<std::size_t> waiting_;  // receivers that lack message complete_, complete_ + 1, …
  std::uint64_t complete_ = 0;
};

}  // namespace crosspoint::bench
