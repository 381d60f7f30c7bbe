#include "cli/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <string_view>

namespace crosspoint::cli {
namespace {

// What the child does between fork and exec: only calls that are safe there.
[[noreturn]] void become(const char* path, char* const* arguments, pid_t parent) {
  // If we are killed without a chance to clean up, the child goes as well; and nobody else's signal mask is
  // its own.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(127);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  const int nowhere = ::open("/dev/null", O_RDWR);
  for (int descriptor = 0; descriptor < 3; ++descriptor) ::dup2(nowhere, descriptor);
  ::setpgid(0, 0);  // Ctrl-C in the terminal is for us; we end the child in our own order
  ::execv(path, arguments);
  ::_exit(127);
}

}  // namespace

std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
  while (!rest.empty()) {
    const auto end = rest.find(':');
    const auto candidate = std::string(rest.substr(0, end)) + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    if (end == rest.npos) break;
    rest.remove_prefix(end + 1);
  }
  return {};
}

std::optional<ChildProcess> ChildProcess::start(const std::string& path,
                                                const std::vector<std::string>& arguments) {
  std::vector<std::string> words{path};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (auto& word: words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return std::nullopt;
  if (pid == 0) become(path.c_str(), pointers.data(), parent);
  return ChildProcess(pid);
}

bool ChildProcess::running() {
  if (pid_ == 0) return false;
  if (::waitpid(pid_, nullptr, WNOHANG) == 0) return true;
  pid_ = 0;
  return false;
}

ChildProcess::~ChildProcess() {
  if (!running()) return;
  ::kill(pid_, SIGTERM);
  constexpr int attempts = 100;
  for (int attempt = 0; attempt < attempts && running(); ++attempt) {
    const timespec moment{.tv_sec = 0, .tv_nsec = 10'000'000};
    ::nanosleep(&moment, nullptr);
  }
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

}  // namespace crosspoint::cli
