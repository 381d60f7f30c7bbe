#include "cli/terminal.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <thread>
#include <utility>

namespace crosspoint::cli {
namespace {

// ECMA-48 with xterm's private modes: the other screen, and whether the cursor is seen.
constexpr std::string_view enter = "\x1b[?1049h\x1b[?25l";
constexpr std::string_view leave = "\x1b[?25h\x1b[?1049l";

void write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // the terminal has gone
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

bool is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }

// Waits for keys in a thread of its own: standard input may be anything, and nothing else waits for it.
class Terminal::Keyboard {
 public:
  Keyboard(net::SystemLoop& loop, std::function<void(char)> on_key)
      : loop_(loop), on_key_(std::make_shared<std::function<void(char)>>(std::move(on_key))) {
    if (::isatty(STDIN_FILENO) != 1 || ::tcgetattr(STDIN_FILENO, &before_) != 0 || ::pipe(end_.data()) != 0)
      return;
    auto raw = before_;
    // Signals stay: Ctrl-C is SIGINT as ever.
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    changed_ = ::tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
    thread_ = std::thread([this] { watch(); });
  }
  ~Keyboard() {
    if (end_[1] >= 0) ::close(end_[1]);  // which wakes the thread
    if (thread_.joinable()) thread_.join();
    if (end_[0] >= 0) ::close(end_[0]);
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }

 private:
  void watch() {
    std::array<pollfd, 2> waiting{{{STDIN_FILENO, POLLIN, 0}, {end_[0], POLLIN, 0}}};
    while (true) {
      if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return;
      if (waiting[1].revents != 0) return;
      if (waiting[0].revents == 0) continue;
      char key = 0;
      if (::read(STDIN_FILENO, &key, 1) != 1) return;
      // What is posted may outlive this object.
      loop_.post([on_key = on_key_, key] { (*on_key)(key); });
    }
  }

  net::SystemLoop& loop_;
  std::shared_ptr<std::function<void(char)>> on_key_;
  termios before_{};
  bool changed_ = false;
  std::array<int, 2> end_{-1, -1};
  std::thread thread_;
};

Terminal::Terminal(net::SystemLoop& loop, std::function<void(char)> on_key)
    : keyboard_(std::make_unique<Keyboard>(loop, std::move(on_key))) {
  write_all(enter);
}

Terminal::~Terminal() {
  keyboard_.reset();
  write_all(leave);
}

client::ViewSize Terminal::size() const {
  winsize window{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0)
    return {.columns = 80, .lines = 24};
  return {.columns = window.ws_col, .lines = window.ws_row};
}

void Terminal::write(std::string_view bytes) { write_all(bytes); }

}  // namespace crosspoint::cli
