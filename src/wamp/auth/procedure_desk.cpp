#include "wamp/auth/procedure_desk.h"

#include <fmt/core.h>

#include "wamp/auth/read_dynamic.h"

namespace crosspoint::wamp::auth {
namespace {

using data::Value;

Value::Map map_from(const Fields& fields) {
  Value::Map map;
  for (const Field& field: fields) {
    map.emplace_back(field.key, std::visit([](const auto& value) { return Value(value); }, field.value));
  }
  return map;
}

Value::Map session_of(const AuthorizerQuestion& question) {
  const Identity& identity = question.who.identity();
  return {{"session", number(question.who.id())},
          {"realm", question.realm},
          {"authid", identity.authid},
          {"authrole", identity.authrole},
          {"authmethod", identity.authmethod},
          {"authprovider", identity.authprovider}};
}

template <class Answer>
Result<Answer, std::string> understood(const OwnAnswer& answer,
                                       Result<Answer, std::string> (*of_result)(const Payload&)) {
  if (!answer.error.empty()) return fail(fmt::format("it answered {}", answer.error));
  return of_result(answer.payload.view());
}

}  // namespace

// One of openings_max.
class ProcedureDesk::Opening final : public PendingCall {
 public:
  Opening(std::size_t& count, std::unique_ptr<PendingCall> call) : count_(count), call_(std::move(call)) {
    ++count_;
  }
  ~Opening() override { --count_; }

 private:
  std::size_t& count_;
  std::unique_ptr<PendingCall> call_;
};

std::unique_ptr<PendingCall> ProcedureDesk::ask(const Ask& question, Duration time_max,
                                                Answered<DynamicAnswer> answered) {
  if (openings_ >= settings_.openings_max) {
    ++openings_refused_;
    return nullptr;
  }
  Value::Map details = map_from(question.details);
  Value::Map transport = map_from(question.transport);
  Value::Array bindings;
  for (const auto name: question.channel_bindings) bindings.emplace_back(name);
  transport.emplace_back("channel_bindings", std::move(bindings));
  details.emplace_back("transport", std::move(transport));
  if (!question.authextra.is_null()) details.emplace_back("authextra", question.authextra);
  auto call = router_.call(
      question.procedure_realm,
      {question.procedure, {question.realm, question.authid, std::move(details)}, time_max},
      [answered = std::move(answered)](const OwnAnswer& answer) {
        answered(understood(answer, read_dynamic_answer));
      },
      now());
  return call == nullptr ? nullptr : std::make_unique<Opening>(openings_, std::move(call));
}

std::unique_ptr<PendingCall> ProcedureDesk::authorize(const AuthorizerQuestion& question, Duration time_max,
                                                      Answered<DynamicVerdict> answered) {
  Value::Map options;
  if (question.action == Action::subscribe || question.action == Action::register_) {
    options.emplace_back("match", to_string(question.match));
  }
  return router_.call(
      question.realm,
      {question.procedure,
       {session_of(question), question.uri, to_string(question.action), std::move(options)},
       time_max},
      [answered = std::move(answered)](const OwnAnswer& answer) {
        answered(understood(answer, read_dynamic_verdict));
      },
      now());
}

}  // namespace crosspoint::wamp::auth
