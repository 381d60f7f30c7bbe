#include "host/feeds.h"

#include <algorithm>

#include "base/assert.h"

namespace crosspoint::host {

MessageFacts Feed::learn(websocket::MessageType type, Bytes payload, MonotonicTime now) {
  MessageFacts facts;
  facts.feed = id_;
  ++counters_.messages;
  facts.at = now;
  counters_.bytes += payload.size();
  counters_.last = now;
  if (type == websocket::MessageType::binary) {
    facts.report = observer_.observe(payload, now);
    facts.begins_stream = facts.report.is_ts && !was_ts_;
    was_ts_ = facts.report.is_ts;
    if (facts.report.is_ts) facts.sequence = ts_messages_++;
    if (facts.report.access_point) facts.access_point = &observer_.access_point();
  }
  facts.feed_is_ts = observer_.is_ts();
  return facts;
}

Subscription::Subscription(Feeds& feeds, Feed& feed, Receiver& receiver, std::string group)
    : feeds_(feeds), feed_(&feed), receiver_(receiver), group_(std::move(group)) {
  feed.listeners_.push_back(this);
}

Subscription::~Subscription() {
  CROSSPOINT_ASSERT(!feeds_.handing_round_);
  std::erase(feed_->listeners_, this);
  if (!feed_->used()) feed_->log_.release_idle_memory();
}

Source::Source(Feed& feed) : feed_(&feed) { ++feed.sources_; }
Source::~Source() {
  set_stalled(false);
  --feed_->sources_;
  if (!feed_->used()) feed_->log_.release_idle_memory();
}

void Source::set_stalled(bool stalled) {
  if (stalled == stalled_) return;
  stalled_ = stalled;
  feed_->stalled_sources_ += stalled ? 1 : -1;
}

void Feeds::set_stream(std::string_view stream, std::span<const std::string> feeds) {
  CROSSPOINT_ASSERT(!handing_round_);
  streams_.insert_or_assign(std::string(stream), std::vector<std::string>(feeds.begin(), feeds.end()));
  for (auto& [name, feed]: by_name_) list_streams(*feed);
}

void Feeds::erase_stream(std::string_view stream) {
  CROSSPOINT_ASSERT(!handing_round_);
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return;
  streams_.erase(found);
  for (auto& [name, feed]: by_name_) list_streams(*feed);
}

bool Feeds::is_stream(std::string_view name) const { return names_a_stream(name) || streams_.contains(name); }

void Feeds::list_streams(Feed& feed) const {
  feed.streams_.clear();
  for (const auto& [stream, feeds]: streams_) {
    // Whoever listens to the name itself has the message already.
    if (stream != feed.name_ && std::ranges::find(feeds, feed.name_) != feeds.end())
      feed.streams_.push_back(stream);
  }
}

Feed* Feeds::use(std::string_view name) {
  if (const auto found = by_name_.find(name); found != by_name_.end()) return found->second.get();
  if (by_name_.size() >= names_max_) forget_unused();
  if (by_name_.size() >= names_max_) return nullptr;
  auto feed = std::make_unique<Feed>();
  feed->id_ = next_id_++;
  feed->name_ = name;
  list_streams(*feed);
  return by_name_.emplace(std::string(name), std::move(feed)).first->second.get();
}

void Feeds::forget_unused() {
  std::erase_if(by_name_, [](const auto& entry) { return !entry.second->used(); });
}

std::unique_ptr<Subscription> Feeds::subscribe(std::string_view name, Receiver& receiver, std::string group) {
  CROSSPOINT_ASSERT(!handing_round_);
  auto* feed = use(name);
  if (feed == nullptr) return nullptr;
  return std::unique_ptr<Subscription>(new Subscription(*this, *feed, receiver, std::move(group)));
}

std::unique_ptr<Source> Feeds::add_source(std::string_view name) {
  auto* feed = use(name);
  if (feed == nullptr) return nullptr;
  return std::unique_ptr<Source>(new Source(*feed));
}

std::size_t Feeds::publish(const Source& from, websocket::MessageType type, Bytes payload,
                           MonotonicTime now) {
  return publish_on(*from.feed_, nullptr, type, payload, now);
}

std::size_t Feeds::publish(const Subscription& from, websocket::MessageType type, Bytes payload,
                           MonotonicTime now) {
  return publish_on(*from.feed_, &from, type, payload, now);
}

std::size_t Feeds::publish_on(Feed& feed, const Subscription* from, websocket::MessageType type,
                              Bytes payload, MonotonicTime now) {
  CROSSPOINT_ASSERT(!handing_round_);
  const auto facts = feed.learn(type, payload, now);
  Message message(type, payload, facts, feed.log_);
  handing_round_ = true;
  auto given = hand_round(feed, from, message);
  for (const auto& stream: feed.streams_) {
    if (const auto found = by_name_.find(stream); found != by_name_.end())
      given += hand_round(*found->second, from, message);
  }
  handing_round_ = false;
  return given;
}

std::size_t Feeds::hand_round(const Feed& feed, const Subscription* from, Message& message) {
  std::size_t given = 0;
  for (auto* listener: feed.listeners_) {
    if (listener == from) continue;
    if (from != nullptr && !from->group_.empty() && from->group_ == listener->group_) continue;
    listener->receiver_.receive(message);
    ++given;
  }
  return given;
}

const Feed* Feeds::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second.get();
}

void Feeds::for_each(const std::function<void(const Feed&)>& visit) const {
  for (const auto& [name, feed]: by_name_) visit(*feed);
}

}  // namespace crosspoint::host
