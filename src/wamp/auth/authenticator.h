#pragma once
// Who is it? One state machine for one opening, from HELLO to the answer that is WELCOME or ABORT. Sans-IO:
// what it needs from outside is asked for, and given back by another call.
//
//   Step step = authenticator.hello(hello, extra, now);
//   Challenged  send CHALLENGE; on AUTHENTICATE: step = authenticator.authenticate(…)
//   Ask         call the procedure; then: step = authenticator.answered(answer)
//   Slow        run the job on another thread; then: step = authenticator.verified(job's result)
//   Accepted, Refused: that was it
//
// A Challenged that is not answered in time: at due(), call expire().
//
// Which method: the first of the client's list by which the one it says it is may come in here. Nothing else
// is tried when that fails. A name that nobody has is treated as one that somebody has, up to the end
// (Realm::model_for), with the same answer and in the same time. So is one that a procedure refuses, where
// the method has a CHALLENGE (dynamic_models.h).

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "crypto/signature.h"
#include "data/value.h"
#include "token/verifier.h"
#include "wamp/auth/cookie_book.h"
#include "wamp/auth/dynamic_answer.h"
#include "wamp/auth/dynamic_models.h"
#include "wamp/auth/extra.h"
#include "wamp/auth/realm_book.h"
#include "wamp/auth/standing.h"
#include "wamp/auth/token_grant.h"
#include "wamp/incoming.h"
#include "wamp/participant.h"

namespace crosspoint::wamp::auth {

struct Challenged {
  Method method{};
  Fields extra;
};

// The procedure of a dynamic authenticator, with the arguments realm, authid, details; in details,
// `transport` and `authextra` are dictionaries.
struct Ask {
  std::string procedure = {};
  std::string procedure_realm = {};  // where to call it
  std::string realm = {}, authid = {};
  Fields details = {}, transport = {};
  std::vector<std::string_view> channel_bindings = {};  // of transport: which of them the connection has
  data::Value authextra = {};                           // of HELLO, as the client sent it; null: none
};

struct Slow {
  PasswordJob job;
};

struct Accepted {
  Identity identity;
  Fields authextra;   // of WELCOME
  Standing standing;  // has the realm, which a dynamic authenticator may have chosen
  std::optional<TokenGrant> grant;
};

struct Refused {
  std::string_view error;  // an error URI
  std::string message;     // for people
  // Why it really is, for the log: what must not be told to the client, and no secret. Empty: the message.
  std::string why = {};
};

using Step = std::variant<Challenged, Ask, Slow, Accepted, Refused>;

inline constexpr std::size_t authmethods_max = 16;  // of a HELLO; those beyond are not looked at
inline constexpr std::size_t authid_bytes_max = 256;
inline constexpr std::size_t authextra_bytes_max = 4096;  // of a HELLO about which a procedure is asked
inline constexpr std::size_t realm_bytes_max = 256;       // of a name that a pattern would take

// What all openings of a router share. Outlives them.
struct AuthenticatorTools {
  Random& random;
  ByteVector disguise_key = {};                    // random, of this router: what unknown names look like
  const crypto::PrivateKey* router_key = nullptr;  // null: it cannot prove itself to cryptosign clients
  const token::Verifier* tokens = nullptr;         // null: tokens open nothing
  // A token is good, and opens nothing all the same: its booking was cancelled. A sentence says so. Empty:
  // none is.
  std::function<std::optional<std::string>(const token::Claims&)> refuses = {};
  CookieBook* cookies = nullptr;
  DynamicModels dynamic_models = {};  // what names look like that procedures know
};

class Authenticator {
 public:
  Authenticator(std::shared_ptr<const RealmBook> book, AuthenticatorTools& tools, TransportFacts facts)
      : book_(std::move(book)), tools_(tools), facts_(std::move(facts)) {}

  struct Now {
    MonotonicTime monotonic;
    WallTime wall;
  };

  // Once. `session` is the id that the session will have.
  Step hello(const Hello& hello, const HelloExtra& extra, SessionId session, Now now);

  // An AUTHENTICATE would be an answer to something; otherwise it is a violation.
  bool expects_answer() const { return state_ == State::challenged; }
  Step authenticate(std::string_view signature, const AuthenticateExtra& extra, Now now);

  // Nothing: the procedure failed, or was not there.
  Step answered(std::optional<DynamicAnswer> answer, Now now);
  Step verified(bool matches);

  // The one that was tried last; nothing: none was possible.
  std::optional<Method> method() const { return tried_; }

  // When it has taken long enough; after hello().
  MonotonicTime due() const { return due_; }
  Step expire();

 private:
  enum class State { idle, challenged, asked, slow, done };

  // Who it may be, by the name it gave: a principal, or one whom a procedure knows, or nobody.
  struct Candidate {
    const Principal* principal = nullptr;
    const DynamicAuthenticator* dynamic = nullptr;
    bool fake = false;  // the principal is a model
  };
  // What waits for AUTHENTICATE.
  struct TicketWait {};
  struct TokenWait {};
  struct CraWait {
    WampCraCredential credential;
    std::string challenge;
  };
  using Waiting =
      std::variant<std::monostate, TicketWait, TokenWait, CraWait, ScramExchange, CryptosignExchange>;

  // authenticator_offer.cpp: the method's answer to HELLO; nothing: it is none for this client.
  std::optional<Step> offer(Method method);
  std::optional<Step> offer_anonymous();
  std::optional<Step> offer_ticket();
  std::optional<Step> offer_by_name(Method method);
  std::optional<Step> offer_cryptosign();
  std::optional<Step> offer_certificate();
  std::optional<Step> offer_cookie();
  std::optional<Step> offer_token();
  Candidate candidate(Method method) const;
  void take(const Candidate& candidate);
  bool may_show_secrets() const;
  bool takes_tokens() const;

  // authenticator_challenge.cpp
  Step challenge_wampcra(WampCraCredential credential);
  Step challenge_scram(ScramDialect dialect, ScramCredential credential);
  Step challenge_cryptosign(const CryptosignKey& key);
  Step challenge_dynamic(const DynamicAnswer& answer);
  Step challenge_refused(std::string_view why);
  WampCraCredential disguised(WampCraCredential credential) const;
  ScramCredential disguised(ScramCredential credential) const;
  ByteVector disguise(std::string_view purpose, std::size_t bytes) const;

  Step check_ticket(std::string_view ticket);
  Step check_token(std::string_view text);
  Step prove(bool proven, Fields authextra = {});
  Step ask(Fields more = {});  // dynamic_
  std::optional<data::Value> shown_authextra() const;
  std::vector<std::string_view> binding_names() const;
  Step challenged(Waiting waiting, Fields extra);
  Step accept(Fields authextra = {});
  Step refuse(std::string_view error, std::string message, std::string why = {});
  Step refuse_proof(std::string_view why);
  std::string random_name();
  std::vector<Method> wanted(const Hello& hello) const;

  std::shared_ptr<const RealmBook> book_;
  AuthenticatorTools& tools_;
  TransportFacts facts_;

  State state_ = State::idle;
  Now now_{};  // of the latest call
  MonotonicTime due_{};
  const Realm* realm_ = nullptr;
  HelloExtra extra_;
  KeptPayload authextra_;       // for a procedure; empty where the realm asks none
  bool authextra_fits_ = true;  // into authextra_bytes_max
  std::string wanted_role_;
  SessionId session_{};
  const DynamicAuthenticator* dynamic_ = nullptr;
  const Principal* principal_ = nullptr;
  bool fake_ = false;
  std::string_view fake_because_ = "no such principal";
  std::optional<Method> tried_;
  Standing standing_;  // filled in as it becomes known
  Waiting waiting_;
  std::optional<TokenGrant> grant_;
  Fields dynamic_extra_;
};

}  // namespace crosspoint::wamp::auth
