// `crosspoint call` and `crosspoint publish`: one question to a router, one answer, and goodbye.
#include <fmt/core.h>

#include <utility>

#include "cli/commands.h"
#include "cli/wamp_client.h"
#include "wamp/client/lines.h"
#include "wamp/client/words.h"

namespace crosspoint::cli {
namespace {

using wamp::Payload;
using wamp::client::Failure;

Payload payload_of(const wamp::client::Arguments& arguments) {
  return {data::Format::json, as_bytes(arguments.args), as_bytes(arguments.kwargs)};
}

struct CallPlan {
  std::string procedure;
  wamp::client::Arguments arguments;
  Duration timeout{};
  bool progress = false;
};

class Caller final : public WampClient {
 public:
  Caller(WampClientPlan plan, CallPlan call)
      : WampClient(std::move(plan), Comes::once), plan_(std::move(call)) {}

 private:
  void on_joined(const wamp::client::Joined&) override {
    wamp::client::CallOrder order{plan_.procedure, payload_of(plan_.arguments), plan_.progress};
    order.timeout = plan_.timeout;
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

struct PublishPlan {
  std::string topic;
  wamp::client::Arguments arguments;
  bool acknowledge = true;
  bool retain = false;
};

class Publisher final : public WampClient {
 public:
  Publisher(WampClientPlan plan, PublishPlan publish)
      : WampClient(std::move(plan), Comes::once), plan_(std::move(publish)) {}

 private:
  void on_joined(const wamp::client::Joined&) override {
    const auto sent = link().agent().publish({.topic = plan_.topic,
                                              .payload = payload_of(plan_.arguments),
                                              .acknowledge = plan_.acknowledge,
                                              .retain = plan_.retain});
    if (!sent) return finish_with(wamp::client::failure_of(sent.error()));
    if (!plan_.acknowledge) finish(0);
  }
  void on_published(wamp::client::PublishId, const Result<wamp::PublicationId, Failure>& result) override {
    if (!result) return finish_with(result.error());
    finish(0);
  }

  const PublishPlan plan_;
};

Result<wamp::client::Arguments, std::string> given_arguments(const config::Settings& settings,
                                                             const std::vector<std::string>& words) {
  return wamp::client::read_arguments(std::span(words).subspan(1), settings.get<"call.kwargs">());
}

}  // namespace

int call_command(const config::Settings& settings, const std::vector<std::string>& words,
                 const Notes& notes) {
  for (const auto& note: notes) complain(note);
  auto given = given_arguments(settings, words);
  if (!given) return complain_and_fail(given.error());
  auto plan = wamp_client_plan(settings);
  if (!plan) return complain_and_fail(plan.error());
  return Caller(std::move(*plan), {words[0], std::move(*given), settings.get<"call.timeout">(),
                                   settings.get<"call.progress">()})
      .run();
}

int publish_command(const config::Settings& settings, const std::vector<std::string>& words,
                    const Notes& notes) {
  for (const auto& note: notes) complain(note);
  auto given = given_arguments(settings, words);
  if (!given) return complain_and_fail(given.error());
  auto plan = wamp_client_plan(settings);
  if (!plan) return complain_and_fail(plan.error());
  return Publisher(std::move(*plan), {words[0], std::move(*given), settings.get<"publish.acknowledge">(),
                                      settings.get<"publish.retain">()})
      .run();
}

}  // namespace crosspoint::cli
