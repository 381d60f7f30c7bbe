// `crosspoint call`: one question to a router, one answer, and goodbye.
#include <fmt/core.h>

#include <utility>

#include "cli/commands.h"
#include "cli/wamp_client.h"
#include "wamp/client/lines.h"

namespace crosspoint::cli {
namespace {

using wamp::Payload;
using wamp::client::Failure;

struct CallPlan {
  std::string procedure;
  wamp::client::Arguments arguments;
  Duration timeout{};
  bool progress = false;
  bool disclose_me = false;
};

class Caller final : public WampClient {
 public:
  Caller(WampClientPlan plan, CallPlan call)
      : WampClient(std::move(plan), Comes::once), plan_(std::move(call)) {}

 private:
  void on_joined(const wamp::client::Joined&) override {
    wamp::client::CallOrder order{plan_.procedure, payload_of(plan_.arguments), plan_.progress};
    order.timeout = plan_.timeout;
    order.disclose_me = plan_.disclose_me;
    const auto call = link().agent().call(order, link().now());
    if (!call) finish_with(wamp::client::failure_of(call.error()));
  }
  void on_progress(wamp::client::CallId, const Payload& payload) override {
    announce(wamp::client::result_line(payload));
  }
  void on_result(wamp::client::CallId, const Result<Payload, Failure>& result) override {
    if (finishing()) return;
    if (!result) return finish_with(result.error());
    announce(wamp::client::result_line(*result));
    finish(0);
  }

  const CallPlan plan_;
};

}  // namespace

int call_command(const config::Settings& settings, const std::vector<std::string>& words,
                 const Notes& notes) {
  for (const auto& note: notes) complain(note);
  auto given = given_arguments(settings, words);
  if (!given) return complain_and_fail(given.error());
  auto plan = wamp_client_plan(settings);
  if (!plan) return complain_and_fail(plan.error());
  return Caller(std::move(*plan), {words[0], std::move(*given), settings.get<"call.timeout">(),
                                   settings.get<"call.progress">(), settings.get<"call.disclose-me">()})
      .run();
}

}  // namespace crosspoint::cli
