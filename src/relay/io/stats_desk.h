#pragma once
// Reports of who is connected to token topics: on topic `stats` every few seconds while somebody listens
// there, at once when a subscriber asks, and for GET /status.
//
// Lives on the loop of topic `stats`, and gathers from all loops.

#include <functional>
#include <string>
#include <utility>

#include "net/loop.h"
#include "relay/connection_list.h"
#include "relay/io/gateway.h"
#include "relay/rate_book.h"

namespace crosspoint::relay {

// What somebody else has to tell in reports: a JSON object, or nothing. Called on the loop of the desk;
// `done` may be called on any.
using ReportPart = std::function<void(std::move_only_function<void(std::string json)> done)>;

class StatsDesk {
 public:
  // `gateway` is the one that owns topic `stats`, and outlives the desk. Made before the loops run.
  StatsDesk(Gateway& gateway, Duration every);

  // It becomes "wamp" of the relay's own entry. Before the loops run.
  void add(ReportPart part) { part_ = std::move(part); }

  // From any loop; `done` is called on `answer_on`.
  void list(ListForm form, net::Loop& answer_on, std::move_only_function<void(std::string)> done);

 private:
  void gather(ListForm form, std::move_only_function<void(std::string)> done);
  void gather(ListForm form, std::string part, std::move_only_function<void(std::string)> done);
  void report();
  void on_asked();

  Gateway& gateway_;
  const Duration every_;
  const WallTime since_;
  ReportPart part_;  // empty: there is none
  RateBook rates_;
  MonotonicTime last_report_{};
  net::Timer timer_;
};

}  // namespace crosspoint::relay
