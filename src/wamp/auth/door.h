#pragma once
// The configuration at the door of the router: what a client says at HELLO goes to an Authenticator, what a
// session wants to do to the rules of its role. Joins this room to `wamp`; what cannot be done here, calling
// a procedure and computing for a long time, is asked of a Helper.
//
// One loop's, and outlives the router that asks it.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "wamp/auth/authenticator.h"
#include "wamp/auth/authorizer.h"
#include "wamp/auth/token_sessions.h"
#include "wamp/doorkeeper.h"
#include "wamp/gate.h"
#include "wamp/own_calls.h"

namespace crosspoint::wamp::auth {

// What the procedure of a dynamic authorizer is asked.
struct AuthorizerQuestion {
  std::string_view procedure, realm;
  const Participant& who;
  Action action{};
  std::string_view uri;
  Match match = Match::exact;
};

// Outside this room: the router's own caller (procedure_desk.h), and a worker thread with a bounded queue.
// All call back later, on the loop, and at most once; not from inside.
class Helper {
 public:
  // Both ask a procedure. Null: too many are being asked, and nothing is called back. Whoever no longer wants
  // to know destroys what is returned. Nothing as the answer: the procedure failed, or is not there, or said
  // what cannot be read.
  virtual std::unique_ptr<PendingCall> ask(const Ask& question, Duration time_max,
                                           std::function<void(std::optional<DynamicAnswer>)> answered) = 0;
  virtual std::unique_ptr<PendingCall> authorize(
      const AuthorizerQuestion& question, Duration time_max,
      std::function<void(std::optional<DynamicVerdict>)> answered) = 0;
  // False: too many jobs are waiting; `done` is not called.
  virtual bool run(PasswordJob job, std::function<void(bool matches)> done) = 0;
  // Another session goes at a time: Door::next_expiry() is an earlier one than before, or there was none.
  virtual void expiry_changed() = 0;

 protected:
  ~Helper() = default;
};

class Door final : public Doorkeeper, public Gate {
 public:
  // All outlive it.
  Door(std::shared_ptr<const RealmBook> book, AuthenticatorTools& tools, Helper& helper, const Clock& clock)
      : book_(std::move(book)),
        tools_(tools),
        helper_(helper),
        clock_(clock),
        authorizer_(book_->settings().authorizer) {}

  // Doorkeeper
  Answer on_hello(const Hello& hello, const wamp::TransportFacts& facts, SessionId session,
                  std::function<void(wamp::Verdict)> decided) override;
  void on_logout(const wamp::TransportFacts& facts) override;

  // Gate. Of a role with a dynamic authorizer, what is not remembered is asked: `later`. For whoever
  // cannot wait it is `unknown`.
  Judgement judge(const Request& request, const Moment& now) override;
  void forget(SessionId session) override;
  void on_registration(std::string_view realm, std::string_view procedure, Match match) override;

  // Other settings from now on. Those who have to go, and why (reason_uri): for GOODBYE.
  std::vector<std::pair<SessionId, StandingChange>> change_settings(std::shared_ptr<const RealmBook> book);

  // Sessions that a token opened, and that are to end: when the next token expires, and whose have; and those
  // of a booking that was cancelled.
  std::optional<WallTime> next_expiry() const { return tokens_.next_expiry(); }
  std::vector<SessionId> expired(WallTime now) const { return tokens_.expired(now); }
  std::vector<SessionId> of_booking(std::string_view booking) const { return tokens_.of_booking(booking); }

  // What a session came in by; null: it is not known.
  const Standing* find_standing(SessionId session) const;
  std::size_t sessions() const { return sessions_.size(); }

 private:
  class OneOpening;
  // What a session waits to be allowed: one thing at a time, until it has asked for it once more.
  struct Question {
    Petitioner& petitioner;
    std::string procedure;
    Action action;
    std::string uri;
    Match match;
    std::unique_ptr<PendingCall> pending;
    std::optional<Judgement> answer;

    bool is(const Request& request, std::string_view of) const {
      return procedure == of && action == request.action && uri == request.uri && match == request.match;
    }
  };
  struct Known {
    Standing standing;
    std::optional<TokenGrant> grant;
    std::unique_ptr<Permissions> granted = nullptr;  // the grant's rules
    std::unique_ptr<Question> question = nullptr;
  };

  void admit(SessionId session, Accepted& accepted);
  Authority authority_of(const Known& known) const;
  void give_rights(Known& known) const;
  Judgement ask(Known& known, const Request& request, std::string_view procedure);
  void answered(SessionId session, std::optional<DynamicVerdict> verdict);

  std::shared_ptr<const RealmBook> book_;
  AuthenticatorTools& tools_;
  Helper& helper_;
  const Clock& clock_;
  Authorizer authorizer_;
  std::map<SessionId, Known> sessions_;
  TokenSessions tokens_;
};

}  // namespace crosspoint::wamp::auth
