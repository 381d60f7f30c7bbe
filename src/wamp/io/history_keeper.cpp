#include "wamp/io/history_keeper.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace crosspoint::wamp {

// What is to be written of one history: its events from `next - waiting.size()` on, and where it begins now.
class HistoryKeeper::Ledger final : public HistoryStore {
 public:
  Ledger(HistoryKeeper& keeper, StoredHistory stored) : keeper_(keeper), history(std::move(stored)) {}

  void add(const SharedKeptEvent& event) override {
    const std::lock_guard lock(keeper_.mutex_);
    waiting.push_back(event);
    ++history.next;
    keeper_.note_change();
  }
  void drop_oldest(std::size_t count) override {
    const std::lock_guard lock(keeper_.mutex_);
    drop_until(history.first + static_cast<HistoryPlace>(count));
  }
  void drop_until(HistoryPlace first) {
    history.first = first;
    for (; !waiting.empty() && at() < first; waiting.pop_front()) ++keeper_.counters_.unwritten;
    keeper_.note_change();
  }

  HistoryPlace at() const { return history.next - static_cast<HistoryPlace>(waiting.size()); }
  bool is_written() const { return waiting.empty() && first_written == history.first; }

 private:
  HistoryKeeper& keeper_;

 public:
  StoredHistory history;           // its events: until a realm opens it
  HistoryPlace first_written = 0;  // what the limits leave out of what the file had goes with the first flush
  bool opened = false;
  std::deque<SharedKeptEvent> waiting;
};

HistoryKeeper::HistoryKeeper(std::unique_ptr<HistoryFile> file, std::vector<StoredHistory> histories,
                             HistoryKeeperSettings settings)
    : settings_(settings), file_(std::move(file)) {
  for (auto& history: histories) ledgers_.push_back(std::make_unique<Ledger>(*this, std::move(history)));
  changed_ = !ledgers_.empty();
  thread_ = std::thread([this] { run(); });
}

HistoryKeeper::~HistoryKeeper() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

HistoryArchive::Opened HistoryKeeper::open(std::string_view realm, const KeptTopic& topic) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find_if(ledgers_, [&](const auto& ledger) {
    const auto& history = ledger->history;
    return history.realm == realm && history.uri == topic.uri && history.match == topic.match;
  });
  if (found == ledgers_.end()) return {nullptr, {}};
  Ledger& ledger = **found;
  // A realm that went and has come again: it begins with nothing.
  if (std::exchange(ledger.opened, true)) ledger.drop_until(ledger.history.next);
  return {&ledger, std::exchange(ledger.history.events, {})};
}

std::size_t HistoryKeeper::waiting() const {
  const std::lock_guard lock(mutex_);
  std::size_t events = 0;
  for (const auto& ledger: ledgers_) events += ledger->waiting.size();
  return events;
}

HistoryKeeperCounters HistoryKeeper::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

void HistoryKeeper::note_change() {
  if (!std::exchange(changed_, true)) wake_.notify_one();
}

void HistoryKeeper::run() {
  std::unique_lock lock(mutex_);
  const auto ends = [this] { return ending_; };
  while (true) {
    wake_.wait(lock, [this] { return ending_ || changed_; });
    if (!changed_) return;
    wake_.wait_for(lock, settings_.write_within, ends);
    const bool last_attempt = ending_;
    if (write(lock)) continue;
    if (last_attempt) return log::error("wamp", "the newest events of histories are not written, and lost");
    wake_.wait_for(lock, settings_.retry_after, ends);
  }
}

bool HistoryKeeper::write(std::unique_lock<std::mutex>& lock) {
  while (true) {
    const HistoryChanges batch = changes();
    changed_ = !batch.empty();
    if (batch.empty()) return true;
    lock.unlock();
    const auto written = file_->write(batch);
    lock.lock();
    if (!written) {
      note_failure(written.error());
      return false;
    }
    note_written(batch);
  }
}

HistoryChanges HistoryKeeper::changes() const {
  HistoryChanges changes;
  for (const auto& ledger: ledgers_) {
    if (ledger->is_written()) continue;
    const auto& waiting = ledger->waiting;
    const auto count = static_cast<std::ptrdiff_t>(std::min(waiting.size(), settings_.events_max));
    changes.push_back({ledger->history.id,
                       ledger->at(),
                       {waiting.begin(), waiting.begin() + count},
                       ledger->history.first});
  }
  return changes;
}

// Meanwhile histories have gone on: some of what was written may have been forgotten.
void HistoryKeeper::note_written(const HistoryChanges& changes) {
  for (const HistoryChange& change: changes) {
    auto& ledger = **std::ranges::find(ledgers_, change.id, [](const auto& l) { return l->history.id; });
    const auto end = change.at + static_cast<HistoryPlace>(change.events.size());
    while (!ledger.waiting.empty() && ledger.at() < end) ledger.waiting.pop_front();
    ledger.first_written = change.first;
    counters_.written += change.events.size();
  }
  if (std::exchange(failing_, false)) log::info("wamp", "histories are written again");
}

void HistoryKeeper::note_failure(const std::string& sentence) {
  ++counters_.failures;
  if (std::exchange(failing_, true)) return;
  log::error("wamp", "histories are not written, and tried again: {}", sentence);
}

}  // namespace crosspoint::wamp
