#pragma once
// What the program can be told to do. Each builds its part of the product by hand, top to bottom, waits, and
// returns the exit status: 0, or 1 when it could not start (a sentence on standard error says why). `notes`
// are what the configuration has to say once there is a log.

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/section.h"
#include "config/settings.h"

namespace crosspoint::cli {

using Notes = std::vector<std::string>;

struct Configuration {
  config::Settings settings;
  std::vector<config::SectionText> sections;  // of the file, that the table of options does not describe
};
// Reads flags, variables and the file once more; or everything that is wrong now, a sentence a line.
using ReadAgain = std::function<Result<Configuration, std::string>()>;

// `sections`: those that `read_again` would give.
int serve_command(const config::Settings& settings, const Notes& notes,
                  const std::vector<config::SectionText>& sections, const ReadAgain& read_again);
int host_command(const config::Settings& settings, const Notes& notes);
int demo_command(const config::Settings& settings, const Notes& notes);
int file_command(const config::Settings& settings, const Notes& notes);
int status_command(const config::Settings& settings, const Notes& notes);
int top_command(const config::Settings& settings, const Notes& notes);
int bench_command(const config::Settings& settings, const Notes& notes);
// `words`: the file, or none. Writes it and returns.
int init_wamp_command(const std::vector<std::string>& words);

// Reads a secret, prints a [[wamp.principal]] and returns.
int principal_command(const config::Settings& settings, const Notes& notes);

// A WAMP client: `words` are a procedure or topic and its arguments; for register, the command to run. They
// exit with 3 when the router, or a callee, answered with an error.
int call_command(const config::Settings& settings, const std::vector<std::string>& words, const Notes& notes);
int publish_command(const config::Settings& settings, const std::vector<std::string>& words,
                    const Notes& notes);
int subscribe_command(const config::Settings& settings, const std::vector<std::string>& words,
                      const Notes& notes);
int register_command(const config::Settings& settings, const std::vector<std::string>& words,
                     const Notes& notes);
// `words` follow the command: "inspect TOKEN". Does its work and returns: nothing to wait for.
int token_command(const config::Settings& settings, const std::vector<std::string>& words,
                  const Notes& notes);

}  // namespace crosspoint::cli
