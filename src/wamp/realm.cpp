#include "wamp/realm.h"

#include <utility>

#include "wamp/meta_events.h"
#include "wamp/realm_requests.h"

namespace crosspoint::wamp {

// A session's seat here.
class Realm::Place final : public Seat {
 public:
  Place(Realm& realm, const Entry& entry)
      : realm_(realm),
        inhabitant_{{entry.session, entry.admitted.identity, entry.features, entry.peer},
                    entry.control,
                    entry.facts.peer,
                    entry.facts.protocol,
                    Testaments(realm.limits_.testaments, realm.testament_counters_),
                    {}} {}
  ~Place() override { realm_.leave(inhabitant_); }

  Inhabitant& inhabitant() { return inhabitant_; }
  RealmFeatures features() const override { return realm_.features(); }
  Result<Taken, Violation> take(const Incoming& message, const Moment& now) override {
    realm_.now_ = now;
    return take_request(realm_, inhabitant_, message);
  }

 private:
  Realm& realm_;
  Inhabitant inhabitant_;
};

Realm::Realm(std::string name, const RealmLimits& limits, Gate& gate, Random& random, const Moment& now)
    : name_(std::move(name)),
      limits_(limits),
      deliveries_(std::make_unique<const DeliveryPolicy>(limits.deliveries)),
      gate_(gate),
      created_(now.monotonic),
      now_(now),
      broker_(limits_.broker, random, *this),
      dealer_(limits_.dealer, random, *this) {
  for (const KeptTopic& topic: limits_.topics) keep(topic);
}

Realm::~Realm() = default;

void Realm::change_limits(const RealmLimits& limits) {
  limits_ = limits;
  deliveries_ = std::make_unique<const DeliveryPolicy>(limits_.deliveries);
}

Revocations Realm::judge_again(const Moment& now) {
  now_ = now;
  return revoke_what_is_denied(*this);
}

void Realm::keep(const KeptTopic& topic) {
  if (topic.retain) broker_.retain_all(topic.uri, topic.match, now_.wall);
  if (topic.history.events_max == 0) return;
  History& history = *broker_.keep_history(topic.uri, topic.match, topic.history, now_.wall).history();
  if (topic.history.age_max > Duration{0}) expiry_due_ = now_.monotonic + history_expiry_interval;
  if (!topic.in_database || limits_.archive == nullptr) return;
  auto opened = limits_.archive->open(name_, topic);
  if (opened.store != nullptr) history.attach(*opened.store);
  for (auto& event: opened.events) history.restore(std::move(event));
}

std::unique_ptr<Seat> Realm::enter(const Entry& entry, const Moment& now) {
  now_ = now;
  auto place = std::make_unique<Place>(*this, entry);
  auto& inhabitant = place->inhabitant();
  inhabitants_.emplace(entry.session, &inhabitant);
  ++sessions_ever_;
  announce(meta_topic::session_on_join, {meta_details(inhabitant)});
  return place;
}

// In the order of wamp-router §4: calls first, then what it was called for, registrations, subscriptions, its
// testament, and last the news of it.
void Realm::leave(Inhabitant& inhabitant) {
  const Participant& who = inhabitant.participant;
  inhabitants_.erase(who.id());
  dealer_.leave(inhabitant.participant, now_.monotonic);
  broker_.leave(who);
  publish_testaments(inhabitant);
  gate_.forget(who.id());
  announce(meta_topic::session_on_leave, {number(who.id()), who.identity().authid, who.identity().authrole});
}

// In the dead session's name, and with its rights as they are now: it cannot wait for a gate that would have
// to ask.
void Realm::publish_testaments(Inhabitant& inhabitant) {
  for (const auto& testament: inhabitant.testaments.take()) {
    const auto publish = testament.view();
    const auto judged = judge(inhabitant.participant, Action::publish, publish.topic);
    if (!judged.allowed) continue;
    broker_.publish(&inhabitant.participant, publish,
                    publish_terms(publish.topic, judged.disclose || publish.disclose_me), now_.wall);
  }
}

std::optional<MonotonicTime> Realm::next_due() const {
  const auto of_calls = dealer_.next_due();
  if (!expiry_due_ || (of_calls && *of_calls < *expiry_due_)) return of_calls;
  return expiry_due_;
}

void Realm::on_time(const Moment& now) {
  now_ = now;
  dealer_.on_time(now.monotonic);
  if (!expiry_due_ || now.monotonic < *expiry_due_) return;
  broker_.expire_histories(now.wall);
  expiry_due_ = now.monotonic + history_expiry_interval;
}

void Realm::announce(std::string_view topic, data::Value::Array args) {
  const auto bytes = data::write_value(data::Format::cbor, data::Value(std::move(args)));
  announce(topic, {data::Format::cbor, bytes, {}}, now_);
}

void Realm::announce(std::string_view topic, const Payload& payload, const Moment& now) {
  now_ = now;
  Publish publish;
  publish.topic = topic;
  publish.payload = payload;
  broker_.publish(nullptr, publish, publish_terms(topic, false), now_.wall);
}

void Realm::reserve(const std::string& prefix, const Moment& now) {
  now_ = now;
  reserved_.push_back(prefix);
  revoke_registrations_below(*this, prefix);
}

std::string_view Realm::reserved_prefix(std::string_view uri) const {
  for (const std::string_view prefix: {"wamp.", "crossbar."}) {
    if (uri.starts_with(prefix)) return prefix;
  }
  for (const auto& prefix: reserved_) {
    if (uri.starts_with(prefix)) return prefix;
  }
  return {};
}

bool Realm::end_session(SessionId id, std::string_view reason, std::string_view message) {
  Inhabitant* inhabitant = find(id);
  if (inhabitant == nullptr) return false;
  inhabitant->control.end(reason, message, now_);
  return true;
}

bool Realm::end_session(SessionId id, std::string_view reason, std::string_view message, const Moment& now) {
  now_ = now;
  return end_session(id, reason, message);
}

Inhabitant* Realm::find(SessionId id) const {
  const auto found = inhabitants_.find(id);
  return found == inhabitants_.end() ? nullptr : found->second;
}

RealmFeatures Realm::features() const {
  return {.publisher_identification = limits_.disclose_me || limits_.rules_disclose_publishers,
          .caller_identification = limits_.disclose_me || limits_.rules_disclose_callers,
          .event_history = broker_.keeps_histories(),
          .event_retention = limits_.broker.retained_topics_max > 0,
          .testaments = limits_.testaments.testaments_per_session_max > 0};
}

RealmNumbers Realm::numbers() const {
  return {.sessions = inhabitants_.size(),
          .subscriptions = broker_.subscriptions().size(),
          .registrations = dealer_.registrations().size(),
          .calls_in_flight = dealer_.open_calls(),
          .sessions_ever = sessions_ever_,
          .broker = broker_.counters(),
          .dealer = dealer_.counters(),
          .refused = refused_};
}

Judgement Realm::judge(const Participant& who, Action action, std::string_view uri, Match match,
                       Petitioner* petitioner) {
  return gate_.judge({who, action, uri, match, petitioner}, now_);
}

// What happens to subscriptions to the router's own topics is no news: who subscribes to the news would hear
// of itself.
void Realm::on_create(const Participant& subscriber, const Subscription& subscription) {
  if (is_reserved(subscription.uri())) return;
  announce(meta_topic::subscription_on_create, {number(subscriber.id()), meta_details(subscription)});
}
void Realm::on_subscribe(const Participant& subscriber, const Subscription& subscription) {
  tell(meta_topic::subscription_on_subscribe, subscriber, subscription);
}
void Realm::on_unsubscribe(const Participant& subscriber, const Subscription& subscription) {
  tell(meta_topic::subscription_on_unsubscribe, subscriber, subscription);
}
void Realm::on_delete(const Participant& last_subscriber, const Subscription& subscription) {
  tell(meta_topic::subscription_on_delete, last_subscriber, subscription);
}
void Realm::tell(std::string_view topic, const Participant& subscriber, const Subscription& subscription) {
  if (is_reserved(subscription.uri())) return;
  announce(topic, {number(subscriber.id()), number(subscription.id())});
}

void Realm::on_create(const Participant& callee, const Registration& registration) {
  gate_.on_registration(name_, registration.procedure(), registration.match());
  announce(meta_topic::registration_on_create, {number(callee.id()), meta_details(registration)});
}
void Realm::on_register(const Participant& callee, RegistrationId registration) {
  announce(meta_topic::registration_on_register, {number(callee.id()), number(registration)});
}
void Realm::on_unregister(const Participant& callee, RegistrationId registration) {
  announce(meta_topic::registration_on_unregister, {number(callee.id()), number(registration)});
}
void Realm::on_delete(const Participant& last_callee, RegistrationId registration) {
  announce(meta_topic::registration_on_delete, {number(last_callee.id()), number(registration)});
}

}  // namespace crosspoint::wamp
