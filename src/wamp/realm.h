#pragma once
// One realm at work: the sessions in it, their broker and their dealer, and the procedures and events by
// which the router itself can be asked and heard (the meta API). Realms know nothing of each other.
//
// What a client says arrives at its seat. Here it is decided whether the URI is one, whether it is the
// router's own, and whether the gate lets it through; the rest is the broker's and the dealer's.
//
// Pure, and one loop's.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "data/value.h"
#include "wamp/broker.h"
#include "wamp/dealer.h"
#include "wamp/delivery_policy.h"
#include "wamp/gate.h"
#include "wamp/kept_topic.h"
#include "wamp/lobby.h"
#include "wamp/realm_numbers.h"
#include "wamp/request_sequence.h"
#include "wamp/revocations.h"
#include "wamp/testaments.h"
#include "wamp/uri.h"

namespace crosspoint::wamp {

struct RealmLimits {
  BrokerSettings broker;
  DealerSettings dealer;
  TestamentSettings testaments;
  UriCheck uri_check = UriCheck::loose;
  bool strict_request_ids = false;
  bool disclose_me = true;  // clients may say who they are, and callees ask who calls (disclose_caller)
  // Whether they do or not, the gate may say it of some of them.
  bool rules_disclose_publishers = false, rules_disclose_callers = false;
  DeliverySettings deliveries = {};
  // What is kept of what is published; looked at once, when the realm comes into being.
  std::vector<KeptTopic> topics = {};
  HistoryArchive* archive = nullptr;  // for histories that outlast the program; outlives the realm
};

// How often a realm forgets what has become too old for its histories. Who reads one never gets such events.
inline constexpr Duration history_expiry_interval = 1min;

// A session in the realm, for those inside it.
struct Inhabitant {
  Participant participant;
  SessionControl& control;
  std::string transport_peer, transport_protocol;  // for wamp.session.get
  Testaments testaments;
  RequestSequence requests;
};

class Realm final : private SubscriptionEvents, private RegistrationEvents {
 public:
  // Gate and random outlive the realm, which comes into being now.
  Realm(std::string name, const RealmLimits& limits, Gate& gate, Random& random, const Moment& now);
  // Nobody is in it any more.
  ~Realm();
  Realm(const Realm&) = delete;
  Realm& operator=(const Realm&) = delete;

  const std::string& name() const { return name_; }
  std::unique_ptr<Seat> enter(const Entry& entry, const Moment& now);

  // When on_time() wants to be called.
  std::optional<MonotonicTime> next_due() const;
  void on_time(const Moment& now);

  // What the router itself has to say to subscribers of `topic`: one positional argument for each value.
  void announce(std::string_view topic, data::Value::Array args);
  // The same in bytes, and from outside.
  void announce(std::string_view topic, const Payload& payload, const Moment& now);

  // URIs with this prefix are the router's own here, as those of wamp. are everywhere: nobody registers or
  // publishes there (resident.h), and no pattern gets the calls. Who has registered there before loses it.
  void reserve(const std::string& prefix, const Moment& now);
  void unreserve(const std::string& prefix) { std::erase(reserved_, prefix); }
  // The prefix that a URI has; empty: it is nobody's own.
  std::string_view reserved_prefix(std::string_view uri) const;

  // Says GOODBYE to a session; false: there is none of this id. With a time, from outside; without, while the
  // realm does something else.
  bool end_session(SessionId id, std::string_view reason, std::string_view message);
  bool end_session(SessionId id, std::string_view reason, std::string_view message, const Moment& now);
  // From now on, for everybody.
  void change_limits(const RealmLimits& limits);
  // The gate says other things than before: what it would not allow any more is taken away.
  Revocations judge_again(const Moment& now);

  // PUBLISH as the broker has to know of it.
  PublishTerms publish_terms(std::string_view topic, bool disclose) const {
    return {.disclose = disclose, .may_be_missed = deliveries_->may_be_missed(topic)};
  }
  Broker& broker() { return broker_; }
  Dealer& dealer() { return dealer_; }
  const std::unordered_map<SessionId, Inhabitant*>& inhabitants() const { return inhabitants_; }
  Inhabitant* find(SessionId id) const;
  const Moment& now() const { return now_; }
  const RealmLimits& limits() const { return limits_; }
  RealmFeatures features() const;  // now
  // May this session do that? The gate's answer; `later` only if there is somebody who can wait for it.
  Judgement judge(const Participant& who, Action action, std::string_view uri, Match match = Match::exact,
                  Petitioner* petitioner = nullptr);

  std::uint64_t sessions_ever() const { return sessions_ever_; }
  MonotonicTime created() const { return created_; }
  RealmNumbers numbers() const;
  RealmCounters& refused() { return refused_; }
  log::LogLimit& audit_limit() { return audit_limit_; }  // of audit.h

 private:
  class Place;

  void keep(const KeptTopic& topic);
  void leave(Inhabitant& inhabitant);
  void publish_testaments(Inhabitant& inhabitant);
  void tell(std::string_view topic, const Participant& subscriber, const Subscription& subscription);

  // SubscriptionEvents, RegistrationEvents: they become events of the meta API
  void on_create(const Participant& subscriber, const Subscription& subscription) override;
  void on_subscribe(const Participant& subscriber, const Subscription& subscription) override;
  void on_unsubscribe(const Participant& subscriber, const Subscription& subscription) override;
  void on_delete(const Participant& last_subscriber, const Subscription& subscription) override;
  void on_create(const Participant& callee, const Registration& registration) override;
  void on_register(const Participant& callee, RegistrationId registration) override;
  void on_unregister(const Participant& callee, RegistrationId registration) override;
  void on_delete(const Participant& last_callee, RegistrationId registration) override;

  const std::string name_;
  RealmLimits limits_;  // broker and dealer refer to their parts
  std::unique_ptr<const DeliveryPolicy> deliveries_;
  Gate& gate_;
  const MonotonicTime created_;
  Moment now_;  // of what is being done
  Broker broker_;
  Dealer dealer_;
  std::unordered_map<SessionId, Inhabitant*> inhabitants_;
  std::vector<std::string> reserved_;
  TestamentCounters testament_counters_;
  std::optional<MonotonicTime> expiry_due_;  // nothing: no history forgets by age
  std::uint64_t sessions_ever_ = 0;
  RealmCounters refused_;
  log::LogLimit audit_limit_{20};
};

}  // namespace crosspoint::wamp
