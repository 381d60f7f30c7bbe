#include "relay/hub.h"

#include "base/assert.h"

namespace crosspoint::relay {

Presence::~Presence() {
  if (entry_ != nullptr) entry_->hub.leave(*entry_);
}

void Presence::touch() const { entry_->hub.touch(*entry_); }

Hub::Hub(const TopicSettings& settings, std::size_t topics_max, Wake wake)
    : settings_(settings), topics_max_(topics_max), wake_(std::move(wake)) {}

Hub::~Hub() { CROSSPOINT_ASSERT(topics_.empty()); }

std::optional<Presence> Hub::enter(std::string_view name) {
  auto found = topics_.find(name);
  if (found == topics_.end()) {
    if (topics_.size() >= topics_max_) {
      ++topics_refused_;
      return std::nullopt;
    }
    found =
        topics_.emplace(std::string(name), std::make_unique<HubEntry>(*this, std::string(name), settings_))
            .first;
    if (events_ != nullptr) events_->on_topic_created(name);
  }
  return Presence(*found->second);
}

Topic* Hub::find(std::string_view name) {
  const auto found = topics_.find(name);
  return found == topics_.end() ? nullptr : &found->second->topic;
}

void Hub::leave(HubEntry& entry) {
  if (--entry.present > 0) return;
  std::erase(touched_, &entry);
  const auto gone = topics_.extract(entry.topic.name());
  if (events_ != nullptr) events_->on_topic_deleted(gone.key());
}

void Hub::touch(HubEntry& entry) {
  if (std::exchange(entry.touched, true)) return;
  touched_.push_back(&entry);
  if (touched_.size() == 1) wake_();
}

void Hub::end_turn(MonotonicTime now) {
  // Handing out only queues: nobody enters, leaves or touches while this goes round.
  for (HubEntry* entry: touched_) {
    entry->touched = false;
    entry->topic.end_turn(now);
  }
  touched_.clear();
}

void Hub::rest(MonotonicTime now) {
  for (auto& [name, entry]: topics_) entry->topic.rest(now);
}

}  // namespace crosspoint::relay
