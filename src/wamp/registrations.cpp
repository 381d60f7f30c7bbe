#include "wamp/registrations.h"

#include <algorithm>
#include <utility>

#include "wamp/dealer_member.h"

namespace crosspoint::wamp {

Result<Registrations::Added, Registrations::Refusal> Registrations::add(DealerMember& member,
                                                                        const Register& message,
                                                                        WallTime created) {
  const auto there = may_join(member, message);
  if (!there) return fail(there.error());
  Registration* registration = *there;
  if (registration != nullptr && member.find_callee(registration->id()) != nullptr) {
    return Added{registration, false, false};
  }

  const bool is_first = registration == nullptr;
  if (is_first) registration = &create(message, created);
  // Still here from an earlier stay, if it has calls of that to answer: those count on.
  auto& callee = member.callees[registration->id()];
  if (callee == nullptr) callee = std::make_unique<Callee>(member, registration->id(), message.match);
  callee->take(message);
  registration->add(*callee);
  ++member.registrations;
  ++callees_;
  return Added{registration, is_first, true};
}

// The registration that it would join; null: it would be the first.
Result<Registration*, Registrations::Refusal> Registrations::may_join(DealerMember& member,
                                                                      const Register& message) const {
  Registration* const there = find(message.procedure, message.match);
  if (there != nullptr) {
    const bool single = there->invoke() == Invoke::single || message.invoke == Invoke::single;
    if (single) return fail(Refusal::exists);
    if (there->invoke() != message.invoke) return fail(Refusal::other_policy);
    if (member.find_callee(there->id()) != nullptr) return there;
  }
  if (member.registrations >= settings_.registrations_per_session_max) return fail(Refusal::session_is_full);
  if (callees_ >= settings_.registrations_max) return fail(Refusal::all_are_full);
  return there;
}

Registration& Registrations::create(const Register& message, WallTime created) {
  auto registration = std::make_unique<Registration>(ids_.next(), message, created);
  Registration& made = *registration;
  index_.add(made.match(), made.procedure(), made);
  by_id_.emplace(made.id(), std::move(registration));
  return made;
}

std::unique_ptr<Registration> Registrations::remove(Callee& callee) {
  Registration& registration = *callee.registration;
  registration.remove(callee);
  --callee.member.registrations;
  --callees_;
  if (!registration.callees().empty()) return nullptr;
  index_.remove(registration.match(), registration.procedure());
  const auto place = by_id_.find(registration.id());
  auto last = std::move(place->second);
  by_id_.erase(place);
  return last;
}

Registration* Registrations::find(RegistrationId id) const {
  const auto place = by_id_.find(id);
  return place == by_id_.end() ? nullptr : place->second.get();
}

std::vector<RegistrationId> Registrations::list(Match match) const {
  std::vector<RegistrationId> ids;
  for (const auto& [id, registration]: by_id_) {
    if (registration->match() == match) ids.push_back(id);
  }
  std::ranges::sort(ids);
  return ids;
}

}  // namespace crosspoint::wamp
