#pragma once
// The topics that live on one loop. A topic exists while somebody is present on it, and not a moment longer.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text_hash.h"
#include "relay/topic.h"

namespace crosspoint::relay {

class Hub;

struct HubEntry {
  HubEntry(Hub& of, std::string name, const TopicSettings& settings)
      : hub(of), topic(std::move(name), settings) {}
  Hub& hub;
  Topic topic;
  std::size_t present = 0;
  bool touched = false;
};

// Keeps a topic alive. Leaving is destroying it; the last one to leave takes the topic along.
class Presence {
 public:
  Presence(Presence&& other) noexcept : entry_(std::exchange(other.entry_, nullptr)) {}
  Presence& operator=(Presence&&) = delete;
  ~Presence();

  Topic& topic() const { return entry_->topic; }
  // The topic has something to hand out when this turn ends.
  void touch() const;

 private:
  friend class Hub;
  explicit Presence(HubEntry& entry) : entry_(&entry) { ++entry.present; }
  HubEntry* entry_;
};

// Hears of topics, from inside of enter() and of leaving: not to be answered with either.
class HubEvents {
 public:
  virtual void on_topic_created(std::string_view name) = 0;
  virtual void on_topic_deleted(std::string_view name) = 0;

 protected:
  ~HubEvents() = default;
};

class Hub {
 public:
  // Called when the first topic of a turn was touched, so that the loop ends the turn with end_turn().
  using Wake = std::function<void()>;
  // `settings` outlives the hub. `topics_max` bounds what strangers can make by naming topics.
  Hub(const TopicSettings& settings, std::size_t topics_max, Wake wake);
  ~Hub();
  void tell(HubEvents& events) { events_ = &events; }
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  // The topic of that name, made if need be; nothing when that would be one too many.
  std::optional<Presence> enter(std::string_view name);
  Topic* find(std::string_view name);

  // Hands out what this turn brought, topic by topic.
  void end_turn(MonotonicTime now);
  // visit(const Topic&) for each.
  template <class Visitor>
  void for_each(Visitor visit) const {
    for (const auto& [name, entry]: topics_) visit(entry->topic);
  }
  // To be called every few seconds.
  void rest(MonotonicTime now);

  std::size_t topics() const { return topics_.size(); }
  std::uint64_t topics_refused() const { return topics_refused_; }
  const TopicSettings& settings() const { return settings_; }

 private:
  friend class Presence;
  void leave(HubEntry& entry);
  void touch(HubEntry& entry);

  const TopicSettings& settings_;
  const std::size_t topics_max_;
  const Wake wake_;
  HubEvents* events_ = nullptr;
  ByText<std::unique_ptr<HubEntry>> topics_;
  std::vector<HubEntry*> touched_;
  std::uint64_t topics_refused_ = 0;
};

}  // namespace crosspoint::relay
