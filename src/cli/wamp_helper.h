#pragma once
// What the door of the router cannot do itself: asking procedures, and comparing passwords that are slow on
// purpose. What comes of a procedure that does not do its work is in the log.

#include <functional>
#include <memory>
#include <optional>

#include "base/log.h"
#include "net/loop.h"
#include "wamp/auth/door.h"
#include "wamp/auth/procedure_desk.h"
#include "wamp/io/workshop.h"

namespace crosspoint::cli {

class WampHelper final : public wamp::auth::Helper {
 public:
  // The loop outlives it.
  explicit WampHelper(net::Loop& loop);
  // Before anybody comes to the door: the router by which procedures are called, and which outlives all
  // questions.
  void call_by(wamp::Router& router, const Clock& clock) { desk_.emplace(router, clock); }

  std::unique_ptr<wamp::PendingCall> ask(
      const wamp::auth::Ask& question, Duration time_max,
      std::function<void(std::optional<wamp::auth::DynamicAnswer>)> answered) override;
  std::unique_ptr<wamp::PendingCall> authorize(
      const wamp::auth::AuthorizerQuestion& question, Duration time_max,
      std::function<void(std::optional<wamp::auth::DynamicVerdict>)> answered) override;
  bool run(wamp::auth::PasswordJob job, std::function<void(bool matches)> done) override;

 private:
  template <class Answer>
  wamp::auth::ProcedureDesk::Answered<Answer> telling(std::string_view who, std::string_view procedure,
                                                      std::string_view realm,
                                                      std::function<void(std::optional<Answer>)> answered);

  net::Loop& loop_;
  wamp::Workshop workshop_;
  std::optional<wamp::auth::ProcedureDesk> desk_;
  log::LogLimit log_limit_;
};

}  // namespace crosspoint::cli
