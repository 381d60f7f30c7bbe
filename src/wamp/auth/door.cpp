#include "wamp/auth/door.h"

#include "wamp/auth/read_extra.h"
#include "wamp/error_uri.h"

namespace crosspoint::wamp::auth {
namespace {

TransportFacts facts_from(const wamp::TransportFacts& facts) {
  TransportFacts out{.peer = facts.peer,
                     .protocol = facts.protocol,
                     .encrypted = facts.secure,
                     .local = facts.local,
                     .cookie = facts.cookie};
  if (facts.tls == nullptr) return out;
  out.tls_unique = facts.tls->unique;
  out.tls_server_finished = facts.tls->server_finished;
  out.tls_exporter = facts.tls->exporter;
  out.tls_server_end_point = facts.tls->server_end_point;
  out.certificate_sha1 = facts.tls->certificate_sha1;
  out.certificate_sha256 = facts.tls->certificate_sha256;
  return out;
}

Judgement judgement_of(const Verdict& said) {
  const auto* allowed = std::get_if<Allowed>(&said);
  return {.allowed = allowed != nullptr, .disclose = allowed != nullptr && allowed->disclose};
}

Extra extra_from(Fields fields) {
  Extra extra;
  for (Field& field: fields) extra.emplace_back(std::move(field.key), std::move(field.value));
  return extra;
}

}  // namespace

// Destroyed by the session when it no longer wants to know: what comes from the helper after that is for
// nobody.
class Door::OneOpening final : public Opening {
 public:
  OneOpening(Door& door, const wamp::TransportFacts& facts, SessionId session,
             std::function<void(wamp::Verdict)> decided)
      : door_(door),
        session_(session),
        decided_(std::move(decided)),
        authenticator_(door.book_, door.tools_, facts_from(facts)) {}

  wamp::Verdict hello(const Hello& hello) {
    const auto extra = read_hello_extra(hello.authextra);
    if (!extra) return TurnedAway{std::string(error_uri::authentication_failed), extra.error()};
    return verdict(authenticator_.hello(hello, *extra, session_, now()));
  }

  wamp::Verdict on_authenticate(const Authenticate& answer) override {
    const auto extra = read_authenticate_extra(answer.extra);
    if (!extra) return TurnedAway{std::string(error_uri::authentication_failed), extra.error()};
    return verdict(authenticator_.authenticate(answer.signature, *extra, now()));
  }

 private:
  Authenticator::Now now() const { return {door_.clock_.monotonic(), door_.clock_.wall()}; }

  std::string method() const {
    const auto tried = authenticator_.method();
    return tried ? std::string(to_string(*tried)) : std::string();
  }

  // What the session is told of a step; what has to be done outside is begun.
  wamp::Verdict verdict(Step step) {
    if (auto* challenged = std::get_if<auth::Challenged>(&step)) {
      return wamp::Challenged{std::string(to_string(challenged->method)),
                              extra_from(std::move(challenged->extra))};
    }
    if (auto* accepted = std::get_if<Accepted>(&step)) {
      Admitted admitted{accepted->standing.realm, accepted->identity,
                        extra_from(std::move(accepted->authextra))};
      door_.admit(session_, *accepted);
      return admitted;
    }
    if (auto* refused = std::get_if<Refused>(&step)) {
      return TurnedAway{std::string(refused->error), std::move(refused->message), std::move(refused->why),
                        method()};
    }
    if (auto* ask = std::get_if<Ask>(&step)) {
      pending_ = door_.helper_.ask(*ask, door_.book_->settings().opening_timeout,
                                   [this](std::optional<DynamicAnswer> answer) {
                                     decide(authenticator_.answered(std::move(answer), now()));
                                   });
      return pending_ != nullptr ? wamp::Verdict(Undecided{}) : wamp::Verdict(too_many());
    }
    return run(std::move(std::get<Slow>(step).job));
  }

  // The session may destroy this opening when it hears.
  void decide(Step step) {
    const auto decided = decided_;
    decided(verdict(std::move(step)));
  }

  wamp::Verdict run(PasswordJob job) {
    const bool taken = door_.helper_.run(std::move(job), [this, here = std::weak_ptr(here_)](bool matches) {
      if (!here.expired()) decide(authenticator_.verified(matches));
    });
    if (taken) return Undecided{};
    return too_many();
  }

  static TurnedAway too_many() {
    return {std::string(error_uri::unavailable), "too many are being let in; try again"};
  }

  Door& door_;
  const SessionId session_;
  std::function<void(wamp::Verdict)> decided_;
  Authenticator authenticator_;
  std::unique_ptr<PendingCall> pending_;
  std::shared_ptr<bool> here_ = std::make_shared<bool>(true);
};

Door::Answer Door::on_hello(const Hello& hello, const wamp::TransportFacts& facts, SessionId session,
                            std::function<void(wamp::Verdict)> decided) {
  auto opening = std::make_unique<OneOpening>(*this, facts, session, std::move(decided));
  auto verdict = opening->hello(hello);
  const bool is_final =
      std::holds_alternative<Admitted>(verdict) || std::holds_alternative<TurnedAway>(verdict);
  if (is_final) opening.reset();
  return {std::move(verdict), std::move(opening)};
}

void Door::admit(SessionId session, Accepted& accepted) {
  Known known{std::move(accepted.standing), std::move(accepted.grant)};
  give_rights(known);
  if (known.grant) {
    const auto before = tokens_.next_expiry();
    tokens_.add(session, *known.grant);
    if (tokens_.next_expiry() != before) helper_.expiry_changed();
  }
  sessions_.insert_or_assign(session, std::move(known));
}

// What its token opens, where the realm has it now.
void Door::give_rights(Known& known) const {
  if (!known.grant) return;
  const Realm* realm = book_->find_realm(known.standing.realm);
  if (realm == nullptr) return known.granted.reset();
  known.granted = std::make_unique<Permissions>(known.grant->rules(realm->settings().token.uri_prefix));
}

Authority Door::authority_of(const Known& known) const {
  Authority authority{.grant = known.granted.get()};
  const Realm* realm = book_->find_realm(known.standing.realm);
  const auto* role = realm == nullptr ? nullptr : realm->find_role(known.standing.role);
  if (role == nullptr) return authority;
  authority.role = &role->permissions;
  authority.procedure = role->role->authorizer;
  return authority;
}

void Door::on_logout(const wamp::TransportFacts& facts) {
  if (tools_.cookies != nullptr) tools_.cookies->forget(facts.cookie);
}

Judgement Door::judge(const Request& request, const Moment& now) {
  const auto known = sessions_.find(request.who.id());
  if (known == sessions_.end()) return {};
  const Authority authority = authority_of(known->second);
  const auto said = authorizer_.decide({request.who.id(), request.action, request.uri, request.match},
                                       authority, now.monotonic);
  if (std::holds_alternative<AskAuthorizer>(said)) return ask(known->second, request, authority.procedure);
  // What waited was asked for once more, and is decided by what was remembered, or by other settings.
  auto& question = known->second.question;
  if (request.petitioner != nullptr && question && question->answer) question.reset();
  return judgement_of(said);
}

Judgement Door::ask(Known& known, const Request& request, std::string_view procedure) {
  if (request.petitioner == nullptr) return {.kind = Judgement::Kind::unknown};
  if (known.question && known.question->is(request, procedure)) {
    if (!known.question->answer) return {.kind = Judgement::Kind::later};
    return *std::exchange(known.question, nullptr)->answer;
  }
  const SessionId session = request.who.id();
  auto pending = helper_.authorize(
      {procedure, known.standing.realm, request.who, request.action, request.uri, request.match},
      book_->settings().authorizer.time_max,
      [this, session](std::optional<DynamicVerdict> verdict) { answered(session, verdict); });
  if (pending == nullptr) return {.kind = Judgement::Kind::failed};
  known.question.reset(new Question{*request.petitioner,
                                    std::string(procedure),
                                    request.action,
                                    std::string(request.uri),
                                    request.match,
                                    std::move(pending),
                                    {}});
  return {.kind = Judgement::Kind::later};
}

// The session asks once more from inside. Settings may have changed meanwhile: then the answer is not worth
// remembering, and judge() will not want it.
void Door::answered(SessionId session, std::optional<DynamicVerdict> verdict) {
  Known& known = sessions_.at(session);
  Question& question = *known.question;
  const Moment now{clock_.monotonic(), clock_.wall()};
  if (!verdict) {
    question.answer = {.kind = Judgement::Kind::failed};
  } else {
    verdict->cache &= authority_of(known).procedure == question.procedure;
    question.answer = judgement_of(authorizer_.remember(
        {session, question.action, question.uri, question.match}, *verdict, now.monotonic));
  }
  question.petitioner.on_decided(now);
}

// Who answers for an authorizer from now on may decide otherwise.
void Door::on_registration(std::string_view name, std::string_view procedure, Match match) {
  const Realm* realm = book_->find_realm(name);
  if (realm != nullptr && realm->has_authorizer(procedure, match)) authorizer_.forget_all();
}

void Door::forget(SessionId session) {
  sessions_.erase(session);
  tokens_.forget(session);
  authorizer_.forget(session);
}

std::vector<std::pair<SessionId, StandingChange>> Door::change_settings(
    std::shared_ptr<const RealmBook> book) {
  book_ = std::move(book);
  authorizer_.forget_all();
  tools_.dynamic_models.forget_all();
  std::vector<std::pair<SessionId, StandingChange>> leaving;
  for (auto& [session, known]: sessions_) {
    give_rights(known);
    const auto change = auth::judge(*book_, known.standing);
    if (change != StandingChange::stays) leaving.emplace_back(session, change);
  }
  return leaving;
}

const Standing* Door::find_standing(SessionId session) const {
  const auto known = sessions_.find(session);
  return known == sessions_.end() ? nullptr : &known->second.standing;
}

}  // namespace crosspoint::wamp::auth
