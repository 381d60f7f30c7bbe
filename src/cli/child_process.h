#pragma once
// A program that is started, watched and ended with us: ffmpeg in the demo.

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace crosspoint::cli {

// The program of that name on the PATH; empty when there is none.
std::string find_program(const std::string& name);

class ChildProcess {
 public:
  // Starts `path` with these arguments (the name comes first by itself), its output thrown away. Nothing on
  // failure.
  static std::optional<ChildProcess> start(const std::string& path,
                                           const std::vector<std::string>& arguments);
  // Ends it (SIGTERM, then SIGKILL after a second) and waits for it.
  ~ChildProcess();
  ChildProcess(ChildProcess&& other) noexcept : pid_(std::exchange(other.pid_, 0)) {}
  ChildProcess& operator=(ChildProcess&&) = delete;

  bool running();

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}
  pid_t pid_;  // 0: nothing to wait for
};

}  // namespace crosspoint::cli
