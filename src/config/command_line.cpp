#include "config/command_line.h"

#include <fmt/core.h>

#include <optional>
#include <span>

#include "config/arguments.h"
#include "config/completions.h"
#include "config/help.h"
#include "config/nearest_name.h"
#include "config/report.h"

namespace crosspoint::config {
namespace {

using Words = std::span<const std::string>;

Reply printed(std::string output) { return {0, std::move(output), {}}; }

Reply wrong_use(std::string sentence, std::string_view command) {
  const std::string where =
      command.empty() ? "crosspoint help" : fmt::format("crosspoint {} --help", command);
  return {2, {}, fmt::format("{}\nSee {}.\n", sentence, where)};
}

Reply refused(const std::vector<Problem>& problems, std::string_view command) {
  Reply reply{1, {}, {}};
  for (const Problem& problem: problems) {
    reply.errors += problem.sentence + "\n";
    if (problem.layer == Layer::flags) reply.exit_status = 2;
  }
  if (reply.exit_status == 2) reply.errors += fmt::format("See crosspoint {} --help.\n", command);
  return reply;
}

// The longest command that the words begin with: "config show" before "config".
const Command* take_command(Words& words) {
  for (const std::size_t count: {std::size_t{2}, std::size_t{1}}) {
    if (words.size() < count) continue;
    const std::string name = count == 2 ? words[0] + " " + words[1] : words[0];
    if (const Command* command = find_command(name)) {
      words = words.subspan(count);
      return command;
    }
  }
  return nullptr;
}

Reply unknown_command(Words words) {
  const std::string first = printable(words[0]);
  if (words[0].starts_with('-')) return wrong_use(fmt::format("{}: write a command first", first), {});
  std::vector<std::string> names;
  for (const Command& command: commands) names.emplace_back(command.name);
  const std::string both = words.size() > 1 ? words[0] + " " + words[1] : words[0];
  const std::string nearest = nearest_name(both, names);
  const std::string meant =
      nearest.empty() ? hint(words[0], names) : fmt::format("; did you mean {}?", nearest);
  std::string parts;
  for (const auto& name: names) {
    if (name.starts_with(words[0] + " ")) parts += (parts.empty() ? "" : ", ") + name;
  }
  if (!parts.empty()) return wrong_use(fmt::format("crosspoint {}: one of these: {}", first, parts), {});
  return wrong_use(fmt::format("{}: no such command{}", first, meant), {});
}

std::optional<Reply> wrong_number(const Command& command, const std::vector<std::string>& positionals) {
  if (positionals.size() > command.positionals_most) {
    const auto& extra = positionals[command.positionals_most];
    return wrong_use(
        fmt::format("{}: crosspoint {} does not know what to do with this", in_quotes(extra), command.name),
        command.name);
  }
  if (positionals.size() < command.positionals_least) {
    return wrong_use(fmt::format("crosspoint {}: {} is missing", command.name, command.positionals),
                     command.name);
  }
  return std::nullopt;
}

Reply help(const std::vector<std::string>& about) {
  if (about.empty()) return printed(overview());
  Words words(about);
  const Command* command = take_command(words);
  return command == nullptr ? unknown_command(about) : printed(help_on(*command));
}

// What is wrong with a file as such, or, when nothing is, with what it asks for.
Foresight look_into(const std::string& path, const std::string& text, const Inputs& inputs) {
  Foresight found;
  const Resolution alone = resolve_file(path, text, inputs.sections);
  for (const Problem& problem: alone.problems) found.problems.push_back(problem.sentence);
  if (!found.problems.empty() || !inputs.foresee) return found;
  Environment environment = inputs.environment;
  environment["CROSSPOINT_CONFIG"] = path;
  const auto read = [&](const std::string&) -> Result<std::string, std::string> { return text; };
  const Resolution served = resolve("serve", {}, environment, read, inputs.sections);
  // A mistake in a variable is none of the file's.
  const Resolution& used = served.problems.empty() ? served : alone;
  return inputs.foresee(path, used.settings, used.sections);
}

Reply check(const std::vector<std::string>& paths, const Inputs& inputs) {
  Reply reply;
  std::string warnings;
  for (const auto& path: paths) {
    const auto text = inputs.read_file(path);
    if (!text) {
      reply.errors += fmt::format("{}: cannot read it: {}\n", path, text.error());
      continue;
    }
    const auto found = look_into(path, *text, inputs);
    for (const auto& problem: found.problems) reply.errors += problem + "\n";
    for (const auto& warning: found.warnings) warnings += warning + "\n";
    if (found.problems.empty()) reply.output += fmt::format("{}: good\n", path);
  }
  if (!reply.errors.empty()) reply.exit_status = 1;
  reply.errors += warnings;
  return reply;
}

Reply completions(const std::string& shell) {
  if (shell == "bash") return printed(bash_completions());
  if (shell == "zsh") return printed(zsh_completions());
  return wrong_use(fmt::format("{}: completions are for bash or zsh", in_quotes(shell)), "completions");
}

Reply reference(const std::vector<std::string>& about, const Inputs& inputs) {
  if (about.empty()) return printed(reference_page());
  for (const Section& section: inputs.sections) {
    if (section.name == about.front() && !section.tables.empty()) return printed(section_page(section));
  }
  return wrong_use(fmt::format("{}: no section with a page of its own", in_quotes(about.front())),
                   "config reference");
}

// `config show host --listen :80`: the flags are those of the command that is asked about.
Reply show(Words words, const Inputs& inputs) {
  std::string command = "serve";
  if (!words.empty() && !words[0].starts_with('-')) {
    command = words[0];
    words = words.subspan(1);
  }
  const auto known = flags_of_command(command);
  if (known.empty() || find_command(command) == nullptr) {
    return wrong_use(fmt::format("{}: no command with settings", in_quotes(command)), "config show");
  }
  const Arguments arguments = scan_arguments(command, words, known);
  if (arguments.wants_help) return printed(help_on(*find_command("config show")));
  if (!arguments.problems.empty()) return refused(arguments.problems, command);
  if (!arguments.positionals.empty()) {
    return wrong_use(fmt::format("{}: one command is enough", in_quotes(arguments.positionals[0])),
                     "config show");
  }
  const Resolution resolution =
      resolve(command, arguments.flags, inputs.environment, inputs.read_file, inputs.sections);
  if (!resolution.problems.empty()) return refused(resolution.problems, command);
  Reply reply = printed(show_settings(command, resolution.settings));
  for (const auto& note: resolution.notes) reply.errors += note + "\n";
  return reply;
}

Outcome run(const Command& command, const Arguments& arguments, const Inputs& inputs) {
  Resolution resolution =
      resolve(command.name, arguments.flags, inputs.environment, inputs.read_file, inputs.sections);
  std::vector<Problem> problems = arguments.problems;
  problems.insert(problems.end(), resolution.problems.begin(), resolution.problems.end());
  if (!problems.empty()) return refused(problems, command.name);
  if (auto reply = wrong_number(command, arguments.positionals)) return std::move(*reply);
  return Invocation{command.name, std::move(resolution.settings), arguments.positionals,
                    std::move(resolution.notes), std::move(resolution.sections)};
}

// The commands that need no settings are answered here; nothing: run it.
std::optional<Reply> answer(const Command& command, const Arguments& arguments, const Inputs& inputs) {
  if (flags_of_command(command.name).empty()) {
    if (!arguments.problems.empty()) return refused(arguments.problems, command.name);
    if (auto reply = wrong_number(command, arguments.positionals)) return reply;
  }
  if (command.name == "help") return help(arguments.positionals);
  if (command.name == "version") return printed(fmt::format("crosspoint {}\n", inputs.version));
  if (command.name == "check") return check(arguments.positionals, inputs);
  if (command.name == "config reference") return reference(arguments.positionals, inputs);
  if (command.name == "config schema") return printed(json_schema(inputs.sections));
  if (command.name == "completions") return completions(arguments.positionals[0]);
  return std::nullopt;
}

}  // namespace

Outcome parse_command_line(const Inputs& inputs) {
  Words words(inputs.arguments);
  if (words.empty()) return Reply{2, {}, overview()};
  if (words[0] == "-h" || words[0] == "--help") return printed(overview());
  if (words[0] == "--version") return printed(fmt::format("crosspoint {}\n", inputs.version));
  const Command* command = take_command(words);
  if (command == nullptr) return unknown_command(words);
  if (command->name == "config show") return show(words, inputs);
  const Arguments arguments = scan_arguments(command->name, words, flags_of_command(command->name));
  if (arguments.wants_help) return printed(help_on(*command));
  if (auto reply = answer(*command, arguments, inputs)) return std::move(*reply);
  if (flags_of_command(command->name).empty()) {
    return Invocation{
        .command = command->name, .settings = {}, .positionals = arguments.positionals, .notes = {}};
  }
  return run(*command, arguments, inputs);
}

}  // namespace crosspoint::config
