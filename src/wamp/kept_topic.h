#pragma once
// A topic, or pattern of topics, whose events outlive their publication because the configuration says so
// ([[wamp.realm.topic]]), and where histories outlast the program.

#include <string>
#include <string_view>
#include <vector>

#include "wamp/history.h"
#include "wamp/options.h"

namespace crosspoint::wamp {

struct KeptTopic {
  std::string uri = {};
  Match match = Match::exact;
  HistoryLimits history = {};  // events_max 0: it has no history
  bool in_database = false;    // its history outlasts the program
  bool retain = false;         // each of its events is retained, as if the publisher had asked for it

  bool operator==(const KeptTopic&) const = default;
};

// Asked by a realm that comes into being, on its loop; does not wait for a disk.
class HistoryArchive {
 public:
  struct Opened {
    HistoryStore* store;                  // outlives the realm; null: this history is not in the archive
    std::vector<SharedKeptEvent> events;  // that it has, the oldest first
  };
  virtual Opened open(std::string_view realm, const KeptTopic& topic) = 0;

 protected:
  ~HistoryArchive() = default;
};

}  // namespace crosspoint::wamp
