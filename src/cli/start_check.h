#pragma once
// What `crosspoint check` says of a file that has no mistake, and that serve would not start with all the
// same: a certificate that is not there, a key that is none, tokens that nothing verifies. Reads files, and
// opens, makes and logs nothing.

#include "base/files.h"
#include "config/command_line.h"

namespace crosspoint::cli {

// `files` outlive it.
config::Foresee foreseeing(const Files& files);

}  // namespace crosspoint::cli
