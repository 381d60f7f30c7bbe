// What each method answers to a HELLO.
#include <algorithm>

#include "base/hex.h"
#include "wamp/auth/authenticator.h"
#include "wamp/error_uri.h"

namespace crosspoint::wamp::auth {

std::optional<Step> Authenticator::offer(Method method) {
  switch (method) {
    case Method::anonymous: return offer_anonymous();
    case Method::ticket: return offer_ticket();
    case Method::wampcra:
    case Method::scram:
    case Method::wamp_scram: return offer_by_name(method);
    case Method::cryptosign: return offer_cryptosign();
    case Method::cookie: return offer_cookie();
    case Method::tls: return offer_certificate();
    case Method::jwt: return offer_token();
  }
  return std::nullopt;
}

Authenticator::Candidate Authenticator::candidate(Method method) const {
  if (const Principal* principal = realm_->find_principal(standing_.authid)) {
    return principal->methods().has(method) ? Candidate{.principal = principal} : Candidate{};
  }
  if (const auto* dynamic = realm_->find_authenticator(method)) return {.dynamic = dynamic};
  if (standing_.authid.empty()) return {};
  const Principal* model = realm_->model_for(standing_.authid, tools_.disguise_key);
  if (model == nullptr || !model->methods().has(method)) return {};
  return {.principal = model, .fake = true};
}

void Authenticator::take(const Candidate& candidate) {
  dynamic_ = candidate.dynamic;
  principal_ = candidate.principal;
  fake_ = candidate.fake;
  if (principal_ == nullptr) return;
  standing_.provider = Provider::principal;
  standing_.role = principal_->role;
  const auto fingerprints = principal_->fingerprints(standing_.method);
  if (fingerprints.size() == 1) standing_.credential = fingerprints.front();
}

std::optional<Step> Authenticator::offer_anonymous() {
  if (const auto* dynamic = realm_->find_authenticator(Method::anonymous)) {
    standing_.authid = random_name();
    dynamic_ = dynamic;
    return ask();
  }
  if (realm_->settings().anonymous_role.empty()) return std::nullopt;
  standing_.authid = random_name();  // nobody takes a name without proof
  standing_.role = realm_->settings().anonymous_role;
  standing_.provider = Provider::anonymous;
  return accept();
}

bool Authenticator::may_show_secrets() const {
  return facts_.encrypted || facts_.local || realm_->settings().plain_tickets;
}

bool Authenticator::takes_tokens() const {
  return tools_.tokens != nullptr && !realm_->settings().token.role.empty();
}

std::optional<Step> Authenticator::offer_ticket() {
  if (!may_show_secrets()) return std::nullopt;
  const Candidate who = candidate(Method::ticket);
  if (who.principal == nullptr && who.dynamic == nullptr && !takes_tokens()) return std::nullopt;
  take(who);
  return challenged(TicketWait{}, {});
}

std::optional<Step> Authenticator::offer_token() {
  if (!may_show_secrets() || !takes_tokens()) return std::nullopt;
  return challenged(TokenWait{}, {});
}

std::optional<Step> Authenticator::offer_by_name(Method method) {
  if (standing_.authid.empty()) return std::nullopt;
  const Candidate who = candidate(method);
  if (who.dynamic != nullptr) {
    take(who);
    return ask();
  }
  if (who.principal == nullptr) return std::nullopt;
  take(who);
  // Both are made for everybody, so that both take the same time.
  if (method == Method::wampcra) {
    const WampCraCredential other = disguised(*principal_->wampcra);
    return challenge_wampcra(fake_ ? other : *principal_->wampcra);
  }
  const auto dialect = method == Method::scram ? ScramDialect::autobahn : ScramDialect::specification;
  const ScramCredential& credential = *principal_->scram_of(dialect);
  const ScramCredential other = disguised(credential);
  return challenge_scram(dialect, fake_ ? other : credential);
}

// Who it is says the key. A key that nobody has is told so at once: only its owner could have named it, and
// the answer is the same whatever name it came with.
std::optional<Step> Authenticator::offer_cryptosign() {
  if (extra_.pubkey.empty()) return std::nullopt;
  const auto key = parse_cryptosign_key(extra_.pubkey);
  if (!key) return refuse(error_uri::no_such_principal, "authextra.pubkey must be 64 hexadecimal digits");
  const Principal* principal = realm_->find_by_key(*key);
  if (principal != nullptr && (standing_.authid.empty() || standing_.authid == principal->authid)) {
    take({.principal = principal});
    standing_.authid = principal->authid;
    standing_.credential = fingerprint_of(Method::cryptosign, *key);
    return challenge_cryptosign(*key);
  }
  const bool is_static = realm_->find_principal(standing_.authid) != nullptr;
  const auto* dynamic = realm_->find_authenticator(Method::cryptosign);
  if (dynamic != nullptr && principal == nullptr && !is_static) {
    take({.dynamic = dynamic});
    return ask({{"pubkey", encode_hex(*key)}});
  }
  if (!realm_->has_cryptosign_keys() && dynamic == nullptr) return std::nullopt;
  return refuse(error_uri::no_such_principal, "nobody in this realm has this name and this key",
                principal != nullptr ? "the key is another principal's"
                : is_static          ? "the principal does not have this key"
                                     : "nobody has this key");
}

std::optional<Step> Authenticator::offer_certificate() {
  if (facts_.certificate_sha256.empty() && facts_.certificate_sha1.empty()) return std::nullopt;
  const Principal* principal =
      realm_->find_by_certificate(facts_.certificate_sha256, facts_.certificate_sha1);
  if (principal == nullptr) {
    const auto* dynamic = realm_->find_authenticator(Method::tls);
    if (dynamic == nullptr || realm_->find_principal(standing_.authid) != nullptr) return std::nullopt;
    take({.dynamic = dynamic});
    return ask();
  }
  if (!standing_.authid.empty() && standing_.authid != principal->authid) return std::nullopt;
  take({.principal = principal});
  standing_.authid = principal->authid;
  const bool by_sha256 =
      std::ranges::find(principal->certificates, facts_.certificate_sha256) != principal->certificates.end();
  standing_.credential =
      fingerprint_of(Method::tls, by_sha256 ? facts_.certificate_sha256 : facts_.certificate_sha1);
  return accept();
}

std::optional<Step> Authenticator::offer_cookie() {
  if (!realm_->settings().cookie || tools_.cookies == nullptr || facts_.cookie.empty()) return std::nullopt;
  const Standing* known = tools_.cookies->find(facts_.cookie, standing_.realm, now_.monotonic);
  if (known == nullptr || judge(*book_, *known) != StandingChange::stays) return std::nullopt;
  if (!standing_.authid.empty() && standing_.authid != known->authid) return std::nullopt;
  standing_ = *known;
  auto step = accept();
  if (auto* accepted = std::get_if<Accepted>(&step)) {
    accepted->identity.authmethod = to_string(Method::cookie);
    accepted->identity.authprovider = to_string(Method::cookie);
  }
  return step;
}

}  // namespace crosspoint::wamp::auth
