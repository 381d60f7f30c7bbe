#include "host/io/commands.h"

#include <utility>

#include "host/name.h"

namespace crosspoint::host {
namespace {

using Kind = CommandFailure::Kind;

std::unexpected<CommandFailure> refused(std::string why) {
  return fail(CommandFailure{Kind::refused, std::move(why)});
}

std::unexpected<CommandFailure> no_name() { return fail(CommandFailure{Kind::no_name, "that is no name"}); }

// "all" is what was documented, "deleteAll" what worked.
bool means_all(std::string_view name) { return name == "all" || name == "deleteAll"; }

}  // namespace

template <class Rule>
CommandResult Commands::set(Result<Rule, std::string> rule) {
  if (!rule) return refused(std::move(rule.error()));
  auto answer = to_json(*rule);
  if (auto done = agent_.set(std::move(*rule)); !done) return refused(std::move(done.error()));
  return answer;
}

CommandResult Commands::set_stream(std::string_view json) {
  return set(parse_stream_rule(json, agent_.rules().limits()));
}

CommandResult Commands::set_destination(std::string_view json) {
  return set(parse_destination_rule(json, agent_.rules().limits()));
}

std::string Commands::streams() const { return agent_.rules().streams_json(); }
std::string Commands::destinations() const { return agent_.rules().destinations_json(); }

CommandResult Commands::stream(std::string_view name) const {
  if (!is_name(name)) return no_name();
  const auto* rule = agent_.rules().find_stream(name);
  if (rule == nullptr) return fail(CommandFailure{Kind::no_such_stream, "Stream not found"});
  return to_json(rule->feeds);
}

CommandResult Commands::destination(std::string_view id) const {
  if (!is_name(id)) return no_name();
  const auto* rule = agent_.rules().find_destination(id);
  // An unknown id is answered with a rule whose fields are empty, as it always was.
  return to_json(rule == nullptr ? DestinationRule{} : *rule);
}

CommandResult Commands::remove_stream(std::string_view name) {
  if (!is_name(name)) return no_name();
  if (means_all(name)) {
    agent_.remove_all_streams();
    return to_json(std::string_view("deleteAll"));
  }
  agent_.remove_stream(name);
  return to_json(name);
}

CommandResult Commands::remove_destination(std::string_view id) {
  if (!is_name(id)) return no_name();
  if (means_all(id)) {
    agent_.remove_all_destinations();
    return to_json(std::string_view("deleteAll"));
  }
  agent_.remove_destination(id);
  return to_json(id);
}

}  // namespace crosspoint::host
