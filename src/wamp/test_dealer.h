#pragma once
// A dealer with sessions around it, for tests.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "wamp/dealer.h"
#include "wamp/error_uri.h"
#include "wamp/test_peer.h"

namespace crosspoint::wamp {

// What a client of today would announce, and `call_reroute` too.
inline Features all_call_features() {
  Features features;
  for (const Role role: {Role::caller, Role::callee}) features.add(role);
  for (const Feature feature:
       {Feature::call_progressive_results, Feature::call_progressive_invocations, Feature::call_canceling,
        Feature::call_timeout, Feature::call_reroute, Feature::call_payload_passthru,
        Feature::callee_progressive_results, Feature::callee_progressive_invocations,
        Feature::callee_canceling, Feature::callee_timeout, Feature::callee_reroute,
        Feature::callee_registration_revocation, Feature::callee_payload_passthru}) {
    features.add(feature);
  }
  return features;
}
inline Features no_call_features() {
  Features features;
  features.add(Role::caller);
  features.add(Role::callee);
  return features;
}
inline Features all_but(std::initializer_list<Feature> left_out) {
  Features features = no_call_features();
  for (int number = 0; number <= static_cast<int>(Feature::callee_payload_passthru); ++number) {
    const auto feature = static_cast<Feature>(number);
    const bool wanted =
        all_call_features().has(feature) && std::ranges::find(left_out, feature) == left_out.end();
    if (wanted) features.add(feature);
  }
  return features;
}

class RecordedRegistrationEvents final : public RegistrationEvents {
 public:
  void on_create(const Participant& callee, const Registration& registration) override {
    note("create", callee, registration.id());
  }
  void on_register(const Participant& callee, RegistrationId id) override { note("register", callee, id); }
  void on_unregister(const Participant& callee, RegistrationId id) override {
    note("unregister", callee, id);
  }
  void on_delete(const Participant& callee, RegistrationId id) override { note("delete", callee, id); }
  std::vector<std::string> take() { return std::exchange(seen, {}); }

  std::vector<std::string> seen;  // "create 100 1": session and registration

 private:
  void note(std::string_view what, const Participant& callee, RegistrationId id) {
    seen.push_back(std::string(what) + ' ' + std::to_string(number(callee.id())) + ' ' +
                   std::to_string(number(id)));
  }
};

class DealerTest : public ::testing::Test {
 protected:
  using Lines = std::vector<std::string>;

  struct Session {
    Session(SessionId id, Features features)
        : who(id, {"authid" + std::to_string(number(id)), "role", "ticket", "static"}, features, peer) {}
    TestPeer peer;
    Participant who;
  };

  ~DealerTest() override {
    for (auto& session: sessions_) dealer().leave(session->who, now);
    EXPECT_EQ(dealer().open_calls(), 0u);
    EXPECT_EQ(dealer().members(), 0u);
    EXPECT_EQ(dealer().kept_bytes(), 0u);
    EXPECT_EQ(dealer().registrations().size(), 0u);
    EXPECT_EQ(dealer().registrations().callees(), 0u);
    EXPECT_EQ(dealer().next_due(), std::nullopt);
  }

  // Made with `settings` as they are when it is first needed.
  Dealer& dealer() {
    if (dealer_ == nullptr) dealer_ = std::make_unique<Dealer>(settings, random, events);
    return *dealer_;
  }

  // Session ids are 100, 101, …
  Session& join(Features features = all_call_features()) {
    sessions_.push_back(std::make_unique<Session>(SessionId{next_session_++}, features));
    return *sessions_.back();
  }
  void leave(Session& session) {
    dealer().leave(session.who, now);
    std::erase_if(sessions_, [&](const auto& known) { return known.get() == &session; });
  }

  // Registers and forgets what that said. The id of the registration.
  RegistrationId enroll(Session& session, Register message) {
    dealer().register_procedure(session.who, message, now, wall);
    const Registration* there = dealer().registrations().find(message.procedure, message.match);
    session.peer.take();
    return there == nullptr ? RegistrationId{} : there->id();
  }
  Lines registering(Session& session, Register message) {
    dealer().register_procedure(session.who, message, now, wall);
    return session.peer.take();
  }

  void call(Session& session, Call message, CallTerms terms = {}) {
    if (message.request == RequestId{}) message.request = RequestId{1};
    const auto outcome = dealer().call(session.who, message, terms, now);
    EXPECT_TRUE(outcome) << outcome.error().sentence;
  }
  void yield(Session& session, Yield message) {
    const auto outcome = dealer().yield(session.who, message, now);
    EXPECT_TRUE(outcome) << outcome.error().sentence;
  }
  void error(Session& session, InvocationError message) {
    const auto outcome = dealer().error(session.who, message, now);
    EXPECT_TRUE(outcome) << outcome.error().sentence;
  }
  void cancel(Session& session, RequestId request, std::optional<CancelMode> mode = {}) {
    dealer().cancel(session.who, {request, mode}, now);
  }
  void pass(Duration time) {
    now += time;
    dealer().on_time(now);
  }

  DealerSettings settings;
  SeededRandom random{7};
  RecordedRegistrationEvents events;
  MonotonicTime now{1h};
  WallTime wall{std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)};

 private:
  std::unique_ptr<Dealer> dealer_;
  std::vector<std::unique_ptr<Session>> sessions_;
  std::uint64_t next_session_ = 100;
};

}  // namespace crosspoint::wamp
