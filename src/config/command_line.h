#pragma once
// From argv to what is to be done: either a command to run with its settings, or a text to print and a status
// to exit with (help, version, check, config show, completions, and everything that was wrong). Pure; main
// prints and exits.
//
//   auto outcome = config::parse_command_line({arguments, environment, read_file, version});
//   if (auto* reply = std::get_if<config::Reply>(&outcome)) { …print both texts…; return reply->exit_status;
//   } const auto& run = std::get<config::Invocation>(outcome); if (run.command == "serve") return
//   serve(run.settings);

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/command_table.h"
#include "config/resolve.h"

namespace crosspoint::config {

// What becomes of a file that has no mistake when a service starts with it.
struct Foresight {
  std::vector<std::string>
      problems;  // why it would not; sentences that begin with the place, if they have one
  std::vector<std::string> warnings = {};  // what it would do all the same, and should not have to
};
// `settings`: what the file says, under the variables of the environment.
using Foresee = std::function<Foresight(const std::string& path, const Settings& settings,
                                        const std::vector<SectionText>& sections)>;

struct Inputs {
  std::vector<std::string> arguments;  // without the program's name
  Environment environment;
  ReadFile read_file;
  std::string version;                 // "0.1.0"
  std::vector<Section> sections = {};  // of the file, besides those of the table
  Foresee foresee = {};                // for `check`: it knows what this room does not
};

// A command that this room cannot carry out: serve, host, demo, bench, init. All its settings are good; a
// command that has none is not told what file and variables say.
struct Invocation {
  std::string_view command;  // a name of command_table.h
  Settings settings;
  std::vector<std::string> positionals;
  std::vector<std::string> notes;          // to be logged once the log is set up, as warnings
  std::vector<SectionText> sections = {};  // that stand in the file; they have been checked
};

struct Reply {
  int exit_status = 0;  // 0; 1: a setting is wrong; 2: the command line is
  std::string output;   // for standard output
  std::string errors;   // for standard error
};

using Outcome = std::variant<Invocation, Reply>;

Outcome parse_command_line(const Inputs& inputs);

}  // namespace crosspoint::config
