#pragma once
// Messages and bytes per second of each connection, over the last five to ten seconds: worked out from the
// counters that reports carry, when somebody asks for a report, so that a connection nobody looks at pays
// nothing for it.

#include <cstdint>
#include <unordered_map>

#include "base/time.h"
#include "relay/client_report.h"

namespace crosspoint::relay {

struct Rate {
  double messages_per_second = 0;
  double bytes_per_second = 0;
};
struct Rates {
  Rate sent, delivered;
};

class RateBook {
 public:
  // Of a connection as it is reported now; each `id` at most once between two calls of end_report().
  Rates rates_of(const ClientReport& report, MonotonicTime now);
  // All were asked for: who was not there any more is forgotten.
  void end_report();
  std::size_t size() const { return entries_.size(); }

 private:
  struct Sample {
    MonotonicTime at{};
    std::uint64_t sent_messages = 0, sent_bytes = 0, delivered_messages = 0, delivered_bytes = 0;
  };
  struct Entry {
    Sample base;    // what rates are measured from
    Sample recent;  // what they will be measured from next
    std::uint64_t seen = 0;
  };
  std::unordered_map<std::uint64_t, Entry> entries_;
  std::uint64_t report_ = 1;
};

}  // namespace crosspoint::relay
