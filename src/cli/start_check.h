#pragma once
// What `crosspoint check` says of a file that has no mistake, and that serve would not start with all the
// same: a certificate that is not there, a key that is none, tokens that nothing verifies. Reads files, and
// opens, makes and logs nothing.

#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "config/command_line.h"

namespace crosspoint::cli {

// A sentence about a configuration file in which secrets stand and which everybody on the machine may read or
// change; nothing: it is closed to others, or holds none.
std::optional<std::string> open_secrets(const Files& files, const std::string& path,
                                        const config::Settings& settings,
                                        const std::vector<config::SectionText>& sections);

// `files` outlive it.
config::Foresee foreseeing(const Files& files);

}  // namespace crosspoint::cli
