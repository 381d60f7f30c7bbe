#include "wamp/subscriptions.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace crosspoint::wamp {

Result<Subscriptions::Joined, Subscriptions::Full> Subscriptions::join(const Participant& who,
                                                                       std::string_view uri, Match match,
                                                                       WallTime now) {
  Subscription* known = find(uri, match);
  if (known != nullptr && is_subscriber(who, *known)) return Joined{known, false, false};
  if (stays_of(who) >= settings_.subscriptions_per_session_max) return fail(Full::session);
  if (known == nullptr && size() >= settings_.subscriptions_max) return fail(Full::realm);
  Subscription& subscription = known != nullptr ? *known : create(uri, match, now);
  enter(who, members_[&who], subscription);
  return Joined{&subscription, known == nullptr, true};
}

bool Subscriptions::leave(const Participant& who, Subscription& subscription) {
  const auto member = members_.find(&who);
  if (member == members_.end()) return false;
  const auto place = stay_of(who, member->second, subscription);
  if (!place) return false;
  end_stay(member->second, *place);
  if (member->second.stays.empty()) members_.erase(member);
  return true;
}

std::vector<Subscription*> Subscriptions::leave_all(const Participant& who) {
  std::vector<Subscription*> left;
  const auto member = members_.find(&who);
  if (member == members_.end()) return left;
  for (auto& stays = member->second.stays; !stays.empty();) {
    left.push_back(stays.back().subscription);
    end_stay(member->second, stays.size() - 1);
  }
  members_.erase(member);
  return left;
}

std::unique_ptr<Subscription> Subscriptions::take_unused(Subscription& subscription) {
  if (!subscription.subscribers().empty() || subscription.stays()) return nullptr;
  index_.remove(subscription.match(), subscription.uri());
  const auto place = by_id_.find(subscription.id());
  auto taken = std::move(place->second);
  by_id_.erase(place);
  return taken;
}

Subscription& Subscriptions::keep_history(std::string_view uri, Match match, const HistoryLimits& limits,
                                          WallTime now) {
  Subscription& subscription = find_or_create(uri, match, now);
  CROSSPOINT_ASSERT(subscription.history_ == nullptr);
  subscription.history_ = std::make_unique<History>(limits);
  return subscription;
}

Subscription& Subscriptions::retain_all(std::string_view uri, Match match, WallTime now) {
  Subscription& subscription = find_or_create(uri, match, now);
  subscription.retains_ = true;
  return subscription;
}

Subscription& Subscriptions::find_or_create(std::string_view uri, Match match, WallTime now) {
  Subscription* known = find(uri, match);
  return known != nullptr ? *known : create(uri, match, now);
}

Subscription* Subscriptions::find(SubscriptionId id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second.get();
}

std::vector<SubscriptionId> Subscriptions::matching(std::string_view topic) const {
  std::vector<SubscriptionId> ids;
  match(topic, [&](const Subscription& subscription) { ids.push_back(subscription.id()); });
  return ids;
}

std::vector<SubscriptionId> Subscriptions::list(Match match) const {
  std::vector<SubscriptionId> ids;
  for (const auto& [id, subscription]: by_id_) {
    if (subscription->match() == match) ids.push_back(id);
  }
  std::ranges::sort(ids);
  return ids;
}

bool Subscriptions::is_subscriber(const Participant& who, const Subscription& subscription) const {
  const auto member = members_.find(&who);
  return member != members_.end() && stay_of(who, member->second, subscription).has_value();
}

std::size_t Subscriptions::stays_of(const Participant& who) const {
  const auto member = members_.find(&who);
  return member == members_.end() ? 0 : member->second.stays.size();
}

Subscription& Subscriptions::create(std::string_view uri, Match match, WallTime now) {
  const SubscriptionId id = ids_.next();
  auto made = std::make_unique<Subscription>(id, uri, match, now);
  Subscription& subscription = *made;
  by_id_.emplace(id, std::move(made));
  index_.add(match, uri, subscription);
  return subscription;
}

// In whichever list is shorter: a session with many subscriptions is one of few at most of them, and a
// subscription with many subscribers is one of few to most of those.
std::optional<std::size_t> Subscriptions::stay_of(const Participant& who, const SubscriptionMember& member,
                                                  const Subscription& subscription) {
  const auto& stays = member.stays;
  const auto& subscribers = subscription.subscribers_;
  if (stays.size() <= subscribers.size()) {
    const auto stay = std::ranges::find(stays, &subscription, &SubscriptionMember::Stay::subscription);
    if (stay == stays.end()) return std::nullopt;
    return static_cast<std::size_t>(stay - stays.begin());
  }
  const auto subscriber = std::ranges::find(subscribers, &who, &Subscriber::who);
  if (subscriber == subscribers.end()) return std::nullopt;
  return subscriber->place;
}

void Subscriptions::enter(const Participant& who, SubscriptionMember& member, Subscription& subscription) {
  auto& subscribers = subscription.subscribers_;
  member.stays.push_back({&subscription, static_cast<std::uint32_t>(subscribers.size())});
  subscribers.push_back({&who, &member, static_cast<std::uint32_t>(member.stays.size() - 1)});
}

// The last of each list takes the place that becomes free: leaving a crowd costs no more than leaving a few.
void Subscriptions::end_stay(SubscriptionMember& member, std::size_t place) {
  const SubscriptionMember::Stay ended = member.stays[place];
  auto& subscribers = ended.subscription->subscribers_;
  subscribers[ended.place] = subscribers.back();
  const Subscriber& moved = subscribers[ended.place];
  moved.member->stays[moved.place].place = ended.place;
  subscribers.pop_back();

  member.stays[place] = member.stays.back();
  const SubscriptionMember::Stay& last = member.stays[place];
  member.stays.pop_back();
  if (place < member.stays.size()) {
    last.subscription->subscribers_[last.place].place = static_cast<std::uint32_t>(place);
  }
}

}  // namespace crosspoint::wamp
