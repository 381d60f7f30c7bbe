#include "wamp/router.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace crosspoint::wamp {

class Router::RouterSeat final : public Seat {
 public:
  RouterSeat(Router& router, Kept& kept, SessionId session, std::unique_ptr<Seat> seat)
      : router_(router), kept_(kept), session_(session), seat_(std::move(seat)) {}
  ~RouterSeat() override {
    seat_.reset();
    router_.leave(kept_, session_);
  }
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

Router::~Router() { CROSSPOINT_ASSERT(sessions_.empty()); }

SessionId Router::allot_session_id() {
  while (true) {
    const SessionId id{1 + random_.below(id_max)};
    if (!sessions_.contains(id) && id != own_id_) return id;
  }
}

std::unique_ptr<Seat> Router::enter(const Entry& entry, const Moment& now) {
  auto* kept = find_or_make(entry.admitted.realm);
  if (kept == nullptr) {
    gate_.forget(entry.session);
    return nullptr;
  }
  sessions_.insert(entry.session);
  ++counters_.sessions_ever;
  counters_.sessions = sessions_.size();
  return std::make_unique<RouterSeat>(*this, *kept, entry.session, kept->realm->enter(entry, now));
}

Router::Kept* Router::find_or_make(std::string_view name) {
  if (const auto found = realms_.find(name); found != realms_.end()) return &found->second;
  const auto terms = policy_.terms_of(name);
  if (terms.limits == nullptr) return nullptr;
  if (realms_.size() >= realms_max_) {
    ++counters_.realms_refused;
    return nullptr;
  }
  auto realm = std::make_unique<Realm>(std::string(name), *terms.limits, gate_, random_);
  return &realms_.emplace(name, Kept{std::move(realm), terms.goes_when_empty}).first->second;
}

void Router::leave(Kept& kept, SessionId session) {
  sessions_.erase(session);
  counters_.sessions = sessions_.size();
  if (kept.goes_when_empty && kept.realm->inhabitants().empty()) {
    set_due(kept, std::nullopt);
    realms_.erase(realms_.find(kept.realm->name()));
  } else {
    note_due(kept);
  }
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
