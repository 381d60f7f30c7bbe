#pragma once
// The words of a command line sorted into flags and the rest: `--flag value`, `--flag=value`, `--switch`,
// `--no-switch`, and
// `--` after which nothing is a flag.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/resolve.h"

namespace crosspoint::config {

struct Arguments {
  std::vector<FlagUse> flags;
  std::vector<std::string> positionals;
  bool wants_help = false;  // -h, --help
  std::vector<Problem> problems;
};

// `known` are the flags of `command`. After a flag that nobody knows, words that are not flags are left out:
// one of them may be its value, and that may be a secret.
Arguments scan_arguments(std::string_view command, std::span<const std::string> words,
                         const std::vector<KnownName>& known);

}  // namespace crosspoint::config
