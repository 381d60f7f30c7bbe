#pragma once
// A topic or a pattern of topics, and who wants its events.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "wamp/history.h"
#include "wamp/ids.h"
#include "wamp/options.h"
#include "wamp/participant.h"

namespace crosspoint::wamp {

class Subscriptions;
struct SubscriptionMember;

struct Subscriber {
  const Participant* who;
  SubscriptionMember* member;  // the rest is for class Subscriptions
  std::uint32_t place;         // in the member's list of stays
};

class Subscription {
 public:
  Subscription(SubscriptionId id, std::string_view uri, Match match, WallTime created)
      : id_(id), uri_(uri), match_(match), created_(created) {}
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

  SubscriptionId id() const { return id_; }
  const std::string& uri() const { return uri_; }
  Match match() const { return match_; }
  WallTime created() const { return created_; }
  // In no order.
  std::span<const Subscriber> subscribers() const { return subscribers_; }
  std::vector<SessionId> sessions() const {
    std::vector<SessionId> ids;
    for (const Subscriber& subscriber: subscribers_) ids.push_back(subscriber.who->id());
    return ids;
  }
  // Null: the events of this one are not kept.
  History* history() const { return history_.get(); }
  // Each event of this one is retained, whether its publisher asks for it or not.
  bool retains() const { return retains_; }
  // It exists without subscribers too.
  bool stays() const { return history_ != nullptr || retains_; }

 private:
  friend class Subscriptions;
  const SubscriptionId id_;
  const std::string uri_;
  const Match match_;
  const WallTime created_;
  std::vector<Subscriber> subscribers_;
  std::unique_ptr<History> history_;
  bool retains_ = false;
};

}  // namespace crosspoint::wamp
