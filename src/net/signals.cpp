#include "net/signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include "base/assert.h"
#include "net/system_loop_backend.h"

namespace crosspoint::net {
namespace {

constexpr std::array watched_signals{SIGINT, SIGTERM, SIGHUP};

// Where the handler writes; one process has one set of handlers.
volatile std::sig_atomic_t pipe_end = -1;

void on_system_signal(int number) {
  const int saved = errno;
  const auto byte = static_cast<unsigned char>(number);
  // A full pipe holds signals enough.
  [[maybe_unused]] const auto written = ::write(static_cast<int>(pipe_end), &byte, 1);
  errno = saved;
}

Signal named(unsigned char number) {
  switch (number) {
    case SIGINT: return Signal::interrupt;
    case SIGHUP: return Signal::hangup;
    default: return Signal::terminate;
  }
}

}  // namespace

// Handlers and a pipe rather than signalfd: that needs the signals blocked, and children would inherit the
// mask, while handlers end with exec.
struct Signals::Backend final : Watcher {
  Backend(SystemLoop& the_loop, std::move_only_function<void(Signal)> the_callback)
      : loop(the_loop), callback(std::move(the_callback)) {
    CROSSPOINT_ASSERT(pipe_end == -1);  // one Signals at a time
    std::array<int, 2> ends{};
    const int piped = ::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC);
    CROSSPOINT_ASSERT(piped == 0);
    read_end = Descriptor(ends[0]);
    write_end = Descriptor(ends[1]);
    pipe_end = write_end.get();
    const bool watched = loop.backend().poller.watch(read_end.get(), *this, Poller::Interest::accepting);
    CROSSPOINT_ASSERT(watched);

    struct sigaction action{};
    action.sa_handler = on_system_signal;
    action.sa_flags = SA_RESTART;
    for (std::size_t i = 0; i < watched_signals.size(); ++i)
      ::sigaction(watched_signals[i], &action, &before[i]);
    std::signal(SIGPIPE, SIG_IGN);
  }

  ~Backend() {
    for (std::size_t i = 0; i < watched_signals.size(); ++i)
      ::sigaction(watched_signals[i], &before[i], nullptr);
    loop.backend().poller.forget(read_end.get(), *this);
    pipe_end = -1;
  }

  void on_ready(Readiness) override {
    unsigned char number = 0;
    if (::read(read_end.get(), &number, 1) == 1) callback(named(number));
  }

  SystemLoop& loop;
  std::move_only_function<void(Signal)> callback;
  Descriptor read_end;
  Descriptor write_end;
  std::array<struct sigaction, watched_signals.size()> before{};
};

Signals::Signals(SystemLoop& loop, std::move_only_function<void(Signal)> on_signal)
    : backend_(std::make_unique<Backend>(loop, std::move(on_signal))) {}

Signals::~Signals() = default;

}  // namespace crosspoint::net
