#pragma once
// A disk for histories that outlives those who write on it, and can be slow, full or watched. For tests only.

#include <gtest/gtest.h>

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "wamp/io/history_file.h"

namespace crosspoint::wamp {

class TestHistoryDisk {
 public:
  using Events = std::map<HistoryPlace, SharedKeptEvent>;

  // Each is a file on this disk.
  std::unique_ptr<HistoryFile> open() { return std::make_unique<File>(*this); }

  // The next so many writes fail; -1: all.
  void fail_writes(int count) {
    const std::lock_guard lock(mutex_);
    failures_left_ = count;
  }
  // From now on who writes waits, until let_go().
  void hold() {
    const std::lock_guard lock(mutex_);
    held_ = true;
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_all();
  }
  // Until somebody waits to write.
  void wait_for_writer() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return held_writers_ > 0; });
  }
  void wait_for_events(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return written_ >= count; });
  }

  // Publication ids of a history's events, by place.
  std::vector<std::uint64_t> events(std::int64_t history) {
    const std::lock_guard lock(mutex_);
    std::vector<std::uint64_t> ids;
    for (const auto& [place, event]: histories_[history]) ids.push_back(number(event->publication));
    return ids;
  }
  std::vector<std::size_t> flushes() {  // how many events each had
    const std::lock_guard lock(mutex_);
    return flushes_;
  }

 private:
  class File final : public HistoryFile {
   public:
    explicit File(TestHistoryDisk& disk) : disk_(disk) {}
    Result<StoredHistory, std::string> load(const std::string& realm, const KeptTopic& topic) override {
      return disk_.load(realm, topic);
    }
    Result<void, std::string> write(const HistoryChanges& changes) override { return disk_.write(changes); }

   private:
    TestHistoryDisk& disk_;
  };

  StoredHistory load(const std::string& realm, const KeptTopic& topic) {
    const std::lock_guard lock(mutex_);
    const auto id = ids_.try_emplace(realm + " " + topic.uri, ids_.size() + 1).first->second;
    StoredHistory history{.id = id, .realm = realm, .uri = topic.uri, .match = topic.match};
    const auto& events = histories_[id];
    if (events.empty()) return history;
    history.first = events.begin()->first;
    history.next = events.rbegin()->first + 1;
    for (const auto& [place, event]: events) history.events.push_back(event);
    return history;
  }

  Result<void, std::string> write(const HistoryChanges& changes) {
    std::unique_lock lock(mutex_);
    ++held_writers_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !held_; });
    --held_writers_;
    if (failures_left_ != 0) {
      if (failures_left_ > 0) --failures_left_;
      return fail(std::string("the disk is full"));
    }
    flushes_.push_back(0);
    for (const HistoryChange& change: changes) apply(change);
    changed_.notify_all();
    return {};
  }
  void apply(const HistoryChange& change) {
    Events& events = histories_[change.id];
    events.erase(events.begin(), events.lower_bound(change.first));
    EXPECT_TRUE(events.empty() || change.events.empty() || events.rbegin()->first + 1 == change.at);
    for (std::size_t i = 0; i < change.events.size(); ++i) {
      events.emplace(change.at + static_cast<HistoryPlace>(i), change.events[i]);
    }
    flushes_.back() += change.events.size();
    written_ += change.events.size();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::int64_t> ids_;
  std::map<std::int64_t, Events> histories_;
  std::vector<std::size_t> flushes_;
  std::size_t written_ = 0;
  int failures_left_ = 0;
  int held_writers_ = 0;
  bool held_ = false;
};

}  // namespace crosspoint::wamp
