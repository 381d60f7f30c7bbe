#pragma once
// For tests only.

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "wamp/lobby.h"

namespace crosspoint::wamp {

// A realm that notes who comes and goes and what they say, and lets in whom it is told to.
class TestLobby final : public Lobby, private Doorkeeper {
 public:
  class TestSeat final : public Seat {
   public:
    explicit TestSeat(TestLobby& lobby) : lobby_(lobby) {}
    ~TestSeat() override { ++lobby_.left; }
    RealmFeatures features() const override { return lobby_.features; }
    Result<Taken, Violation> take(const Incoming& message, const Moment&) override {
      lobby_.taken.push_back(code_of(message));
      if (lobby_.decides_later) return Taken::later;
      if (lobby_.objection.empty()) return {};
      return fail(Violation{lobby_.objection});
    }

   private:
    TestLobby& lobby_;
  };

  SessionId allot_session_id() override { return SessionId{42}; }
  Doorkeeper& doorkeeper() override { return *this; }
  Result<std::unique_ptr<Seat>, EntryRefusal> enter(const Entry& entry, const Moment&) override {
    if (!has_realm) return fail(EntryRefusal::no_such_realm);
    ++entered;
    peer = &entry.peer;
    control = &entry.control;
    return std::make_unique<TestSeat>(*this);
  }

  void on_left(SessionEnd why) override { ends.push_back(why); }
  void on_refused(const RefusedLogin& login, const Moment&) override { refused.push_back(in_words(login)); }
  void on_violation(SessionId, std::string_view from, std::string_view sentence, const Moment&) override {
    violations.push_back(std::string(from) + ": " + std::string(sentence));
  }

  Verdict first = Admitted{"realm1", {"joe", "user", "ticket", "static"}, {}};
  Verdict second = TurnedAway{"wamp.error.authentication_failed", "no"};
  std::function<void(Verdict)> decided;
  bool has_realm = true;
  RealmFeatures features;
  bool decides_later = false;
  std::string objection;
  std::string realm_asked, answered;
  TransportFacts facts;  // of who said HELLO last
  std::vector<std::string> logged_out;
  std::vector<Code> taken;
  int entered = 0, left = 0;
  std::vector<SessionEnd> ends;
  std::vector<std::string> refused, violations;
  Peer* peer = nullptr;
  SessionControl* control = nullptr;

 private:
  class TestOpening final : public Opening {
   public:
    explicit TestOpening(TestLobby& lobby) : lobby_(lobby) {}
    Verdict on_authenticate(const Authenticate& answer) override {
      lobby_.answered = answer.signature;
      return lobby_.second;
    }

   private:
    TestLobby& lobby_;
  };

  Answer on_hello(const Hello& hello, const TransportFacts& known, SessionId,
                  std::function<void(Verdict)> later) override {
    facts = known;
    realm_asked = hello.realm;
    decided = std::move(later);
    return {first, std::make_unique<TestOpening>(*this)};
  }
  void on_logout(const TransportFacts& known) override { logged_out.push_back(known.cookie); }
};

}  // namespace crosspoint::wamp
