#pragma once
// All subscriptions of a realm and who has which: found by id, by URI and way of matching, by a topic that
// matches, and by session. What the subscription meta API asks is asked here.
//
// Owns the subscriptions. Sends nothing and tells nobody: broker.h does. A participant stays until
// leave_all().

#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "wamp/broker_settings.h"
#include "wamp/pattern_index.h"
#include "wamp/subscription.h"

namespace crosspoint::wamp {

// Where a session is subscribed.
struct SubscriptionMember {
  struct Stay {
    Subscription* subscription;
    std::uint32_t place;  // among its subscribers
  };
  std::vector<Stay> stays;
};

class Subscriptions {
 public:
  explicit Subscriptions(const BrokerSettings& settings) : settings_(settings) {}
  Subscriptions(const Subscriptions&) = delete;
  Subscriptions& operator=(const Subscriptions&) = delete;

  enum class Full : unsigned char { session, realm };
  struct Joined {
    Subscription* subscription;
    bool created;  // it is the first one there
    bool joined;   // false: it was there before
  };
  Result<Joined, Full> join(const Participant& who, std::string_view uri, Match match, WallTime now);

  // False: it is not there.
  bool leave(const Participant& who, Subscription& subscription);
  // Where it was. Its subscriptions are still there, perhaps without subscribers: take_unused().
  std::vector<Subscription*> leave_all(const Participant& who);
  // Takes the subscription out, when it has no subscribers and does not stay without. Null: it stays.
  std::unique_ptr<Subscription> take_unused(Subscription& subscription);

  // A subscription that keeps its events, from now on and whether anybody subscribes or not. Once for each
  // pattern, and not counted by subscriptions_max.
  Subscription& keep_history(std::string_view uri, Match match, const HistoryLimits& limits, WallTime now);
  // One whose events are all retained; otherwise the same.
  Subscription& retain_all(std::string_view uri, Match match, WallTime now);

  // --- look-ups; null: there is none ---
  Subscription* find(SubscriptionId id) const;
  Subscription* find(std::string_view uri, Match match) const { return index_.find(match, uri); }
  // visit(Subscription&) for each that `topic` matches.
  template <typename Visitor>
  std::size_t match(std::string_view topic, Visitor visit) const {
    return index_.match(topic, visit);
  }
  std::vector<SubscriptionId> matching(std::string_view topic) const;
  std::vector<SubscriptionId> list(Match match) const;  // from the oldest
  bool is_subscriber(const Participant& who, const Subscription& subscription) const;

  std::size_t size() const { return by_id_.size(); }
  std::size_t members() const { return members_.size(); }  // sessions that are subscribed somewhere
  std::size_t stays_of(const Participant& who) const;

 private:
  using Members = std::unordered_map<const Participant*, SubscriptionMember>;
  Subscription& create(std::string_view uri, Match match, WallTime now);
  Subscription& find_or_create(std::string_view uri, Match match, WallTime now);
  static std::optional<std::size_t> stay_of(const Participant& who, const SubscriptionMember& member,
                                            const Subscription& subscription);
  static void enter(const Participant& who, SubscriptionMember& member, Subscription& subscription);
  static void end_stay(SubscriptionMember& member, std::size_t place);

  const BrokerSettings& settings_;
  std::unordered_map<SubscriptionId, std::unique_ptr<Subscription>> by_id_;
  PatternIndex<Subscription> index_;
  Members members_;
  IdSequence<SubscriptionId> ids_;
};

}  // namespace crosspoint::wamp
