#pragma once
// What sessions have, and may not have any more: after the gate's rules have changed, each subscription and
// each registration is judged as if it were asked for now. What is denied is taken away, with the reason
// wamp.error.not_authorized to those who announced revocation, and with the news (wamp.subscription.on_…) of
// any other end. Calls that a callee has already are still its to answer.
//
// Where somebody would have to be asked (Judgement::Kind::unknown) things stay as they are: who was let in by
// a procedure is not put out before that says no.

#include <cstddef>
#include <string_view>

namespace crosspoint::wamp {

class Realm;

struct Revocations {
  std::size_t subscriptions = 0;  // of one session each
  std::size_t registrations = 0;

  bool any() const { return subscriptions + registrations > 0; }
  void add(const Revocations& other) {
    subscriptions += other.subscriptions;
    registrations += other.registrations;
  }
};

// How many those were. Looks at everything that the realm's sessions have.
Revocations revoke_what_is_denied(Realm& realm);

// Those of sessions whose pattern begins with `prefix`, with the reason wamp.error.unregistered.
void revoke_registrations_below(Realm& realm, std::string_view prefix);

}  // namespace crosspoint::wamp
