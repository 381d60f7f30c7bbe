#pragma once
// All registrations of a realm: found by id, by the pattern they stand under, and by the procedure that is
// called. Owns them; the callees in them belong to their sessions (dealer_member.h).

#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "wamp/dealer_settings.h"
#include "wamp/pattern_index.h"
#include "wamp/registration.h"

namespace crosspoint::wamp {

class Registrations {
 public:
  enum class Refusal : std::uint8_t {
    exists,           // one of both is `single`, or the session is there already and it is `single`
    other_policy,     // it is shared in another way
    session_is_full,  // registrations_per_session_max
    all_are_full,     // registrations_max
  };
  struct Added {
    Registration* registration;
    bool created;  // it is the first callee
    bool joined;   // false: the session was there already
  };

  // `settings` outlives this.
  explicit Registrations(const DealerSettings& settings) : settings_(settings) {}

  Result<Added, Refusal> add(DealerMember& member, const Register& message, WallTime created);
  // Takes a callee out of its registration. If it was the last one, the registration comes out too, for the
  // caller to see to who waits there; else null. The callee itself is not deleted.
  std::unique_ptr<Registration> remove(Callee& callee);

  // Which one a CALL is for: the exact one, else the longest prefix, else the best wildcard
  // (wamp-router 8.2).
  Registration* best(std::string_view procedure) const { return index_.best(procedure); }
  // The same; of a URI that is the router's own, the exact one alone.
  Registration* meant(std::string_view procedure, bool reserved) const {
    return reserved ? find(procedure, Match::exact) : best(procedure);
  }
  Registration* find(std::string_view procedure, Match match) const { return index_.find(match, procedure); }
  Registration* find(RegistrationId id) const;
  // In the order of their ids.
  std::vector<RegistrationId> list(Match match) const;

  std::size_t size() const { return by_id_.size(); }
  std::size_t callees() const { return callees_; }  // of all, each as often as it is registered

 private:
  Result<Registration*, Refusal> may_join(DealerMember& member, const Register& message) const;
  Registration& create(const Register& message, WallTime created);

  const DealerSettings& settings_;
  IdSequence<RegistrationId> ids_;
  boost::unordered_flat_map<RegistrationId, std::unique_ptr<Registration>> by_id_;
  PatternIndex<Registration> index_;
  std::size_t callees_ = 0;
};

}  // namespace crosspoint::wamp
