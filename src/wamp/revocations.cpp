#include "wamp/revocations.h"

#include <utility>
#include <vector>

#include "wamp/dealer_member.h"
#include "wamp/error_uri.h"
#include "wamp/realm.h"

namespace crosspoint::wamp {
namespace {

constexpr Match all_matches[] = {Match::exact, Match::prefix, Match::wildcard};

// What is the router's own (resident.h) no gate decides about.
bool is_denied(Realm& realm, const Participant& who, Action action, std::string_view uri, Match match) {
  if (realm.find(who.id()) == nullptr) return false;
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
        if (is_denied(realm, *subscriber.who, Action::subscribe, there.uri(), match))
          denied.emplace_back(id, subscriber.who->id());
      }
    }
  }
  return denied;
}

std::vector<std::pair<RegistrationId, SessionId>> denied_registrations(Realm& realm) {
  std::vector<std::pair<RegistrationId, SessionId>> denied;
  const auto& registrations = realm.dealer().registrations();
  for (const Match match: all_matches) {
    for (const auto id: registrations.list(match)) {
      const Registration& there = *registrations.find(id);
      for (const Callee* callee: there.callees()) {
        const Participant& who = callee->member.participant;
        if (is_denied(realm, who, Action::register_, there.procedure(), match))
          denied.emplace_back(id, who.id());
      }
    }
  }
  return denied;
}

}  // namespace

Revocations revoke_what_is_denied(Realm& realm) {
  Revocations count;
  for (const auto& [subscription, session]: denied_subscriptions(realm)) {
    if (realm.broker().remove_subscriber(subscription, session, error_uri::not_authorized))
      ++count.subscriptions;
  }
  for (const auto& [registration, session]: denied_registrations(realm)) {
    const auto removal =
        realm.dealer().remove_callee(registration, session, error_uri::not_authorized, realm.now().monotonic);
    if (removal == Dealer::Removal::removed) ++count.registrations;
  }
  return count;
}

}  // namespace crosspoint::wamp
