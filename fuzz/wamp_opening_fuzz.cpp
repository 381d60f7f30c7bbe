// Openings by what is shown as it is: ticket, token, cookie, certificate, nothing. Whatever comes, who is let
// in has shown what opens, has the role of that and no other, and shows a secret only where nobody listens.
#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "require.h"
#include "token/signer.h"
#include "wamp/auth/authenticator.h"
#include "wamp/cookie.h"

using namespace crosspoint;
using namespace crosspoint::wamp;

namespace {

constexpr std::string_view secret = "a secret of the laboratory, long enough for the hash";
const std::map<std::string, std::string, std::less<>> tickets = {{"peter", "rosebud"}, {"paul", "sledge"}};

std::shared_ptr<const auth::RealmBook> book(bool plain_tickets) {
  auth::WampSettings settings;
  settings.realms.push_back({.name = "lab",
                             .plain_tickets = plain_tickets,
                             .cookie = true,
                             .anonymous_role = "guest",
                             .token = {.role = "bearer", .uri_prefix = "topic."}});
  for (const char* role: {"guest", "user", "bearer"}) settings.roles.push_back({.name = role});
  for (const auto& [name, ticket]: tickets) {
    auth::Principal principal;
    principal.authid = name;
    principal.role = "user";
    principal.ticket = auth::StoredPassword::from_clear(ticket);
    if (name == "paul") principal.certificates.push_back(ByteVector(32, std::byte{1}));
    settings.principals.push_back({"lab", std::move(principal)});
  }
  return std::make_shared<const auth::RealmBook>(std::move(settings));
}

const token::Verifier& verifier() {
  static const token::Verifier made(*token::KeySet::from_secret(secret), token::Policy{});
  return made;
}

std::string_view take_until(std::string_view& text, char end_mark) {
  const auto end = std::min(text.find(end_mark), text.size());
  const auto part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

// "topic|scopes|subject|booking|connection type", expiring in an hour, or long ago.
token::Claims claims_of(std::string_view text, bool expired, WallTime now) {
  token::Claims claims;
  claims.topic = take_until(text, '|');
  auto scopes = take_until(text, '|');
  while (!scopes.empty()) claims.scopes.emplace_back(take_until(scopes, ' '));
  claims.subject = take_until(text, '|');
  claims.booking_id = take_until(text, '|');
  claims.prefix = text.empty() ? "session" : std::string(text);
  claims.expires = expired ? now - 1h : now + 1h;
  return claims;
}

void look_into_grant(const token::Claims& claims) {
  const auto grant = auth::grant_from_token(claims);
  if (!grant) return;
  REQUIRE(!grant->topic.empty() && grant->topic.find('.') == std::string::npos);
  REQUIRE(claims.prefix == "session");
  const std::string place = "topic." + grant->topic;
  for (const auto& rule: grant->rules("topic.")) REQUIRE(rule.uri == place || rule.uri == place + ".");
  const auto one_of = [&](std::initializer_list<std::string_view> scopes) {
    return std::ranges::any_of(scopes, [&](std::string_view scope) { return claims.has_scope(scope); });
  };
  REQUIRE(!grant->actions.has(Action::register_) || one_of({"register"}));
  REQUIRE(!grant->actions.has(Action::subscribe) || one_of({"read", "subscribe"}));
  REQUIRE(!grant->actions.has(Action::publish) || one_of({"write", "publish"}));
  REQUIRE(!grant->actions.has(Action::call) || one_of({"write", "call"}));
}

struct Shown {
  auth::TransportFacts facts;
  bool plain_tickets = false;
  std::string answer;
  std::string_view authrole;
};

// `bound`: whom the cookie stands for; empty: nobody.
void look_into_accepted(const auth::Accepted& accepted, const Shown& shown, WallTime now,
                        const std::string& bound) {
  const Identity& who = accepted.identity;
  const bool unheard = shown.facts.encrypted || shown.facts.local || shown.plain_tickets;
  REQUIRE(shown.authrole.empty() || shown.authrole == who.authrole);
  if (who.authmethod == "cookie") {
    REQUIRE(!bound.empty() && who.authid == bound && who.authrole == "user");
  } else if (who.authmethod == "tls") {
    REQUIRE(!shown.facts.certificate_sha256.empty() && who.authid == "paul" && who.authrole == "user");
  } else if (who.authprovider == "anonymous") {
    REQUIRE(who.authrole == "guest" && !tickets.contains(who.authid));
  } else if (accepted.grant) {
    REQUIRE(unheard && who.authrole == "bearer" && !tickets.contains(who.authid));
    REQUIRE(verifier().verify(shown.answer, now).has_value());
  } else {
    const auto ticket = tickets.find(who.authid);
    REQUIRE(unheard && who.authmethod == "ticket" && who.authrole == "user");
    REQUIRE(ticket != tickets.end() && ticket->second == shown.answer);
  }
}

// Who shows the right ticket first, where it may, comes in.
bool has_to_come_in(const Hello& hello, const Shown& shown) {
  const auto ticket = tickets.find(hello.authid);
  return (shown.facts.encrypted || shown.facts.local || shown.plain_tickets) && !hello.authmethods.empty() &&
         hello.authmethods.front() == "ticket" && ticket != tickets.end() && shown.answer == ticket->second &&
         (shown.authrole.empty() || shown.authrole == "user");
}

void look_into_cookie(std::string_view field, std::string_view found) {
  REQUIRE(found.size() <= cookie_bytes_max);
  if (found.empty()) return;
  REQUIRE(field.find(std::string(cookie_name) + "=" + std::string(found)) != std::string_view::npos);
  REQUIRE(found.find_first_of(" ;=,\"\t\r\n") == std::string_view::npos);
}

}  // namespace

// A byte of facts; lines: authmethods (with commas), authid, authrole, the Cookie field, the answer: "!" and
// claims is the token of these. The same twice: what the first has shown, the second may have a cookie for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const std::shared_ptr<const auth::RealmBook> books[] = {book(false), book(true)};
  const unsigned bits = data[0];
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  auto methods = take_until(text, '\n');
  const auto authid = take_until(text, '\n');
  Shown shown;
  shown.authrole = take_until(text, '\n');
  const auto cookie_field = take_until(text, '\n');
  shown.facts.encrypted = bits & 1;
  shown.facts.local = bits & 2;
  shown.plain_tickets = bits & 4;
  if (bits & 8) shown.facts.certificate_sha256 = ByteVector(32, std::byte{1});
  shown.facts.cookie = find_cookie(cookie_field);
  look_into_cookie(cookie_field, shown.facts.cookie);
  const auth::Authenticator::Now now{MonotonicTime{} + 1h, WallTime{std::chrono::seconds{1'800'000'000}}};
  shown.answer = text;
  if (text.starts_with('!')) {
    const auto claims = claims_of(text.substr(1), bits & 16, now.wall);
    look_into_grant(claims);
    shown.answer = token::Signer::from_secret(secret)->sign(claims);
  }

  Hello hello{.realm = "lab", .authid = authid, .authrole = shown.authrole};
  while (!methods.empty()) hello.authmethods.emplace_back(take_until(methods, ','));
  SeededRandom random(1);
  auth::CookieBook cookies(4, 1h);
  auth::AuthenticatorTools tools{
      .random = random, .disguise_key = ByteVector(32), .tokens = &verifier(), .cookies = &cookies};
  std::string bound;
  for (const bool again: {false, true}) {
    if (again) hello.authmethods.insert(hello.authmethods.begin(), "cookie");
    auth::Authenticator authenticator(books[shown.plain_tickets], tools, shown.facts);
    auto step = authenticator.hello(hello, {}, SessionId{7}, now);
    if (authenticator.expects_answer()) step = authenticator.authenticate(shown.answer, {}, now);
    if (const auto* refused = std::get_if<auth::Refused>(&step)) {
      REQUIRE(refused->error.starts_with("wamp.error.") && !refused->message.empty());
      REQUIRE(!has_to_come_in(hello, shown));
    } else {
      const auto& accepted = std::get<auth::Accepted>(step);
      look_into_accepted(accepted, shown, now.wall, bound);
      if (accepted.identity.authrole == "user") bound = accepted.identity.authid;
    }
  }
  return 0;
}
