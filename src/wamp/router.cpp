#include "wamp/router.h"

#include <utility>

#include "base/assert.h"

namespace crosspoint::wamp {

class Router::RouterSeat final : public Seat {
 public:
  RouterSeat(Router& router, Realm& realm, SessionId session, std::unique_ptr<Seat> seat)
      : router_(router), realm_(realm), session_(session), seat_(std::move(seat)) {}
  ~RouterSeat() override {
    seat_.reset();
    router_.leave(realm_, session_);
  }
  Result<void, Violation> take(const Incoming& message, const Moment& now) override {
    return seat_->take(message, now);
  }

 private:
  Router& router_;
  Realm& realm_;
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
    if (!sessions_.contains(id)) return id;
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
  return std::make_unique<RouterSeat>(*this, *kept->realm, entry.session, kept->realm->enter(entry, now));
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

void Router::leave(Realm& realm, SessionId session) {
  sessions_.erase(session);
  counters_.sessions = sessions_.size();
  if (!realm.inhabitants().empty()) return;
  const auto kept = realms_.find(realm.name());
  if (kept->second.goes_when_empty) realms_.erase(kept);
}

Realm* Router::find(std::string_view name) const {
  const auto found = realms_.find(name);
  return found == realms_.end() ? nullptr : found->second.realm.get();
}

std::optional<MonotonicTime> Router::next_due() const {
  std::optional<MonotonicTime> next;
  for (const auto& [name, kept]: realms_) {
    const auto due = kept.realm->next_due();
    if (due && (!next || *due < *next)) next = due;
  }
  return next;
}

void Router::on_time(const Moment& now) {
  for (const auto& [name, kept]: realms_) kept.realm->on_time(now);
}

}  // namespace crosspoint::wamp
