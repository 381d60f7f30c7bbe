#pragma once
// What a dealer tells about its registrations. The realm makes `wamp.registration.on_…` events of it.
//
// on_create comes before the first on_register, on_delete after the last on_unregister. Told at the end of
// what changed it; nothing may be asked of the dealer from inside but its look-ups.

#include "wamp/ids.h"
#include "wamp/participant.h"

namespace crosspoint::wamp {

class Registration;

class RegistrationEvents {
 public:
  virtual void on_create(const Participant& callee, const Registration& registration) = 0;
  virtual void on_register(const Participant& callee, RegistrationId registration) = 0;
  virtual void on_unregister(const Participant& callee, RegistrationId registration) = 0;
  virtual void on_delete(const Participant& last_callee, RegistrationId registration) = 0;

 protected:
  ~RegistrationEvents() = default;
};

}  // namespace crosspoint::wamp
