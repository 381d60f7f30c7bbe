#pragma once
// The router of [wamp] as one object of the program: its realms and who may join them, its clients'
// connections, the procedures that decide, the thread that checks slow passwords, and the clock by which
// sessions end whose token has expired. On one loop; connections come from all of them (wamp/io/node.h).
// What comes of a procedure that does not do its work is in the log.
//
//   ConfiguredRouter router(loop, clock, random, configuration, tokens, node_settings);
//   router.change(configuration);     the file says other things (SIGHUP)
//   router.verify_with(verifier);     tokens have other keys
//   router.end_booking("bk-7");       a booking was cancelled

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/random.h"
#include "crypto/signature.h"
#include "token/verifier.h"
#include "wamp/auth/door.h"
#include "wamp/auth/procedure_desk.h"
#include "wamp/auth/realm_terms.h"
#include "wamp/io/service.h"
#include "wamp/io/workshop.h"

namespace crosspoint::wamp::auth {

// [wamp], with what it names in files.
struct Configuration {
  WampSettings settings = {};
  std::optional<crypto::PrivateKey> router_key = {};
};

// By what a relay's tokens are judged (AuthenticatorTools).
struct TokenDesk {
  std::shared_ptr<const token::Verifier> verifier = {};  // null: tokens open nothing
  std::function<std::optional<std::string>(const token::Claims&)> refuses = {};
};

class ConfiguredRouter final : private Helper, private Cookies, private net::Deadline {
 public:
  // Loop, clock and random outlive it; `random` is unpredictable. How long an opening may take is what the
  // configuration says, whatever `node` does. `histories`, of topics that are kept beyond the program's end,
  // outlives it too.
  ConfiguredRouter(net::Loop& loop, const Clock& clock, Random& random, Configuration configuration,
                   TokenDesk tokens, NodeSettings node, HistoryArchive* histories = nullptr);

  Node& node() { return service_.node(); }
  Router& router() { return service_.router(); }

  // From now on, for everybody. Who may no longer be here, or only with what it no longer has, gets GOODBYE;
  // how many that were. Everybody else stays, with the rights that its role has now:
  // subscriptions and registrations that these do not allow are taken away.
  std::size_t change(Configuration configuration);
  // Who is here stays until its token ends.
  void verify_with(std::shared_ptr<const token::Verifier> verifier);
  // Ends every session that a token of this booking opened; how many.
  std::size_t end_booking(std::string_view booking);

 private:
  // Helper
  std::unique_ptr<PendingCall> ask(const Ask& question, Duration time_max,
                                   std::function<void(std::optional<DynamicAnswer>)> answered) override;
  std::unique_ptr<PendingCall> authorize(
      const AuthorizerQuestion& question, Duration time_max,
      std::function<void(std::optional<DynamicVerdict>)> answered) override;
  bool run(PasswordJob job, std::function<void(bool matches)> done) override;
  void expiry_changed() override;

  // Cookies
  bool wanted() override { return takes_cookies_; }
  bool knows(std::string_view cookie) override { return cookies_.knows(cookie, loop().now()); }
  Duration age_max() override { return cookies_.age_max(); }

  void on_due() override;
  NodeSettings completed(NodeSettings node);
  template <class Answer>
  ProcedureDesk::Answered<Answer> telling(std::string_view who, std::string_view procedure,
                                          std::string_view realm,
                                          std::function<void(std::optional<Answer>)> answered);
  Moment now() const { return {loop().now(), loop().wall_now()}; }
  void end(SessionId session, std::string_view reason, std::string_view message);

  std::optional<crypto::PrivateKey> router_key_;
  std::shared_ptr<const RealmBook> book_;
  std::shared_ptr<const token::Verifier> verifier_;
  CookieBook cookies_;
  bool takes_cookies_;
  AuthenticatorTools tools_;
  Workshop workshop_;
  Door door_;
  RealmTerms terms_;
  log::LogLimit log_limit_;
  std::optional<ProcedureDesk> desk_;  // calls by the router of `service_`, which asks until it goes
  Service service_;
};

}  // namespace crosspoint::wamp::auth
