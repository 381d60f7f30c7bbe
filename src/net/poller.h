#pragma once
// epoll, and nothing else of a loop: whose descriptor is ready? Private to net/*.cpp.
//
// Streams are watched for edges and registered once: reading until a read comes back short needs no further
// call, where a level-triggered or one-shot registration would cost an epoll_ctl for each message. Whoever
// stops reading before that says again(), and gets its next turn without the kernel. docs/decisions/0008 says
// why this is not Asio.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/time.h"
#include "net/descriptor.h"

struct epoll_event;

namespace crosspoint::net {

struct Readiness {
  bool readable = false;
  bool writable = false;
  bool ended = false;   // the peer will send no more, or the connection is gone
  bool failed = false;  // an error waits in the socket
};

class Watcher {
 public:
  // May forget any watcher, this one included, and may be destroyed in here once it has.
  virtual void on_ready(Readiness ready) = 0;

 protected:
  ~Watcher() = default;
};

class Poller {
 public:
  enum class Interest {
    reading,              // edges
    reading_and_writing,  // edges; asking again reports at once what is ready
    writing,              // edges: a connection being made
    accepting,            // as long as somebody waits in the backlog
    accepting_shared,     // the same, for a descriptor that several loops watch: wakes one of them
  };

  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // False when the kernel has no room for one more watch.
  [[nodiscard]] bool watch(int descriptor, Watcher& watcher, Interest interest);
  void change(int descriptor, Watcher& watcher, Interest interest);
  // No on_ready follows, not even for what this turn has found ready already. Before the descriptor is
  // closed.
  void forget(int descriptor, Watcher& watcher);
  // on_ready with `readable` in the next turn.
  void again(Watcher& watcher) { again_.push_back(&watcher); }
  bool has_again() const { return !again_.empty(); }

  // Waits until something is ready, at most so long (for ever without a limit)…
  void wait(std::optional<Duration> limit);
  // … and lets it call back. At most `ready_at_once_max` descriptors; the rest comes in the next turn.
  void dispatch();

 private:
  static constexpr int ready_at_once_max = 256;
  int control(int operation, int descriptor, Watcher& watcher, Interest interest);

  Descriptor epoll_;
  std::unique_ptr<epoll_event[]> ready_;
  int ready_count_ = 0;
  std::vector<Watcher*> again_;
  std::vector<Watcher*> again_now_;
};

}  // namespace crosspoint::net
