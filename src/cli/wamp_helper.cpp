#include "cli/wamp_helper.h"

#include <string>
#include <utility>

namespace crosspoint::cli {
namespace {

constexpr std::size_t passwords_waiting_max = 64;  // each takes some tenth of a second

}  // namespace

WampHelper::WampHelper(net::Loop& loop) : loop_(loop), workshop_(loop, passwords_waiting_max) {}

template <class Answer>
wamp::auth::ProcedureDesk::Answered<Answer> WampHelper::telling(
    std::string_view who, std::string_view procedure, std::string_view realm,
    std::function<void(std::optional<Answer>)> answered) {
  return [this, who, procedure = std::string(procedure), realm = std::string(realm),
          answered = std::move(answered)](Result<Answer, std::string> answer) {
    if (answer) return answered(std::move(*answer));
    if (const auto skipped = log_limit_.admit(loop_.now())) {
      log::warning("wamp", "the {} {} of realm {}: {} ({} more like it)", who, procedure, realm,
                   answer.error(), *skipped);
    }
    answered(std::nullopt);
  };
}

std::unique_ptr<wamp::PendingCall> WampHelper::ask(
    const wamp::auth::Ask& question, Duration time_max,
    std::function<void(std::optional<wamp::auth::DynamicAnswer>)> answered) {
  return desk_->ask(question, time_max,
                    telling<wamp::auth::DynamicAnswer>("authenticator", question.procedure,
                                                       question.procedure_realm, std::move(answered)));
}

std::unique_ptr<wamp::PendingCall> WampHelper::authorize(
    const wamp::auth::AuthorizerQuestion& question, Duration time_max,
    std::function<void(std::optional<wamp::auth::DynamicVerdict>)> answered) {
  return desk_->authorize(question, time_max,
                          telling<wamp::auth::DynamicVerdict>("authorizer", question.procedure,
                                                              question.realm, std::move(answered)));
}

bool WampHelper::run(wamp::auth::PasswordJob job, std::function<void(bool matches)> done) {
  const auto shared = std::make_shared<wamp::auth::PasswordJob>(std::move(job));
  return workshop_.run([shared] { return shared->run(); }, std::move(done));
}

}  // namespace crosspoint::cli
