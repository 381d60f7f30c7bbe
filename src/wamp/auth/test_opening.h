#pragma once
// One opening in a test: what the client says, and what the router answers.

#include <gtest/gtest.h>

#include "wamp/auth/authenticator.h"
#include "wamp/auth/test_realm.h"

namespace crosspoint::wamp::auth::test_realm {

// What is the same for all openings of a test.
struct Desk {
  SeededRandom random{1};
  CookieBook cookies{100, 1h};
  AuthenticatorTools tools{.random = random, .disguise_key = ByteVector(32), .cookies = &cookies};
  Authenticator::Now now{MonotonicTime{} + 1h,
                         WallTime{std::chrono::sys_days{std::chrono::January / 2 / 2026}}};
};

struct Client {
  std::vector<std::string_view> authmethods = {};
  std::string_view authid = {};
  std::string_view authrole = {};
  HelloExtra extra = {};
  TransportFacts facts = {.peer = "192.0.2.7:5022", .encrypted = true};
  std::string_view realm = "lab";
  std::string_view authextra = {};  // in JSON, as a procedure is shown it; methods read `extra`
};

class Opening {
 public:
  Opening(Desk& desk, std::shared_ptr<const RealmBook> book, const Client& client)
      : desk_(desk),
        authenticator_(std::move(book), desk.tools, client.facts),
        step_(authenticator_.hello({.realm = client.realm,
                                    .authmethods = {client.authmethods.begin(), client.authmethods.end()},
                                    .authid = client.authid,
                                    .authrole = client.authrole,
                                    .authextra = {.kwargs = as_bytes(client.authextra)}},
                                   client.extra, SessionId{7}, desk.now)) {}

  Opening& answer(std::string_view signature, const AuthenticateExtra& extra = {}) {
    EXPECT_TRUE(authenticator_.expects_answer());
    if (authenticator_.expects_answer()) step_ = authenticator_.authenticate(signature, extra, desk_.now);
    return *this;
  }
  Opening& procedure_says(std::optional<DynamicAnswer> answer) {
    step_ = authenticator_.answered(std::move(answer), desk_.now);
    return *this;
  }
  // Runs the job, as another thread would.
  Opening& job_is_done() {
    step_ = authenticator_.verified(std::get<Slow>(step_).job.run());
    return *this;
  }

  Authenticator& authenticator() { return authenticator_; }
  const Step& step() const { return step_; }
  template <class Kind>
  const Kind* as() const {
    return std::get_if<Kind>(&step_);
  }
  std::string error() const { return as<Refused>() ? std::string(as<Refused>()->error) : "not refused"; }
  std::string method() const {
    return as<Challenged>() ? std::string(to_string(as<Challenged>()->method)) : "not challenged";
  }
  std::string extra(std::string_view key) const {
    const auto* text = as<Challenged>() ? find_text(as<Challenged>()->extra, key) : nullptr;
    return text == nullptr ? "" : *text;
  }
  // "peter user ticket static", or the error.
  std::string welcome() const {
    const auto* accepted = as<Accepted>();
    if (accepted == nullptr) return error();
    const Identity& who = accepted->identity;
    return who.authid + " " + who.authrole + " " + who.authmethod + " " + who.authprovider;
  }

 private:
  Desk& desk_;
  Authenticator authenticator_;
  Step step_;
};

// By the owner of `pubkey`.
inline std::string cryptosign_answer(const Opening& opening) {
  const auto message = *decode_hex(opening.extra("challenge"));
  ByteVector answer = crypto::PrivateKey::from_ed25519_seed(*decode_hex(seed))->sign(message);
  append(answer, message);
  return encode_hex(answer);
}

inline constexpr std::string_view failed = "wamp.error.authentication_failed";

}  // namespace crosspoint::wamp::auth::test_realm
