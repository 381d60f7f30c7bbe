#pragma once
// Where histories are written down: a file that a HistoryKeeper fills from its own thread (history_keeper.h).

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "wamp/kept_topic.h"

namespace crosspoint::wamp {

// The events of a history have places, counted up without a gap: those that it still has are the places from
// `first` up to the one before `next`.
using HistoryPlace = std::int64_t;

struct StoredHistory {
  std::int64_t id = 0;  // in the file
  std::string realm = {}, uri = {};
  Match match = Match::exact;
  HistoryPlace first = 0, next = 0;
  std::vector<SharedKeptEvent> events = {};  // the oldest first
};

// What happened to one history since it was last written.
struct HistoryChange {
  std::int64_t id = 0;
  HistoryPlace at = 0;                  // of the first of the events
  std::vector<SharedKeptEvent> events;  // that were added
  HistoryPlace first = 0;               // what was before is forgotten
};
using HistoryChanges = std::vector<HistoryChange>;

// Used by one thread at a time; waits for the disk. Errors are sentences that name the file.
class HistoryFile {
 public:
  virtual ~HistoryFile() = default;

  // What it has of this one, which it has from now on: the newest events that its limits allow.
  virtual Result<StoredHistory, std::string> load(const std::string& realm, const KeptTopic& topic) = 0;
  // All of it, or, when it fails, nothing. What it has written is not lost by a crash.
  virtual Result<void, std::string> write(const HistoryChanges& changes) = 0;
};

// In SQLite. What it has of histories that nobody loads stays in it.
Result<std::unique_ptr<HistoryFile>, std::string> open_history_database(const std::string& path);

}  // namespace crosspoint::wamp
