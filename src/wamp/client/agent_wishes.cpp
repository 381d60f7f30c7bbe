// Subscriptions and registrations: what is wished for in every session.
#include <algorithm>
#include <utility>
#include <vector>

#include "wamp/client/agent.h"

namespace crosspoint::wamp::client {

WishId Agent::subscribe(SubscribeOrder order) {
  const auto id = ++ids_;
  auto& wish = wishes_[id] = {.is_subscription = true, .topic = std::move(order), .procedure = {}};
  if (joined()) ask_for(id, wish);
  return WishId{id};
}

WishId Agent::register_procedure(RegisterOrder order) {
  const auto id = ++ids_;
  auto& wish = wishes_[id] = {.is_subscription = false, .topic = {}, .procedure = std::move(order)};
  if (joined()) ask_for(id, wish);
  return WishId{id};
}

void Agent::ask_for(std::uint64_t id, Wish& wish) {
  const auto request = session_->next_request();
  wish.state = Wish::State::asked;
  wish.retry_at.reset();
  if (wish.is_subscription) {
    const auto& [topic, match, get_retained] = wish.topic;
    asked_.emplace(number(request), Asked{Code::subscribe, id});
    (void)session_->tell(Subscribe{request, topic, match, get_retained}, Session::Queue::whatever_waits);
    return;
  }
  const auto& [procedure, match, invoke, concurrency, force, disclose_caller, forward_timeout, progressive] =
      wish.procedure;
  asked_.emplace(number(request), Asked{Code::register_, id});
  (void)session_->tell(
      Register{request, procedure, match, invoke, concurrency, force, disclose_caller, forward_timeout},
      Session::Queue::whatever_waits);
}

void Agent::ask_for_all() {
  for (auto& [id, wish]: wishes_) ask_for(id, wish);
}

// The router knows one subscription of this session for each topic, whoever of us wished for it.
bool Agent::shared(const Wish& wish) const {
  return std::ranges::any_of(wishes_, [&](const auto& entry) {
    const Wish& other = entry.second;
    return &other != &wish && other.is_subscription && other.state != Wish::State::leaving &&
           other.topic.topic == wish.topic.topic && other.topic.match == wish.topic.match;
  });
}

bool Agent::withdraw(WishId id) {
  const auto found = wishes_.find(std::to_underlying(id));
  if (found == wishes_.end()) return true;
  auto& wish = found->second;
  if (wish.state == Wish::State::leaving) return false;
  if (joined() && wish.state == Wish::State::asked) {
    wish.state = Wish::State::leaving;  // once it is granted
    return false;
  }
  const bool told = joined() && wish.state == Wish::State::granted && say_farewell(found->first, wish);
  forget(found->first);
  return !told;
}

// False: the router need not know.
bool Agent::say_farewell(std::uint64_t id, Wish& wish) {
  if (wish.is_subscription && shared(wish)) return false;
  const auto request = session_->next_request();
  if (wish.is_subscription) {
    asked_.emplace(number(request), Asked{Code::unsubscribe, id});
    (void)session_->tell(Unsubscribe{request, SubscriptionId{wish.id}}, Session::Queue::whatever_waits);
  } else {
    asked_.emplace(number(request), Asked{Code::unregister, id});
    (void)session_->tell(Unregister{request, RegistrationId{wish.id}}, Session::Queue::whatever_waits);
  }
  return true;
}

// Of a wish that was withdrawn before it was granted.
void Agent::end_withdrawal(std::uint64_t id) {
  forget(id);
  events_.on_withdrawn(WishId{id}, {});
}

void Agent::forget(std::uint64_t id) {
  const auto found = wishes_.find(id);
  if (found == wishes_.end()) return;
  if (found->second.id != 0 && found->second.is_subscription) {
    const auto there = by_subscription_.find(found->second.id);
    if (there != by_subscription_.end()) {
      std::erase(there->second, id);
      if (there->second.empty()) by_subscription_.erase(there);
    }
  } else if (found->second.id != 0) {
    by_registration_.erase(found->second.id);
  }
  wishes_.erase(found);
}

void Agent::take(const Subscribed& subscribed) {
  const auto asked = take_asked(subscribed.request, Code::subscribe);
  if (!asked) return;
  auto& wish = wishes_.at(asked->owner);
  wish.id = number(subscribed.subscription);
  if (wish.state == Wish::State::leaving) {
    if (!say_farewell(asked->owner, wish)) return end_withdrawal(asked->owner);
    return forget(asked->owner);
  }
  wish.state = Wish::State::granted;
  by_subscription_[wish.id].push_back(asked->owner);
  events_.on_granted(WishId{asked->owner});
}

void Agent::take(const Registered& registered) {
  const auto asked = take_asked(registered.request, Code::register_);
  if (!asked) return;
  auto& wish = wishes_.at(asked->owner);
  wish.id = number(registered.registration);
  if (wish.state == Wish::State::leaving) {
    say_farewell(asked->owner, wish);
    return forget(asked->owner);
  }
  wish.state = Wish::State::granted;
  wish.was_granted = true;
  wish.retry_delay = {};
  by_registration_[wish.id] = asked->owner;
  events_.on_granted(WishId{asked->owner});
}

void Agent::deny(std::uint64_t id, const Failure& failure) {
  forget(id);
  events_.on_denied(WishId{id}, failure);
}

void Agent::on_refusal(std::uint64_t id, const ErrorOut& error) {
  const auto found = wishes_.find(id);
  if (found == wishes_.end()) return;
  auto& wish = found->second;
  if (wish.state == Wish::State::leaving) return end_withdrawal(id);
  if (wish.was_granted && error.error == error_uri::procedure_already_exists) {
    wish.state = Wish::State::idle;
    wish.retry_delay = wish.retry_delay == Duration::zero()
                           ? settings_.retry_first
                           : std::min(2 * wish.retry_delay, settings_.retry_longest);
    wish.retry_at = now_ + wish.retry_delay;
    return;
  }
  deny(id, {error.error, {}, error.payload});
}

void Agent::retry(MonotonicTime now) {
  if (!joined()) return;
  for (auto& [id, wish]: wishes_) {
    if (wish.retry_at && *wish.retry_at <= now) ask_for(id, wish);
  }
}

void Agent::take(const SubscriptionRevoked& revoked) {
  const auto found = by_subscription_.find(number(revoked.subscription));
  if (found == by_subscription_.end()) return stray();
  const auto ids = found->second;
  for (const auto id: ids) deny(id, {revoked.reason, "the router ended the subscription", {}});
}

void Agent::take(const RegistrationRevoked& revoked) {
  const auto found = by_registration_.find(number(revoked.registration));
  if (found == by_registration_.end()) return stray();
  deny(found->second, {revoked.reason, "the router ended the registration", {}});
}

void Agent::take(const Event& event) {
  const auto found = by_subscription_.find(number(event.subscription));
  if (found == by_subscription_.end()) return stray();
  const auto ids = found->second;  // the program may subscribe and withdraw while it is told
  for (const auto id: ids) {
    const auto wish = wishes_.find(id);
    if (wish == wishes_.end()) continue;
    auto named = event;
    const auto topic = wish->second.topic.topic;
    if (named.topic.empty()) named.topic = topic;
    events_.on_event(WishId{id}, named);
  }
}

// No session: nothing is granted any more, everything is wished for as before.
void Agent::forget_grants() {
  by_subscription_.clear();
  by_registration_.clear();
  std::vector<std::uint64_t> leaving;
  for (const auto& [id, wish]: wishes_) {
    if (wish.state == Wish::State::leaving) leaving.push_back(id);
  }
  for (const auto id: leaving) {
    wishes_.erase(id);
    events_.on_withdrawn(WishId{id}, {});
  }
  for (auto& [id, wish]: wishes_) {
    wish.state = Wish::State::idle;
    wish.id = 0;
    wish.retry_at.reset();
    wish.retry_delay = {};
  }
}

}  // namespace crosspoint::wamp::client
