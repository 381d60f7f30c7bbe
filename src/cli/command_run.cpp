#include "cli/command_run.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <utility>

namespace crosspoint::cli {
namespace {

using namespace std::chrono_literals;
using SteadyTime = std::chrono::steady_clock::time_point;

void close_end(int& descriptor) {
  if (descriptor >= 0) ::close(std::exchange(descriptor, -1));
}

// What the child does between fork and exec: only calls that are safe there. A status of 127 is the shell's
// word for a command that could not be run.
[[noreturn]] void become_command(char* const* arguments, int input, int output) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::setpgid(0, 0);  // Ctrl-C in the terminal is for us
  ::execvp(arguments[0], arguments);
  ::_exit(127);
}

std::string in_words(int status) {
  if (WIFSIGNALED(status)) return fmt::format("was ended by signal {}", WTERMSIG(status));
  if (WEXITSTATUS(status) == 127) return "could not be run (exit status 127)";
  return fmt::format("exited with status {}", WEXITSTATUS(status));
}

}  // namespace

// The child and our ends of its pipes, on the thread's stack.
class CommandRun::Process {
 public:
  Process(const Plan& plan, int wake) : plan_(plan), wake_(wake) {}
  ~Process() {
    close_end(input_);
    close_end(output_);
  }

  CommandOutcome run() {
    if (!start()) return {{}, fmt::format("cannot be started: {}", std::strerror(errno))};
    while (!ended_) turn();
    if (too_long_) return {{}, fmt::format("wrote more than {} bytes", plan_.output_bytes_max)};
    const bool well = WIFEXITED(status_) && WEXITSTATUS(status_) == 0;
    return {std::move(written_), well ? std::string() : in_words(status_)};
  }

 private:
  bool start() {
    std::array<int, 2> to{-1, -1}, from{-1, -1};
    if (::pipe2(to.data(), O_CLOEXEC) != 0) return false;
    if (::pipe2(from.data(), O_CLOEXEC) != 0) return close_end(to[0]), close_end(to[1]), false;
    auto words = plan_.words;
    std::vector<char*> pointers;
    for (auto& word: words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) become_command(pointers.data(), to[0], from[1]);
    close_end(to[0]);
    close_end(from[1]);
    input_ = to[1];
    output_ = from[0];
    ::fcntl(input_, F_SETFL, O_NONBLOCK);
    return pid_ > 0;
  }

  // While its output is open there is something to wait for; afterwards, and once it is to end, we look.
  void turn() {
    std::array<pollfd, 3> waiting{
        {{input_, POLLOUT, 0}, {output_, POLLIN, 0}, {ending_ ? -1 : wake_, POLLIN, 0}}};
    const bool look = output_ < 0 || ending_;
    ::poll(waiting.data(), waiting.size(), look ? 20 : -1);
    if (waiting[0].revents != 0) write();
    if (waiting[1].revents != 0) read();
    if (waiting[2].revents != 0) end();
    if (ending_ && std::chrono::steady_clock::now() >= *ending_) ::kill(-pid_, SIGKILL);
    if ((output_ < 0 || ending_) && ::waitpid(pid_, &status_, WNOHANG) == pid_) ended_ = true;
  }

  void write() {
    const auto left = std::string_view(plan_.input).substr(given_);
    const auto taken = left.empty() ? 0 : ::write(input_, left.data(), left.size());
    if (taken > 0) given_ += static_cast<std::size_t>(taken);
    const bool refused = taken < 0 && errno != EAGAIN && errno != EINTR;  // it does not read, and need not
    if (refused || given_ == plan_.input.size()) close_end(input_);
  }

  void read() {
    std::array<char, 16384> bytes;
    const auto got = ::read(output_, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) return;
    if (got <= 0) return close_end(output_);
    written_.append(bytes.data(), static_cast<std::size_t>(got));
    written_bytes_ += static_cast<std::size_t>(got);
    if (written_bytes_ <= plan_.output_bytes_max && plan_.on_line) tell_lines();
    if (written_bytes_ <= plan_.output_bytes_max || too_long_) return;
    too_long_ = true;
    close_end(output_);
    end();
  }

  void tell_lines() {
    for (auto at = written_.find('\n'); at != written_.npos; at = written_.find('\n')) {
      plan_.on_line(written_.substr(0, at));
      written_.erase(0, at + 1);
    }
  }

  void end() {
    if (ending_) return;
    ending_ = std::chrono::steady_clock::now() + 1s;
    ::kill(-pid_, SIGTERM);
  }

  const Plan& plan_;
  const int wake_;
  pid_t pid_ = 0;
  int input_ = -1, output_ = -1;
  std::size_t given_ = 0;
  std::string written_;
  std::size_t written_bytes_ = 0;
  std::optional<SteadyTime> ending_;  // until when it may take SIGTERM's time
  bool too_long_ = false;
  bool ended_ = false;
  int status_ = 0;
};

CommandRun::CommandRun(Plan plan, std::function<void(CommandOutcome)> done)
    : plan_(std::move(plan)), done_(std::move(done)) {
  if (::pipe2(wake_, O_CLOEXEC) != 0) wake_[0] = wake_[1] = -1;
  thread_ = std::thread([this] { run(); });
}

CommandRun::~CommandRun() {
  end();
  thread_.join();
  close_end(wake_[0]);
  close_end(wake_[1]);
}

void CommandRun::run() { done_(Process(plan_, wake_[0]).run()); }

void CommandRun::end() {
  const char word = 'e';
  if (wake_[1] >= 0) (void)!::write(wake_[1], &word, 1);
}

}  // namespace crosspoint::cli
