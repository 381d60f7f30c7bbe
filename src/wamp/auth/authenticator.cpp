#include "wamp/auth/authenticator.h"

#include <algorithm>

#include "base/assert.h"
#include "base/base64.h"
#include "base/hex.h"
#include "crypto/constant_time.h"
#include "wamp/error_uri.h"
#include "wamp/uri.h"

namespace crosspoint::wamp::auth {
namespace {

// Three parts, and the first begins as every JSON object in base64url does.
bool looks_like_token(std::string_view text) {
  return text.starts_with("eyJ") && std::ranges::count(text, '.') == 2;
}

// A dynamic authenticator is asked before the client has shown anything.
bool has_challenge(Method method) {
  return method == Method::wampcra || method == Method::scram || method == Method::wamp_scram ||
         method == Method::cryptosign;
}

}  // namespace

Step Authenticator::hello(const Hello& hello, const HelloExtra& extra, SessionId session, Now now) {
  CROSSPOINT_ASSERT(state_ == State::idle);
  now_ = now;
  due_ = now.monotonic + book_->settings().opening_timeout;
  realm_ = book_->find_realm(hello.realm);
  if (realm_ != nullptr && realm_->settings().is_template && hello.realm.size() > realm_bytes_max) {
    return refuse(error_uri::no_such_realm, "the realm's name is longer than 256 bytes");
  }
  if (realm_ == nullptr || !is_uri(hello.realm, realm_->settings().uri_check)) {
    return refuse(error_uri::no_such_realm, "there is no such realm here");
  }
  if (hello.authid.size() > authid_bytes_max) {
    return refuse(error_uri::authentication_failed, "authid is longer than 256 bytes");
  }
  standing_.realm = hello.realm;
  standing_.authid = hello.authid;
  wanted_role_ = hello.authrole;
  session_ = session;
  extra_ = extra;
  if (!realm_->settings().authenticators.empty()) {
    authextra_fits_ = hello.authextra.bytes() <= authextra_bytes_max;
    if (authextra_fits_) authextra_ = KeptPayload(hello.authextra);
  }
  for (const Method method: wanted(hello)) {
    standing_.method = method;
    tried_ = method;
    if (auto step = offer(method)) return std::move(*step);
  }
  tried_.reset();
  return refuse(error_uri::no_auth_method,
                "none of the authmethods is possible here: the realm must have it, ticket and jwt need an "
                "encrypted connection, and ticket, wampcra and scram an authid",
                realm_->find_principal(standing_.authid) == nullptr
                    ? "no such principal, and none of these methods is for strangers here"
                    : "none of these methods is possible for this principal, or over this connection");
}

std::vector<Method> Authenticator::wanted(const Hello& hello) const {
  if (hello.authmethods.empty()) return {Method::anonymous};
  std::vector<Method> methods;
  const std::size_t count = std::min(hello.authmethods.size(), authmethods_max);
  for (const auto& name: std::span(hello.authmethods).first(count)) {
    if (const auto method = find_method(name)) methods.push_back(*method);
  }
  return methods;
}

Step Authenticator::authenticate(std::string_view signature, const AuthenticateExtra& extra, Now now) {
  CROSSPOINT_ASSERT(expects_answer());
  now_ = now;
  if (now.monotonic >= due_) return expire();
  const Waiting waiting = std::exchange(waiting_, {});  // a challenge is good for one answer
  if (std::holds_alternative<TicketWait>(waiting)) return check_ticket(signature);
  if (std::holds_alternative<TokenWait>(waiting)) return check_token(signature);
  if (const auto* cra = std::get_if<CraWait>(&waiting)) {
    const auto wanted = wampcra_signature(cra->credential, cra->challenge);
    return prove(crypto::equal_in_constant_time(as_bytes(signature), as_bytes(wanted)));
  }
  if (const auto* scram = std::get_if<ScramExchange>(&waiting)) {
    auto verifier = scram->verify(signature, extra);
    return verifier ? prove(true, std::move(*verifier)) : prove(false);
  }
  return prove(std::get<CryptosignExchange>(waiting).verify(signature));
}

Step Authenticator::check_ticket(std::string_view ticket) {
  if (takes_tokens() && looks_like_token(ticket)) return check_token(ticket);
  if (dynamic_ != nullptr) return ask({{"ticket", std::string(ticket)}});
  if (principal_ == nullptr) return refuse_proof("no such principal, and the ticket is no token");
  const StoredPassword& stored = *principal_->ticket;
  if (!stored.is_slow()) return prove(stored.matches(as_bytes(ticket)));
  state_ = State::slow;
  return Slow{{stored, crypto::SecretText(ticket)}};
}

Step Authenticator::check_token(std::string_view text) {
  const auto claims = tools_.tokens->verify(text, now_.wall);
  if (!claims) return refuse(error_uri::authentication_failed, std::string(to_sentence(claims.error())));
  if (tools_.refuses) {
    if (auto why = tools_.refuses(*claims)) return refuse(error_uri::authentication_failed, std::move(*why));
  }
  auto grant = grant_from_token(*claims);
  if (!grant) return refuse(error_uri::authentication_failed, "the token opens nothing in this realm");
  // Who it is says the token alone, whatever HELLO said.
  standing_.authid = !claims->subject.empty() ? claims->subject : claims->booking_id;
  if (standing_.authid.empty()) standing_.authid = random_name();
  // Whoever signs tokens must not thereby become somebody who has to prove more.
  if (standing_.authid.size() > authid_bytes_max || realm_->find_principal(standing_.authid) != nullptr) {
    return refuse(error_uri::authentication_failed,
                  "the token's subject is somebody else's name in this realm");
  }
  standing_.role = realm_->settings().token.role;
  standing_.provider = Provider::token;
  standing_.credential.reset();
  grant_ = std::move(*grant);
  return accept();
}

Step Authenticator::verified(bool matches) {
  CROSSPOINT_ASSERT(state_ == State::slow);
  return prove(matches);
}

Step Authenticator::answered(std::optional<DynamicAnswer> answer, Now now) {
  CROSSPOINT_ASSERT(state_ == State::asked);
  now_ = now;
  const bool challenges = has_challenge(standing_.method);
  if (!answer) {
    constexpr std::string_view why = "the authenticator refused it, or did not answer";
    return challenges ? challenge_refused(why) : refuse_proof(why);
  }
  const Realm* const realm = answer->realm.empty() ? realm_ : book_->find_realm(answer->realm);
  if (realm == nullptr) {
    constexpr std::string_view why = "the authenticator named a realm that is not here";
    if (challenges) return challenge_refused(why);
    return refuse(error_uri::no_such_realm, "there is no such realm here", std::string(why));
  }
  realm_ = realm;
  if (!answer->realm.empty()) standing_.realm = answer->realm;
  if (!answer->authid.empty()) standing_.authid = answer->authid;
  if (standing_.authid.empty()) standing_.authid = random_name();
  standing_.role = answer->role;
  dynamic_extra_ = std::move(answer->extra);
  return challenges ? challenge_dynamic(*answer) : accept();
}

Step Authenticator::expire() {
  return refuse(error_uri::authentication_failed, "the session was not opened in time");
}

Step Authenticator::prove(bool proven, Fields authextra) {
  if (fake_) return refuse_proof(fake_because_);
  if (!proven) {
    return refuse_proof(standing_.method == Method::ticket ? "the ticket is wrong"
                                                           : "the signature is wrong");
  }
  return accept(std::move(authextra));
}

Step Authenticator::ask(Fields more) {
  auto extra = shown_authextra();
  if (!extra) {
    return refuse(error_uri::authentication_failed,
                  "authextra is longer than 4096 bytes, or nested deeper than eight levels");
  }
  state_ = State::asked;
  standing_.provider = Provider::dynamic;
  Ask question{dynamic_->procedure,
               dynamic_->realm.empty() ? standing_.realm : dynamic_->realm,
               standing_.realm,
               standing_.authid,
               {{"authmethod", std::string(to_string(standing_.method))},
                {"session", static_cast<std::int64_t>(number(session_))}},
               {{"peer", facts_.peer}, {"encrypted", facts_.encrypted}},
               binding_names(),
               std::move(*extra)};
  if (!facts_.protocol.empty()) question.transport.push_back({"type", facts_.protocol});
  if (!wanted_role_.empty()) question.details.push_back({"authrole", wanted_role_});
  for (Field& field: more) question.details.push_back(std::move(field));
  if (!facts_.certificate_sha256.empty()) {
    question.transport.push_back({"client_cert_sha256", encode_hex(facts_.certificate_sha256)});
    question.transport.push_back({"client_cert_sha1", encode_hex(facts_.certificate_sha1)});
  }
  return question;
}

// Of HELLO, for a procedure. Nothing: it is more than may be shown to one.
std::optional<data::Value> Authenticator::shown_authextra() const {
  if (!authextra_fits_) return std::nullopt;
  const auto payload = authextra_.view();
  if (payload.kwargs.empty()) return data::Value();
  auto value = data::read_value(payload.format, payload.kwargs, {.depth_max = 8});
  return value ? std::optional(std::move(*value)) : std::nullopt;
}

std::vector<std::string_view> Authenticator::binding_names() const {
  std::vector<std::string_view> names;
  const auto bindings = facts_.bindings();
  for (const char* name: {"tls-unique", "tls-exporter", "tls-server-end-point"}) {
    if (!proof::find_binding(name, bindings).empty()) names.emplace_back(name);
  }
  return names;
}

Step Authenticator::challenged(Waiting waiting, Fields extra) {
  state_ = State::challenged;
  waiting_ = std::move(waiting);
  return Challenged{standing_.method, std::move(extra)};
}

Step Authenticator::accept(Fields authextra) {
  if (realm_->find_role(standing_.role) == nullptr) {
    return refuse(error_uri::no_such_role, "the realm does not have the role");
  }
  if (!wanted_role_.empty() && wanted_role_ != standing_.role) {
    return refuse(error_uri::no_such_role, "authrole is not the role of this authid");
  }
  state_ = State::done;
  for (Field& field: dynamic_extra_) authextra.push_back(std::move(field));
  Identity identity{standing_.authid, standing_.role, std::string(to_string(standing_.method)),
                    std::string(to_string(standing_.provider))};
  // A token's session ends with its token; a cookie would outlive it.
  const bool bind = realm_->settings().cookie && tools_.cookies != nullptr && !grant_;
  if (bind) tools_.cookies->bind(facts_.cookie, standing_, now_.monotonic);
  return Accepted{std::move(identity), std::move(authextra), std::move(standing_), std::move(grant_)};
}

Step Authenticator::refuse(std::string_view error, std::string message, std::string why) {
  state_ = State::done;
  return Refused{error, std::move(message), std::move(why)};
}

// One answer for a wrong secret, an unknown name, and a procedure that said no.
Step Authenticator::refuse_proof(std::string_view why) {
  return refuse(error_uri::authentication_failed,
                "the name is not known, or what was shown does not prove it", std::string(why));
}

std::string Authenticator::random_name() {
  std::array<std::byte, 15> bytes;
  tools_.random.fill(bytes);
  return encode_base64(Base64::url, bytes);
}

}  // namespace crosspoint::wamp::auth
