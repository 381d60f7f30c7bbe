// `crosspoint register`: a procedure that runs a command, once for each call.
#include <fmt/core.h>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "cli/command_run.h"
#include "cli/commands.h"
#include "cli/wamp_client.h"
#include "wamp/client/lines.h"
#include "wamp/client/words.h"

namespace crosspoint::cli {
namespace {

using wamp::client::Agent;
using wamp::client::InvocationId;

constexpr std::string_view command_failed = "crosspoint.error.command_failed";
// That wait for one of the commands that run to end; further ones are refused.
constexpr std::size_t calls_waiting_max = 1000;

struct RegisterPlan {
  wamp::client::RegisterOrder order;
  std::vector<std::string> command;
  std::size_t concurrency = 1;
  bool pass_arguments = false;
  bool lines = false;
  std::size_t output_bytes_max = 1 << 20;
};

class Callee final : public WampClient {
 public:
  Callee(WampClientPlan plan, RegisterPlan what)
      : WampClient(std::move(plan), Comes::back), plan_(std::move(what)) {
    link().agent().register_procedure(plan_.order);
  }

 private:
  struct Waiting {
    InvocationId id;
    CommandRun::Plan run;
    bool wants_progress = false;
  };

  struct Running {
    std::unique_ptr<CommandRun> run;
    bool cancelled = false;
    bool answered = false;  // by one of its lines
    bool wants_progress = false;
  };

  void on_granted(wamp::client::WishId) override {
    if (!std::exchange(told_, true)) complain("registered");  // for scripts that wait for it
  }
  void on_denied(wamp::client::WishId, const wamp::client::Failure& failure) override {
    finish_with(failure);
  }
  int on_interrupt_signal() override { return 0; }

  void on_invocation(wamp::client::WishId, const wamp::client::Invoked& invoked) override {
    if (waiting_.size() >= calls_waiting_max)
      return link().agent().refuse(invoked.id, wamp::error_uri::unavailable, {});
    CommandRun::Plan run{plan_.command, wamp::client::invocation_line(invoked) + "\n",
                         plan_.output_bytes_max};
    if (plan_.pass_arguments) {
      for (auto& word: wamp::client::words_of(invoked.payload)) run.words.push_back(std::move(word));
    }
    waiting_.push_back({invoked.id, std::move(run), invoked.receive_progress});
    start_more();
  }

  void on_interrupt(InvocationId id) override {
    if (const auto running = running_.find(id); running != running_.end()) {
      running->second.cancelled = true;
      return running->second.run->end();
    }
    std::erase_if(waiting_, [&](const Waiting& one) { return one.id == id; });
    link().agent().refuse(id, wamp::error_uri::canceled, {});
  }

  void start_more() {
    while (running_.size() < plan_.concurrency && !waiting_.empty()) {
      auto next = std::move(waiting_.front());
      waiting_.pop_front();
      auto done = [this, id = next.id](CommandOutcome outcome) {
        loop().post([this, id, outcome = std::move(outcome)] { take(id, outcome); });
      };
      if (plan_.lines) {
        next.run.on_line = [this, id = next.id](std::string line) {
          loop().post([this, id, line = std::move(line)] { take_line(id, line); });
        };
      }
      auto& running = running_[next.id];
      running.wants_progress = next.wants_progress;
      running.run = std::make_unique<CommandRun>(std::move(next.run), std::move(done));
    }
  }

  void take_line(InvocationId id, const std::string& line) {
    auto& running = running_.at(id);
    if (running.answered || running.cancelled) return;
    const auto part = wamp::client::read_answer_line(line);
    if (part && part->progress && part->error.empty() && !running.wants_progress) return;
    running.answered = !part || !part->progress || !part->error.empty();
    if (!part) return fail_with(id, part.error());
    const wamp::Payload payload{data::Format::json, as_bytes(part->args), as_bytes(part->kwargs)};
    if (!part->error.empty()) return link().agent().refuse(id, part->error, payload);
    (void)link().agent().answer(id, payload, part->progress ? Agent::Part::progress : Agent::Part::last);
  }

  void take(InvocationId id, const CommandOutcome& outcome) {
    const auto running = running_.extract(id);
    if (running.mapped().cancelled) {
      link().agent().refuse(id, wamp::error_uri::canceled, {});
    } else if (!outcome.trouble.empty()) {
      fail_with(id, outcome.trouble);
    } else if (!plan_.lines) {
      const auto args = wamp::client::args_of_output(outcome.output);
      (void)link().agent().answer(id, {data::Format::json, as_bytes(args), {}}, Agent::Part::last);
    } else if (!running.mapped().answered) {
      fail_with(id, "wrote no line that is the answer");
    }
    start_more();
  }

  void fail_with(InvocationId id, std::string_view trouble) {
    const auto sentence = fmt::format("{} {}", plan_.command[0], trouble);
    complain(sentence);
    const auto args = "[" + wamp::client::json_text(sentence) + "]";
    link().agent().refuse(id, command_failed, {data::Format::json, as_bytes(args), {}});
  }

  const RegisterPlan plan_;
  bool told_ = false;
  std::deque<Waiting> waiting_;
  std::map<InvocationId, Running> running_;  // goes first: its threads post to the loop
};

}  // namespace

int register_command(const config::Settings& settings, const std::vector<std::string>& words,
                     const Notes& notes) {
  for (const auto& note: notes) complain(note);
  auto plan = wamp_client_plan(settings);
  if (!plan) return complain_and_fail(plan.error());
  RegisterPlan what;
  what.order.procedure = words[0];
  what.order.match =
      settings.pick<"subscribe.match">(wamp::Match::exact, wamp::Match::prefix, wamp::Match::wildcard);
  what.order.invoke =
      settings.pick<"register.invoke">(wamp::Invoke::single, wamp::Invoke::roundrobin, wamp::Invoke::random,
                                       wamp::Invoke::first, wamp::Invoke::last);
  what.order.force_reregister = settings.get<"register.force">();
  what.order.disclose_caller = settings.get<"register.disclose-caller">();
  what.lines = settings.get<"register.lines">();
  what.command.assign(words.begin() + 1, words.end());
  what.concurrency = static_cast<std::size_t>(settings.get<"register.concurrency">());
  what.pass_arguments = settings.get<"register.pass-arguments">();
  what.output_bytes_max = settings.get<"register.output-bytes-max">();
  return Callee(std::move(*plan), std::move(what)).run();
}

}  // namespace crosspoint::cli
