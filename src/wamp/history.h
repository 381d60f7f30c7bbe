#pragma once
// The events of one topic or pattern, kept in the order they were published, and asked by
// `wamp.subscription.get_events` (wamp-router 7.6).
//
// Here in memory; a HistoryStore may write them down as well, and what it has is put back with restore() when
// the router starts. Events that were published with lists by session are not kept: such ids mean nothing to
// who asks later. Lists by authid and authrole are asked about the one who asks.

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "wamp/kept_event.h"

namespace crosspoint::wamp {

struct HistoryLimits {
  std::size_t events_max = 1000;
  std::size_t bytes_max = 16 * 1024 * 1024;
  Duration age_max{0};  // 0: however old

  bool operator==(const HistoryLimits&) const = default;
};

// Where a history is written down. Called as things happen, on the realm's loop; does not wait for a disk.
class HistoryStore {
 public:
  virtual void add(const SharedKeptEvent& event) = 0;
  // The `count` oldest are no longer wanted.
  virtual void drop_oldest(std::size_t count) = 0;

 protected:
  ~HistoryStore() = default;
};

// All that is given must hold.
struct HistoryFilter {
  bool reverse = false;                // the newest first
  std::optional<std::uint64_t> limit;  // so many, of those that come first
  std::optional<WallTime> from_time, after_time, before_time, until_time;  // >=, >, <, <=
  std::optional<std::string_view> topic;
  // Where in the history, by what else is there. One that is not in it selects nothing: it is not known what
  // would come after it or before it.
  std::optional<PublicationId> from_publication, after_publication;    // that one too; only those after it
  std::optional<PublicationId> before_publication, until_publication;  // only those before it; that one too
};

// Who asks.
struct HistoryReader {
  std::string_view authid = {}, authrole = {};
  bool takes_pass_through = false;  // payload_passthru_mode, where it subscribes or where it calls
};
HistoryReader history_reader(const Participant& who);

class History {
 public:
  explicit History(const HistoryLimits& limits) : limits_(limits) {}
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  // From now on all that happens is written down there too; outlives this.
  void attach(HistoryStore& store) { store_ = &store; }
  // What a store had, the oldest first and before anything else is added. Not written down again.
  void restore(SharedKeptEvent event);

  static bool keeps(const Publish& message) {
    return !message.lists || (!message.lists->exclude && !message.lists->eligible);
  }
  void add(SharedKeptEvent event);
  // Forgets what is too old; add() and select() do that too, so a topic that fell silent is all it is for.
  void expire(WallTime now);

  // What `reader` may see, and can: payloads that are passed through are for who announced them, as they are
  // when they are published.
  std::vector<SharedKeptEvent> select(const HistoryFilter& filter, const HistoryReader& reader, WallTime now);

  std::size_t size() const { return events_.size(); }
  std::size_t bytes() const { return bytes_; }

 private:
  struct Range {
    std::size_t begin, end;
  };
  std::optional<std::size_t> place_of(PublicationId publication) const;
  std::optional<Range> range_of(const HistoryFilter& filter) const;
  void trim(std::size_t& dropped);
  void drop_front(std::size_t& dropped);
  void tell_dropped(std::size_t dropped);

  const HistoryLimits limits_;
  HistoryStore* store_ = nullptr;
  std::deque<SharedKeptEvent> events_;
  std::size_t bytes_ = 0;
};

}  // namespace crosspoint::wamp
