#pragma once
// Histories that outlast the program (decision 0020). A realm reads its histories from memory; what is added
// to them and forgotten by them is written down here, in a thread that waits for the disk instead of the
// loop.
//
// Written behind: within `write_within` and the time that a flush takes, and all together at the end. What
// waits to be written are events that the histories have in memory too, so they need no limit of their own:
// an event that its history forgets while the disk is slow, or full, is not written any more.
//
// When it cannot be written it is tried again, all of it, and said once.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/time.h"
#include "wamp/io/history_file.h"

namespace crosspoint::wamp {

struct HistoryKeeperSettings {
  Duration write_within = 100ms;  // how long events gather for one flush
  Duration retry_after = 1s;      // when one failed
  std::size_t events_max = 1000;  // of each history, in one flush
};

struct HistoryKeeperCounters {
  std::uint64_t written = 0;    // events
  std::uint64_t unwritten = 0;  // events that were forgotten before they could be written
  std::uint64_t failures = 0;   // flushes
  bool operator==(const HistoryKeeperCounters&) const = default;
};

class HistoryKeeper final : public HistoryArchive {
 public:
  // `histories`: those that `file` has been asked for. They stay until the keeper goes.
  HistoryKeeper(std::unique_ptr<HistoryFile> file, std::vector<StoredHistory> histories,
                HistoryKeeperSettings settings = {});
  // Writes what waits. The realms are gone.
  ~HistoryKeeper();
  HistoryKeeper(const HistoryKeeper&) = delete;
  HistoryKeeper& operator=(const HistoryKeeper&) = delete;

  Opened open(std::string_view realm, const KeptTopic& topic) override;

  std::size_t waiting() const;  // events
  HistoryKeeperCounters counters() const;

 private:
  class Ledger;

  void note_change();
  void run();
  // All that waits. False: it could not be written.
  bool write(std::unique_lock<std::mutex>& lock);
  HistoryChanges changes() const;
  void note_written(const HistoryChanges& changes);
  void note_failure(const std::string& sentence);

  const HistoryKeeperSettings settings_;
  const std::unique_ptr<HistoryFile> file_;  // the thread's
  mutable std::mutex mutex_;                 // for all that follows, and what is in the ledgers
  std::condition_variable wake_;
  std::vector<std::unique_ptr<Ledger>> ledgers_;
  HistoryKeeperCounters counters_;
  bool changed_ = false;
  bool failing_ = false;
  bool ending_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace crosspoint::wamp
