// `crosspoint publish`: an event, or one for each line of standard input, and goodbye.
#include <fmt/core.h>

#include <charconv>
#include <optional>
#include <utility>

#include "cli/commands.h"
#include "cli/line_input.h"
#include "cli/wamp_client.h"
#include "net/loop.h"
#include "wamp/client/lines.h"

namespace crosspoint::cli {
namespace {

using wamp::client::Failure;
using wamp::client::Told;

struct PublishPlan {
  std::string topic;
  wamp::client::Arguments arguments;
  wamp::client::PublishOrder order;  // without these two
  bool lines = false;
};

class Publisher final : public WampClient {
 public:
  Publisher(WampClientPlan plan, PublishPlan publish)
      : WampClient(std::move(plan), Comes::once),
        plan_(std::move(publish)),
        again_(loop(), [this] { publish_lines(); }) {}

 private:
  // Acknowledgements that are waited for at a time: the input is not read further than the router has come.
  static constexpr std::size_t outstanding_max = 100;

  void on_joined(const wamp::client::Joined&) override {
    if (plan_.lines) {
      input_.emplace([this] { loop().post([this] { publish_lines(); }); });
      return;
    }
    const auto told = publish(plan_.arguments);
    if (told != Told::yes) return finish_with(wamp::client::failure_of(told));
    if (!plan_.order.acknowledge) finish(0);
  }

  Told publish(const wamp::client::Arguments& arguments) {
    auto order = plan_.order;
    order.topic = plan_.topic;
    order.payload = payload_of(arguments);
    const auto sent = link().agent().publish(order);
    if (!sent) return sent.error();
    if (order.acknowledge) ++outstanding_;
    return Told::yes;
  }

  // What the network has no room for yet is tried again a little later.
  void publish_lines() {
    while (!finishing() && outstanding_ < outstanding_max) {
      if (!line_) line_ = input_->take();
      if (!line_) break;
      const auto told = publish(with_line(*line_));
      if (told == Told::no_room) return again_.start_after(10ms);
      if (told != Told::yes) return finish_with(wamp::client::failure_of(told));
      line_.reset();
    }
    if (finishing() || line_ || outstanding_ > 0 || !input_->at_end()) return;
    if (const auto trouble = input_->trouble(); !trouble.empty()) {
      complain("standard input: " + trouble);
      return finish(exit_no_answer);
    }
    finish(0);
  }

  wamp::client::Arguments with_line(std::string_view line) const {
    auto arguments = plan_.arguments;
    auto last = wamp::client::args_of_output(line);  // "[…]"
    if (last.empty()) last = "[\"\"]";
    if (arguments.args.empty()) {
      arguments.args = std::move(last);
    } else {
      arguments.args.back() = ',';
      arguments.args += std::string_view(last).substr(1);
    }
    return arguments;
  }

  void on_published(wamp::client::PublishId, const Result<wamp::PublicationId, Failure>& result) override {
    --outstanding_;
    if (!result) return finish_with(result.error());
    if (!plan_.lines) return finish(0);
    publish_lines();
  }

  const PublishPlan plan_;
  std::size_t outstanding_ = 0;
  std::optional<std::string> line_;  // read, and not sent yet
  net::Timer again_;
  std::optional<LineInput> input_;  // goes first: its thread posts to the loop
};

using Names = std::optional<std::vector<std::string>>;
Names names_of(const std::vector<std::string>& given) { return given.empty() ? Names() : Names(given); }

Result<std::optional<std::vector<wamp::SessionId>>, std::string> sessions_of(
    std::string_view flag, const std::vector<std::string>& given) {
  if (given.empty()) return std::nullopt;
  std::vector<wamp::SessionId> sessions;
  for (const auto& text: given) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || !wamp::is_id(number))
      return fail(fmt::format("--{}: {:?} is no number of a session", flag, text));
    sessions.push_back(wamp::SessionId{number});
  }
  return sessions;
}

// Nothing: everybody may have the event.
Result<std::optional<wamp::ReceiverLists>, std::string> receivers(const config::Settings& settings) {
  wamp::ReceiverLists lists;
  auto eligible = sessions_of("eligible", settings.get<"publish.eligible">());
  if (!eligible) return fail(std::move(eligible.error()));
  auto exclude = sessions_of("exclude", settings.get<"publish.exclude">());
  if (!exclude) return fail(std::move(exclude.error()));
  lists.eligible = std::move(*eligible);
  lists.exclude = std::move(*exclude);
  lists.eligible_authid = names_of(settings.get<"publish.eligible-authid">());
  lists.eligible_authrole = names_of(settings.get<"publish.eligible-authrole">());
  lists.exclude_authid = names_of(settings.get<"publish.exclude-authid">());
  lists.exclude_authrole = names_of(settings.get<"publish.exclude-authrole">());
  const bool any = lists.eligible || lists.exclude || lists.eligible_authid || lists.eligible_authrole ||
                   lists.exclude_authid || lists.exclude_authrole;
  if (!any) return std::nullopt;
  return lists;
}

}  // namespace

int publish_command(const config::Settings& settings, const std::vector<std::string>& words,
                    const Notes& notes) {
  for (const auto& note: notes) complain(note);
  auto given = given_arguments(settings, words);
  if (!given) return complain_and_fail(given.error());
  auto lists = receivers(settings);
  if (!lists) return complain_and_fail(lists.error());
  auto plan = wamp_client_plan(settings);
  if (!plan) return complain_and_fail(plan.error());
  PublishPlan what{words[0], std::move(*given), {}, settings.get<"publish.lines">()};
  what.order.acknowledge = settings.get<"publish.acknowledge">();
  what.order.exclude_me = settings.get<"publish.exclude-me">();
  what.order.retain = settings.get<"publish.retain">();
  what.order.disclose_me = settings.get<"call.disclose-me">();
  what.order.lists = std::move(*lists);
  return Publisher(std::move(*plan), std::move(what)).run();
}

}  // namespace crosspoint::cli
