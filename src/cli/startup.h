#pragma once
// What every service does before it starts and when it is told to end.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "cli/commands.h"
#include "config/command_line.h"
#include "config/settings.h"
#include "net/signals.h"
#include "net/system_loop.h"

namespace crosspoint::cli {

// Sets up the log as the settings say, and writes the notes to it. False when that cannot be done; the reason
// has been printed.
bool start_log(const config::Settings& settings, const std::vector<std::string>& notes);

// How the configuration is read; `files` outlives it.
config::ReadFile reading(const Files& files);
// What the inputs say now; or everything that is wrong with them, a sentence a line.
Result<Configuration, std::string> read_configuration(const config::Inputs& inputs);

// As many descriptors as the system lets this process have: each connection is one.
void raise_descriptor_limit();

// The memory holds secrets, tokens and what people send: no crash writes it to a disk, and no other program
// of the same user looks into it (PR_SET_DUMPABLE; core(5), ptrace(2)), unless process.core-dumps allows
// that.
void keep_memory_private(const config::Settings& settings);
// A warning when the process is root's, as which it needs nothing.
void warn_of_root();

// "crosspoint: …" on standard error.
void complain(std::string_view sentence);
// The same, and the exit status of a command that fails.
int complain_and_fail(std::string_view sentence);
// One line on standard output, at once: for people and for scripts that wait for it.
void announce(std::string_view line);

// SIGINT and SIGTERM: the first calls `stop`, a second one ends the process at once. SIGHUP calls `reload`,
// where there is one.
class StopSignals {
 public:
  StopSignals(net::SystemLoop& loop, std::function<void()> stop, std::function<void()> reload = {});

 private:
  void on_signal(net::Signal signal);

  std::function<void()> stop_;
  std::function<void()> reload_;
  bool stopping_ = false;
  net::Signals signals_;
};

}  // namespace crosspoint::cli
