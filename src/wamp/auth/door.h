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

namespace crosspoint::wamp::auth {

// Outside this room: the router's own caller, and a worker thread with a bounded queue. Both call back later,
// on the loop, and at most once; not from inside.
class Helper {
 public:
  // Nothing: the procedure failed, or is not there.
  virtual void ask(const Ask& question, std::function<void(std::optional<DynamicAnswer>)> answered) = 0;
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

  // Gate. Roles with a dynamic authorizer are denied what is not remembered of them: a gate answers at once.
  Judgement judge(const Request& request, const Moment& now) override;
  void forget(SessionId session) override;

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
  struct Known {
    Standing standing;
    std::optional<TokenGrant> grant;
    std::unique_ptr<Permissions> granted = nullptr;  // the grant's rules
  };

  void admit(SessionId session, Accepted& accepted);
  Authority authority_of(const Known& known) const;
  void give_rights(Known& known) const;

  std::shared_ptr<const RealmBook> book_;
  AuthenticatorTools& tools_;
  Helper& helper_;
  const Clock& clock_;
  Authorizer authorizer_;
  std::map<SessionId, Known> sessions_;
  TokenSessions tokens_;
};

}  // namespace crosspoint::wamp::auth
