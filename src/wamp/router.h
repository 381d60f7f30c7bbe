#pragma once
// All realms of a node, and the door to them. A realm comes into being when somebody enters it, and goes with
// the last one if the policy says so.
//
// Pure, and one loop's. Everything referred to outlives it; every seat is left before it goes.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "wamp/lobby.h"
#include "wamp/own_calls.h"
#include "wamp/realm.h"
#include "wamp/resident.h"

namespace crosspoint::wamp {

// Which realms there may be.
class RealmPolicy {
 public:
  struct Terms {
    const RealmLimits* limits = nullptr;  // until the next question; null: there is no such realm
    bool goes_when_empty = false;         // subscriptions with a history go with it
    // Realms of one family, as those that come from one template, share a bound. Empty: the realm has none.
    std::string_view family = {};
    std::size_t family_realms_max = 0;
  };
  virtual Terms terms_of(std::string_view realm) = 0;

 protected:
  ~RealmPolicy() = default;
};

struct RouterCounters {
  std::uint64_t sessions = 0;  // now
  std::uint64_t sessions_ever = 0;
  std::uint64_t realms_refused = 0;   // realms_max, or that of a family
  std::uint64_t held_too_much = 0;    // SessionSettings::held_bytes_max
  SessionEndCounts sessions_ended{};  // by SessionEnd
};

class Router final : public Lobby {
 public:
  Router(Doorkeeper& doorkeeper, Gate& gate, RealmPolicy& policy, std::size_t realms_max, Random& random);
  ~Router();
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  // Lobby
  SessionId allot_session_id() override;
  Doorkeeper& doorkeeper() override { return doorkeeper_; }
  void on_held_too_much() override { ++counters_.held_too_much; }
  Result<std::unique_ptr<Seat>, EntryRefusal> enter(const Entry& entry, const Moment& now) override;
  void on_left(SessionEnd why) override { ++counters_.sessions_ended[static_cast<std::size_t>(why)]; }
  // A line of the log, as often as strangers may cause one; and a number: the realm's, or if it is not there
  // the node's.
  void on_refused(const RefusedLogin& refused, const Moment& now) override;
  void on_violation(SessionId session, std::string_view peer, std::string_view sentence,
                    const Moment& now) override;

  // Says GOODBYE to a session, in whichever realm; false: there is none of this id.
  bool end_session(SessionId session, std::string_view reason, std::string_view message, const Moment& now);
  // The policy says other things than before: realms have the limits that it gives them now, and those that
  // it no longer has go, with GOODBYE (wamp.close.close_realm) to everybody. So does the gate: of those who
  // are there, what it would not allow any more is taken away.
  Revocations ask_policy_again(const Moment& now);

  // Calls a procedure of a realm in the router's own name (own_calls.h). A realm that nobody is in comes into
  // being for nobody's sake: it has no such procedure.
  std::unique_ptr<PendingCall> call(std::string_view realm, const OwnCall& call, OwnCalls::Answered answered,
                                    const Moment& now);
  // From now on, in the realm of that name whenever it is there. Evict it before it goes, or the router does.
  void house(std::string_view realm, Resident& resident, const Moment& now);
  void evict(Resident& resident);
  // `hook` is called when settle() should be, soon and not from inside.
  void settle_by(std::function<void()> hook) { own_calls_.settle_soon = std::move(hook); }
  void settle(const Moment& now);
  const OwnCalls& own_calls() const { return own_calls_; }

  Realm* find(std::string_view name) const;
  std::size_t realms() const { return realms_.size(); }
  const RouterCounters& counters() const { return counters_; }
  // Of at most so many realms by name.
  RouterNumbers numbers(std::size_t named_max) const;

  // When on_time() wants to be called; it may change with every message. However many realms there are, to
  // ask costs nothing.
  std::optional<MonotonicTime> next_due() const;
  void on_time(const Moment& now);

 private:
  class RouterSeat;
  struct Kept {
    std::unique_ptr<Realm> realm;
    bool goes_when_empty;
    std::string family;
    std::optional<MonotonicTime> due = {};  // as it stands in dues_
    std::unique_ptr<OwnCalls::Caller> caller = {};
  };
  using Realms = std::map<std::string, Kept, std::less<>>;
  Result<Kept*, EntryRefusal> find_or_make(std::string_view name, const Moment& now);
  bool has_room_for(const RealmPolicy::Terms& terms) const;
  void move_in(Kept& kept, Resident& resident, const Moment& now);
  void leave(Kept& kept, SessionId session);
  void forget(Realms::iterator realm);
  Revocations ask_policy_about(const std::string& name, const Moment& now);
  void change_family(Kept& kept, std::string_view family);
  void close_realm(const std::string& name, const Moment& now);
  // Something happened in this realm: when it wants to be called may have changed.
  void note_due(Kept& kept) { set_due(kept, kept.realm->next_due()); }
  void set_due(Kept& kept, std::optional<MonotonicTime> due);

  Doorkeeper& doorkeeper_;
  Gate& gate_;
  RealmPolicy& policy_;
  const std::size_t realms_max_;
  Random& random_;
  SessionId own_id_{};  // of the router, in every realm where it calls
  OwnCalls own_calls_;
  std::vector<std::pair<std::string, Resident*>> residents_;  // by the name of the realm
  Realms realms_;
  std::map<std::string, std::size_t, std::less<>> families_;  // how many realms of each there are
  std::set<std::pair<MonotonicTime, Kept*>> dues_;  // of realms that want to be called, the next one first
  std::unordered_map<SessionId, Kept*> sessions_;
  RouterCounters counters_;
  RealmNumbers gone_;  // what happened in realms that are no longer there, or never were
  log::LogLimit refused_log_, violation_log_;
};

}  // namespace crosspoint::wamp
