#include "wamp/auth/io/configured_router.h"

#include <algorithm>
#include <utility>

#include "base/counted.h"
#include "wamp/error_uri.h"

namespace crosspoint::wamp::auth {
namespace {

constexpr std::size_t realms_max = 10'000;
constexpr std::size_t passwords_waiting_max = 64;  // each takes some tenth of a second
constexpr std::size_t disguise_key_bytes = 32;
// Tokens end by the wall clock, which may be set: it is looked at this often at least.
constexpr Duration look_every = 1min;

ByteVector random_bytes(Random& random, std::size_t count) {
  ByteVector bytes(count);
  random.fill(bytes);
  return bytes;
}

bool any_takes_cookies(const WampSettings& settings) {
  return std::ranges::any_of(settings.realms, [](const RealmSettings& realm) { return realm.cookie; });
}

std::string_view sentence(StandingChange change) {
  switch (change) {
    case StandingChange::stays: return {};
    case StandingChange::no_realm: return "the realm is no longer there";
    case StandingChange::no_role: return "the role is no longer there, or no longer anybody's";
    case StandingChange::no_principal: return "the name, its role, or what it came in with is no longer good";
    case StandingChange::no_method: return "nobody may come in so any more";
  }
  return {};
}

}  // namespace

ConfiguredRouter::ConfiguredRouter(net::Loop& loop, const Clock& clock, Random& random,
                                   Configuration configuration, TokenDesk tokens, NodeSettings node,
                                   HistoryArchive* histories)
    : Deadline(loop),
      router_key_(std::move(configuration.router_key)),
      book_(std::make_shared<const RealmBook>(std::move(configuration.settings))),
      verifier_(std::move(tokens.verifier)),
      cookies_(book_->settings().cookies_max, book_->settings().cookie_age_max),
      takes_cookies_(any_takes_cookies(book_->settings())),
      tools_{.random = random,
             .disguise_key = random_bytes(random, disguise_key_bytes),
             .router_key = router_key_ ? &*router_key_ : nullptr,
             .tokens = verifier_.get(),
             .refuses = std::move(tokens.refuses),
             .cookies = &cookies_},
      workshop_(loop, passwords_waiting_max),
      door_(book_, tools_, *this, clock),
      terms_(book_, histories),
      service_(loop, door_, door_, terms_, realms_max, random, completed(std::move(node))) {
  desk_.emplace(router(), clock);
}

NodeSettings ConfiguredRouter::completed(NodeSettings node) {
  node.transports.session.opening_time_max = book_->settings().opening_timeout;
  node.cookies = this;
  node.transports.waiting_bytes_max = book_->settings().waiting_bytes_max;
  node.transports.waiting_age_max = book_->settings().waiting_age_max;
  node.rawsocket.ubjson_as = book_->settings().ubjson_as;
  node.long_poll.base = book_->settings().long_poll;
  return node;
}

std::size_t ConfiguredRouter::change(Configuration configuration) {
  router_key_ = std::move(configuration.router_key);
  tools_.router_key = router_key_ ? &*router_key_ : nullptr;
  book_ = std::make_shared<const RealmBook>(std::move(configuration.settings));
  terms_.use(book_);
  cookies_.change_limits(book_->settings().cookies_max, book_->settings().cookie_age_max);
  takes_cookies_ = any_takes_cookies(book_->settings());
  node().change_opening_time(book_->settings().opening_timeout);
  node().change_waiting(book_->settings().waiting_bytes_max, book_->settings().waiting_age_max);
  const auto leaving = door_.change_settings(book_);
  for (const auto& [session, why]: leaving) end(session, reason_uri(why), sentence(why));
  const auto revoked = router().ask_policy_again(now());
  if (revoked.any()) {
    log::info("wamp", "permissions have changed: {} subscriptions and {} registrations are taken away",
              revoked.subscriptions, revoked.registrations);
  }
  return leaving.size();
}

void ConfiguredRouter::verify_with(std::shared_ptr<const token::Verifier> verifier) {
  verifier_ = std::move(verifier);
  tools_.tokens = verifier_.get();
}

std::size_t ConfiguredRouter::end_booking(std::string_view booking) {
  const auto sessions = door_.of_booking(booking);
  for (const SessionId session: sessions) end(session, error_uri::close_killed, "the booking was cancelled");
  return sessions.size();
}

void ConfiguredRouter::end(SessionId session, std::string_view reason, std::string_view message) {
  router().end_session(session, reason, message, now());
}

template <class Answer>
ProcedureDesk::Answered<Answer> ConfiguredRouter::telling(
    std::string_view who, std::string_view procedure, std::string_view realm,
    std::function<void(std::optional<Answer>)> answered) {
  return [this, who, procedure = std::string(procedure), realm = std::string(realm),
          answered = std::move(answered)](Result<Answer, std::string> answer) {
    if (answer) return answered(std::move(*answer));
    if (const auto skipped = log_limit_.admit(loop().now())) {
      log::warning("wamp", "the {} {} of realm {}: {}{}", who, procedure, realm, answer.error(),
                   and_more(*skipped));
    }
    answered(std::nullopt);
  };
}

std::unique_ptr<PendingCall> ConfiguredRouter::ask(
    const Ask& question, Duration time_max, std::function<void(std::optional<DynamicAnswer>)> answered) {
  return desk_->ask(question, time_max,
                    telling<DynamicAnswer>("authenticator", question.procedure, question.procedure_realm,
                                           std::move(answered)));
}

std::unique_ptr<PendingCall> ConfiguredRouter::authorize(
    const AuthorizerQuestion& question, Duration time_max,
    std::function<void(std::optional<DynamicVerdict>)> answered) {
  return desk_->authorize(
      question, time_max,
      telling<DynamicVerdict>("authorizer", question.procedure, question.realm, std::move(answered)));
}

bool ConfiguredRouter::run(PasswordJob job, std::function<void(bool matches)> done) {
  const auto shared = std::make_shared<PasswordJob>(std::move(job));
  return workshop_.run([shared] { return shared->run(); }, std::move(done));
}

void ConfiguredRouter::expiry_changed() {
  const auto expiry = door_.next_expiry();
  if (!expiry) return stop();
  start_after(std::clamp<Duration>(*expiry - loop().wall_now(), Duration::zero(), look_every));
}

void ConfiguredRouter::on_due() {
  for (const SessionId session: door_.expired(loop().wall_now())) {
    end(session, error_uri::close_killed, "the token has expired");
  }
  expiry_changed();
}

}  // namespace crosspoint::wamp::auth
