#pragma once
// Who publishes on which feed, who listens to which feed or stream, and handing each message to each listener
// once.
//
// A name is made by using it. What is published on a feed goes to everybody who listens to that name, and to
// everybody who listens to a stream whose rule lists it: whole, in the order it came. Messages of different
// feeds of a stream are only interleaved here; putting transport streams of several encoders together so that
// they share one table (D.7 of the agent's specification: PIDs, PAT, PMT) belongs between this and the
// receivers of a stream.
//
// Pure, and one loop's. Receivers only queue what they are given: nobody subscribes, leaves or publishes
// while a message goes round.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text_hash.h"
#include "fanout/frame_log.h"
#include "host/message.h"
#include "host/name.h"
#include "media/ts_observer.h"

namespace crosspoint::host {

// Somebody who listens.
class Receiver {
 public:
  // Queue it, or do not: no writing, no calling back.
  virtual void receive(Message& message) = 0;

 protected:
  ~Receiver() = default;
};

struct FeedCounters {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  MonotonicTime last{};  // when the last message came; meaningless while messages is 0
};

class Feeds;
class Subscription;

// One name, as long as somebody uses it or remembers it. Feeds owns it.
class Feed {
 public:
  const std::string& name() const { return name_; }
  const FeedCounters& counters() const { return counters_; }
  const media::TsObserver& observer() const { return observer_; }
  std::size_t sources() const { return sources_; }
  std::size_t stalled_sources() const { return stalled_sources_; }
  std::size_t listeners() const { return listeners_.size(); }

 private:
  friend class Feeds;
  friend class Subscription;
  friend class Source;
  bool used() const { return sources_ > 0 || !listeners_.empty(); }
  MessageFacts learn(websocket::MessageType type, Bytes payload, MonotonicTime now);

  FeedId id_ = 0;
  std::string name_;
  FeedCounters counters_;
  std::size_t sources_ = 0;
  std::size_t stalled_sources_ = 0;
  std::vector<Subscription*> listeners_;
  std::vector<std::string> streams_;  // whose rules list this feed
  media::TsObserver observer_;
  bool was_ts_ = false;
  std::uint64_t ts_messages_ = 0;
  fanout::FrameLog log_;  // only a place to build frames in: nothing stays
};

// Listening to a name. Ends when destroyed.
class Subscription {
 public:
  ~Subscription();
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;
  const Feed& feed() const { return *feed_; }

 private:
  friend class Feeds;
  Subscription(Feeds& feeds, Feed& feed, Receiver& receiver, std::string group);
  Feeds& feeds_;
  Feed* feed_;
  Receiver& receiver_;
  std::string group_;
};

// Being one of those whose uploads feed a name. Ends when destroyed.
class Source {
 public:
  ~Source();
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  const Feed& feed() const { return *feed_; }
  // It is open and brings nothing: shown, nothing else.
  void set_stalled(bool stalled);

 private:
  friend class Feeds;
  explicit Source(Feed& feed);
  Feed* feed_;
  bool stalled_ = false;
};

class Feeds {
 public:
  // Names that nobody uses are remembered, for their numbers, until there are so many.
  explicit Feeds(std::size_t names_max = 1024) : names_max_(names_max) {}
  Feeds(const Feeds&) = delete;
  Feeds& operator=(const Feeds&) = delete;

  // The rule of a stream, new or again.
  void set_stream(std::string_view stream, std::span<const std::string> feeds);
  void erase_stream(std::string_view stream);
  // Has it a rule, or does its name say that it is one? What comes back on a stream goes nowhere.
  bool is_stream(std::string_view name) const;

  // Null when names_max names are in use. `group`: two subscriptions of one (not empty) group never hear each
  // other.
  std::unique_ptr<Subscription> subscribe(std::string_view name, Receiver& receiver, std::string group = {});
  std::unique_ptr<Source> add_source(std::string_view feed);

  // Returns how many were given the message. `from` is left out.
  std::size_t publish(const Source& from, websocket::MessageType type, Bytes payload, MonotonicTime now);
  std::size_t publish(const Subscription& from, websocket::MessageType type, Bytes payload,
                      MonotonicTime now);

  std::size_t names() const { return by_name_.size(); }
  const Feed* find(std::string_view name) const;
  void for_each(const std::function<void(const Feed&)>& visit) const;  // in no order

 private:
  friend class Subscription;
  Feed* use(std::string_view name);
  void forget_unused();
  void list_streams(Feed& feed) const;
  std::size_t publish_on(Feed& feed, const Subscription* from, websocket::MessageType type, Bytes payload,
                         MonotonicTime now);
  static std::size_t hand_round(const Feed& feed, const Subscription* from, Message& message);

  std::size_t names_max_;
  FeedId next_id_ = 1;
  bool handing_round_ = false;
  ByText<std::unique_ptr<Feed>> by_name_;
  ByText<std::vector<std::string>> streams_;
};

}  // namespace crosspoint::host
