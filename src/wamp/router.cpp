#include "wamp/router.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "wamp/error_uri.h"

namespace crosspoint::wamp {

class Router::RouterSeat final : public Seat {
 public:
  RouterSeat(Router& router, Kept& kept, SessionId session, std::unique_ptr<Seat> seat)
      : router_(router), kept_(kept), session_(session), seat_(std::move(seat)) {}
  ~RouterSeat() override {
    seat_.reset();
    router_.leave(kept_, session_);
  }
  RealmFeatures features() const override { return seat_->features(); }
  Result<Taken, Violation> take(const Incoming& message, const Moment& now) override {
    auto taken = seat_->take(message, now);
    router_.note_due(kept_);
    return taken;
  }

 private:
  Router& router_;
  Kept& kept_;
  const SessionId session_;
  std::unique_ptr<Seat> seat_;
};

Router::Router(Doorkeeper& doorkeeper, Gate& gate, RealmPolicy& policy, std::size_t realms_max,
               Random& random)
    : doorkeeper_(doorkeeper), gate_(gate), policy_(policy), realms_max_(realms_max), random_(random) {}

Router::~Router() {
  CROSSPOINT_ASSERT(sessions_.empty());
  for (const auto& [realm, resident]: residents_) resident->move_out();
}

SessionId Router::allot_session_id() {
  while (true) {
    const SessionId id{1 + random_.below(id_max)};
    if (!sessions_.contains(id) && id != own_id_) return id;
  }
}

Result<std::unique_ptr<Seat>, EntryRefusal> Router::enter(const Entry& entry, const Moment& now) {
  const auto found = find_or_make(entry.admitted.realm, now);
  if (!found) {
    gate_.forget(entry.session);
    return fail(found.error());
  }
  Kept& kept = **found;
  sessions_.emplace(entry.session, &kept);
  ++counters_.sessions_ever;
  counters_.sessions = sessions_.size();
  auto seat = std::make_unique<RouterSeat>(*this, kept, entry.session, kept.realm->enter(entry, now));
  note_due(kept);
  return seat;
}

void Router::on_refused(const RefusedLogin& refused, const Moment& now) {
  Realm* const realm = find(refused.attempt.realm);
  ++(realm == nullptr ? gone_.refused : realm->refused()).logins_refused;
  if (const auto skipped = refused_log_.admit(now.monotonic))
    log::warning("wamp", "login refused: {} ({} more like it)", in_words(refused), *skipped);
}

void Router::on_violation(SessionId session, std::string_view peer, std::string_view sentence,
                          const Moment& now) {
  if (!log::enabled(log::Level::debug)) return;
  if (const auto skipped = violation_log_.admit(now.monotonic)) {
    log::debug("wamp", "session {}, from {}, breaks the protocol: {} ({} more like it)", number(session),
               peer, sentence, *skipped);
  }
}

Result<Router::Kept*, EntryRefusal> Router::find_or_make(std::string_view name, const Moment& now) {
  if (const auto found = realms_.find(name); found != realms_.end()) return &found->second;
  const auto terms = policy_.terms_of(name);
  if (terms.limits == nullptr) return fail(EntryRefusal::no_such_realm);
  if (!has_room_for(terms)) {
    ++counters_.realms_refused;
    return fail(EntryRefusal::too_many_realms);
  }
  auto realm = std::make_unique<Realm>(std::string(name), *terms.limits, gate_, random_, now);
  Kept& kept = realms_.emplace(name, Kept{std::move(realm), terms.goes_when_empty, {}}).first->second;
  change_family(kept, terms.family);
  for (const auto& [realm_name, resident]: residents_) {
    if (realm_name == name) move_in(kept, *resident, now);
  }
  return &kept;
}

void Router::house(std::string_view realm, Resident& resident, const Moment& now) {
  residents_.emplace_back(realm, &resident);
  resident.settle_soon_ = [this] { own_calls_.settle_soon(); };
  const auto found = realms_.find(realm);
  if (found != realms_.end()) move_in(found->second, resident, now);
}

void Router::evict(Resident& resident) {
  std::erase_if(residents_, [&](const auto& housed) { return housed.second == &resident; });
  resident.move_out();
  resident.settle_soon_ = [] {};
}

void Router::move_in(Kept& kept, Resident& resident, const Moment& now) {
  if (own_id_ == SessionId{}) own_id_ = allot_session_id();
  resident.move_in(*kept.realm, own_id_, [this, &kept] { note_due(kept); }, now);
}

void Router::settle(const Moment& now) {
  own_calls_.settle(now.monotonic);
  for (const auto& [realm, resident]: residents_) resident->settle(now);
}

bool Router::has_room_for(const RealmPolicy::Terms& terms) const {
  if (realms_.size() >= realms_max_) return false;
  const auto family = families_.find(terms.family);
  return family == families_.end() || family->second < terms.family_realms_max;
}

void Router::leave(Kept& kept, SessionId session) {
  sessions_.erase(session);
  counters_.sessions = sessions_.size();
  if (kept.goes_when_empty && kept.realm->inhabitants().empty()) {
    forget(realms_.find(kept.realm->name()));
  } else {
    note_due(kept);
  }
}

void Router::forget(Realms::iterator realm) {
  Kept& kept = realm->second;
  for (const auto& [name, resident]: residents_) {
    if (name == realm->first) resident->move_out();
  }
  set_due(kept, std::nullopt);
  change_family(kept, {});
  gone_.add(kept.realm->numbers());
  gone_.sessions = gone_.subscriptions = gone_.registrations = gone_.calls_in_flight = 0;
  realms_.erase(realm);
}

void Router::change_family(Kept& kept, std::string_view family) {
  if (kept.family == family) return;
  if (const auto before = families_.find(kept.family); before != families_.end() && --before->second == 0) {
    families_.erase(before);
  }
  kept.family = family;
  if (!family.empty()) ++families_[kept.family];
}

bool Router::end_session(SessionId session, std::string_view reason, std::string_view message,
                         const Moment& now) {
  const auto found = sessions_.find(session);
  return found != sessions_.end() && found->second->realm->end_session(session, reason, message, now);
}

// Realms may go while this goes on.
Revocations Router::ask_policy_again(const Moment& now) {
  std::vector<std::string> names;
  for (const auto& [name, kept]: realms_) names.push_back(name);
  Revocations all;
  for (const auto& name: names) all.add(ask_policy_about(name, now));
  return all;
}

Revocations Router::ask_policy_about(const std::string& name, const Moment& now) {
  const auto terms = policy_.terms_of(name);
  if (terms.limits == nullptr) {
    close_realm(name, now);
    return {};
  }
  const auto found = realms_.find(name);
  if (found == realms_.end()) return {};
  Kept& kept = found->second;
  kept.realm->change_limits(*terms.limits);
  kept.goes_when_empty = terms.goes_when_empty;
  change_family(kept, terms.family);
  const auto revoked = kept.realm->judge_again(now);
  if (kept.goes_when_empty && kept.realm->inhabitants().empty()) {
    forget(found);
  } else {
    note_due(kept);
  }
  return revoked;
}

void Router::close_realm(const std::string& name, const Moment& now) {
  Realm* realm = find(name);
  if (realm == nullptr) return;
  std::vector<SessionId> everybody;
  for (const auto& [session, inhabitant]: realm->inhabitants()) everybody.push_back(session);
  for (const SessionId session: everybody) {
    end_session(session, error_uri::close_realm, "the realm is no longer there", now);
  }
  // The last one may have taken it along.
  if (const auto empty = realms_.find(name); empty != realms_.end()) forget(empty);
}

std::unique_ptr<PendingCall> Router::call(std::string_view realm, const OwnCall& call,
                                          OwnCalls::Answered answered, const Moment& now) {
  OwnCalls::Caller* caller = nullptr;
  if (const auto found = realms_.find(realm); found != realms_.end()) {
    Kept& kept = found->second;
    if (own_id_ == SessionId{}) own_id_ = allot_session_id();
    if (kept.caller == nullptr) {
      kept.caller = std::make_unique<OwnCalls::Caller>(own_calls_, kept.realm->dealer(), own_id_,
                                                       [this, &kept] { note_due(kept); });
    }
    caller = kept.caller.get();
  }
  return own_calls_.call(caller, call, std::move(answered), now.monotonic);
}

void Router::set_due(Kept& kept, std::optional<MonotonicTime> due) {
  if (kept.due == due) return;
  if (kept.due) dues_.erase({*kept.due, &kept});
  kept.due = due;
  if (due) dues_.emplace(*due, &kept);
}

Realm* Router::find(std::string_view name) const {
  const auto found = realms_.find(name);
  return found == realms_.end() ? nullptr : found->second.realm.get();
}

RouterNumbers Router::numbers(std::size_t named_max) const {
  RouterNumbers all{.total = gone_};
  std::vector<const Realm*> order;
  order.reserve(realms_.size());
  for (const auto& [name, kept]: realms_) {
    all.total.add(kept.realm->numbers());
    order.push_back(kept.realm.get());
  }
  if (order.size() > named_max) {
    all.realms_left_out = order.size() - named_max;
    std::ranges::sort(order, [](const Realm* a, const Realm* b) {
      const auto of_a = a->inhabitants().size(), of_b = b->inhabitants().size();
      return of_a != of_b ? of_a > of_b : a->name() < b->name();
    });
    order.resize(named_max);
    std::ranges::sort(order, {}, &Realm::name);
  }
  for (const Realm* realm: order) all.realms.push_back({realm->name(), realm->created(), realm->numbers()});
  return all;
}

std::optional<MonotonicTime> Router::next_due() const {
  const auto own = own_calls_.next_due();
  if (dues_.empty()) return own;
  return own ? std::min(*own, dues_.begin()->first) : dues_.begin()->first;
}

void Router::on_time(const Moment& now) {
  own_calls_.on_time(now.monotonic);
  std::vector<Kept*> called;
  for (auto due = dues_.begin(); due != dues_.end() && due->first <= now.monotonic; ++due)
    called.push_back(due->second);
  for (Kept* kept: called) {
    kept->realm->on_time(now);
    note_due(*kept);
  }
}

}  // namespace crosspoint::wamp
