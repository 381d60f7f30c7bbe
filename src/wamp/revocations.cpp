#include "wamp/revocations.h"

#include <utility>
#include <vector>

#include "wamp/dealer_member.h"
#include "wamp/error_uri.h"
#include "wamp/realm.h"

namespace crosspoint::wamp {
namespace {

constexpr Match all_matches[] = {Match::exact, Match::prefix, Match::wildcard};

// What is the router's own (resident.h) is no session's, and no gate decides about it.
bool is_inside(const Realm& realm, const Participant& who) { return realm.find(who.id()) != nullptr; }

bool is_denied(Realm& realm, const Participant& who, Action action, std::string_view uri, Match match) {
  const auto judged = realm.judge(who, action, uri, match);
  return !judged.allowed && judged.kind != Judgement::Kind::unknown;
}

// First they are all found: what is taken away may take others along.
std::vector<std::pair<SubscriptionId, SessionId>> denied_subscriptions(Realm& realm) {
  std::vector<std::pair<SubscriptionId, SessionId>> denied;
  const auto& subscriptions = realm.broker().subscriptions();
  for (const Match match: all_matches) {
    for (const auto id: subscriptions.list(match)) {
      const Subscription& there = *subscriptions.find(id);
      for (const Subscriber& subscriber: there.subscribers()) {
        const Participant& who = *subscriber.who;
        if (is_inside(realm, who) && is_denied(realm, who, Action::subscribe, there.uri(), match))
          denied.emplace_back(id, who.id());
      }
    }
  }
  return denied;
}

using RegistrationsOfSessions = std::vector<std::pair<RegistrationId, SessionId>>;

// Of the sessions in the realm, those for which is_meant(participant, registration) is true.
template <class IsMeant>
RegistrationsOfSessions find_registrations(Realm& realm, IsMeant is_meant) {
  RegistrationsOfSessions found;
  const auto& registrations = realm.dealer().registrations();
  for (const Match match: all_matches) {
    for (const auto id: registrations.list(match)) {
      const Registration& there = *registrations.find(id);
      for (const Callee* callee: there.callees()) {
        const Participant& who = callee->member.participant;
        if (is_inside(realm, who) && is_meant(who, there)) found.emplace_back(id, who.id());
      }
    }
  }
  return found;
}

std::size_t revoke(Realm& realm, const RegistrationsOfSessions& registrations, std::string_view reason) {
  std::size_t count = 0;
  for (const auto& [registration, session]: registrations) {
    const auto removal = realm.dealer().remove_callee(registration, session, reason, realm.now().monotonic);
    if (removal == Dealer::Removal::removed) ++count;
  }
  return count;
}

}  // namespace

Revocations revoke_what_is_denied(Realm& realm) {
  Revocations count;
  for (const auto& [subscription, session]: denied_subscriptions(realm)) {
    if (realm.broker().remove_subscriber(subscription, session, error_uri::not_authorized))
      ++count.subscriptions;
  }
  const auto is_meant = [&](const Participant& who, const Registration& there) {
    return is_denied(realm, who, Action::register_, there.procedure(), there.match());
  };
  count.registrations = revoke(realm, find_registrations(realm, is_meant), error_uri::not_authorized);
  return count;
}

void revoke_registrations_below(Realm& realm, std::string_view prefix) {
  const auto is_meant = [&](const Participant&, const Registration& there) {
    return there.procedure().starts_with(prefix);
  };
  revoke(realm, find_registrations(realm, is_meant), error_uri::unregistered);
}

}  // namespace crosspoint::wamp
