#pragma once
// One run of a command: something on its standard input, what it writes and how it ended out. In a thread of
// its own, since a command takes as long as it likes.

#include <sys/types.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace crosspoint::cli {

struct CommandOutcome {
  std::string output;
  std::string trouble;  // empty: it ended with status 0. Otherwise the rest of a sentence that begins with it
};

class CommandRun {
 public:
  struct Plan {
    std::vector<std::string> words;  // the first is a path, or a name on the PATH; not empty
    std::string input;
    std::size_t output_bytes_max = 1 << 20;  // more ends it
    // Where it is there: called in the other thread with each whole line, without its end; `output` is then
    // what came behind the last of them. The bound is for all of it.
    std::function<void(std::string)> on_line = {};
  };
  // `done` is called once, in another thread. Standard error is this program's own.
  CommandRun(Plan plan, std::function<void(CommandOutcome)> done);
  // Ends it, and waits for that: at most a little more than a second.
  ~CommandRun();
  CommandRun(const CommandRun&) = delete;
  CommandRun& operator=(const CommandRun&) = delete;

  // SIGTERM, and SIGKILL after a second, to it and to what it started. `done` follows.
  void end();

 private:
  class Process;
  void run();

  const Plan plan_;
  std::function<void(CommandOutcome)> done_;
  int wake_[2] = {-1, -1};  // a pipe that end() writes into
  std::thread thread_;
};

}  // namespace crosspoint::cli
