#pragma once
// A broker with sessions around it, for tests.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "wamp/broker.h"
#include "wamp/error_uri.h"
#include "wamp/test_peer.h"

namespace crosspoint::wamp {

class RecordedSubscriptionEvents final : public SubscriptionEvents {
 public:
  void on_create(const Participant& who, const Subscription& what) override { note("create", who, what); }
  void on_subscribe(const Participant& who, const Subscription& what) override {
    note("subscribe", who, what);
  }
  void on_unsubscribe(const Participant& who, const Subscription& what) override {
    note("unsubscribe", who, what);
  }
  void on_delete(const Participant& who, const Subscription& what) override { note("delete", who, what); }
  std::vector<std::string> take() { return std::exchange(seen, {}); }

  std::vector<std::string> seen;  // "create 100 1": session and subscription

 private:
  void note(std::string_view what, const Participant& who, const Subscription& subscription) {
    seen.push_back(std::string(what) + ' ' + std::to_string(number(who.id())) + ' ' +
                   std::to_string(number(subscription.id())));
  }
};

class BrokerTest : public ::testing::Test {
 protected:
  using Lines = std::vector<std::string>;

  struct Session {
    Session(SessionId id, Identity identity, Features features)
        : who(id, std::move(identity), features, peer) {}
    TestPeer peer;
    Participant who;
    std::uint64_t last_request = 0;
    RequestId next_request() { return RequestId{++last_request}; }
  };

  // Whatever a test did: when all have left, nothing is left.
  ~BrokerTest() override {
    for (auto& session: sessions_) broker().leave(session->who);
    EXPECT_EQ(broker().subscriptions().size(), histories);
    EXPECT_EQ(broker().subscriptions().members(), 0u);
  }

  // Made with `settings` as they are when it is first needed.
  Broker& broker() {
    if (broker_ == nullptr) broker_ = std::make_unique<Broker>(settings, random, events);
    return *broker_;
  }

  // Session ids are 100, 101, …; of session 100 the authid is a100.
  Session& join(std::string authrole = "user", std::initializer_list<Feature> announced = {}) {
    const std::uint64_t id = next_session_++;
    Features features;
    for (const Feature feature: announced) features.add(feature);
    sessions_.push_back(std::make_unique<Session>(
        SessionId{id}, Identity{"a" + std::to_string(id), std::move(authrole), "ticket", "static"},
        features));
    return *sessions_.back();
  }
  void leave(Session& session) {
    broker().leave(session.who);
    std::erase_if(sessions_, [&](const auto& known) { return known.get() == &session; });
  }

  // What the session was told of it.
  Lines subscribing(Session& session, std::string_view topic, Match match = Match::exact,
                    bool get_retained = false) {
    session.peer.take();
    broker().subscribe(session.who, {session.next_request(), topic, match, get_retained}, now);
    return session.peer.take();
  }
  // And forgets what it was told.
  SubscriptionId subscribe(Session& session, std::string_view topic, Match match = Match::exact) {
    subscribing(session, topic, match);
    const Subscription* there = broker().subscriptions().find(topic, match);
    return there == nullptr ? SubscriptionId{} : there->id();
  }
  Lines unsubscribing(Session& session, SubscriptionId subscription) {
    broker().unsubscribe(session.who, {session.next_request(), subscription});
    return session.peer.take();
  }

  static Publish to(std::string_view topic, std::string_view args = "[1]") {
    Publish message;
    message.topic = topic;
    message.payload = json_payload(args);
    return message;
  }
  PublishOutcome publish(Session& session, Publish message, PublishTerms terms = {}) {
    message.request = session.next_request();
    auto outcome = broker().publish(&session.who, message, terms, now);
    last_publication = outcome.publication ? std::to_string(number(*outcome.publication)) : "none";
    return outcome;
  }

  // "[36, 1, <the last publication>, {details}, [1]]"
  std::string event(SubscriptionId subscription, std::string_view details = "{}",
                    std::string_view args = "[1]") const {
    return event_of(last_publication, subscription, details, args);
  }
  static std::string event_of(std::string_view publication, SubscriptionId subscription,
                              std::string_view details = "{}", std::string_view args = "[1]") {
    std::string line =
        "[36, " + std::to_string(number(subscription)) + ", " + std::string(publication) + ", ";
    line += details;
    if (!args.empty()) line += ", " + std::string(args);
    return line + "]";
  }

  BrokerSettings settings;
  SeededRandom random{7};
  RecordedSubscriptionEvents events;
  WallTime now{std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)};
  std::string last_publication;
  std::size_t histories = 0;  // subscriptions that stay when all have left

 private:
  std::unique_ptr<Broker> broker_;
  std::vector<std::unique_ptr<Session>> sessions_;
  std::uint64_t next_session_ = 100;
};

}  // namespace crosspoint::wamp
