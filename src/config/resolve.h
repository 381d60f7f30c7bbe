#pragma once
// From what was written where to one value for each option: flags over variables over the file over defaults.
// Pure: the environment is a map, and files are read by a function.
//
//   - An empty variable counts as unset.
//   - The file and the CROSSPOINT_ variables may set options of every command; flags and older names only the
//   command's.
//   - In one place, an option's own name beats its older ones, and a note says so.
//   - Everything that was written is checked, also what was overruled. All that is wrong is found at once.

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/names.h"
#include "config/section.h"
#include "config/settings.h"

namespace crosspoint::config {

using Environment = std::map<std::string, std::string>;
// The text of a file, or why it cannot be read ("No such file or directory").
using ReadFile = std::function<Result<std::string, std::string>(const std::string& path)>;

struct Problem {
  Layer layer = Layer::flags;  // where the mistake stands
  std::string sentence;        // begins with the place: "--loops: …", "node.toml:3:14: serve.loops: …"
};

// A flag as it was used, already known to belong to the command.
struct FlagUse {
  KnownName name;
  std::string value;
};

struct Resolution {
  Settings settings;               // whole even when there are problems: what was wrong is left out
  std::vector<std::string> notes;  // for the log: what was accepted and deserves a word
  std::vector<Problem> problems;
  std::vector<SectionText> sections;  // that stand in the file
};

// `known` are the sections besides those of the table.
Resolution resolve(std::string_view command, const std::vector<FlagUse>& flags,
                   const Environment& environment, const ReadFile& read_file,
                   const std::vector<Section>& known = {});

// One file over defaults, for `check`. `name` is what positions are reported with.
Resolution resolve_file(const std::string& name, std::string_view text,
                        const std::vector<Section>& known = {});

}  // namespace crosspoint::config
