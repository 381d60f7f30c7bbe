#pragma once
// One event loop, one thread. Everything that waits — streams, timers, listeners — belongs to exactly one
// loop and is touched by that loop's thread only; so nothing here, and nothing above, locks.
//
// A turn: the loop wakes, reads the clock once, lets everything that is ready call back, runs the due timers
// and what was posted, then runs the end-of-turn hooks (which write what the turn produced, once per
// connection), then destroys what was disposed of; last come the hooks of those who gather what all the
// others did, for another loop.
//
// net/system_loop.h is the real one; testing/manual_loop.h is moved by hand.

#include <functional>
#include <memory>
#include <utility>

#include "base/bytes.h"
#include "base/time.h"
#include "net/timer_queue.h"

namespace crosspoint::net {

class Loop;

// Something to do once at the end of the current turn. Being on the list is what the hook knows of itself:
// arming an armed hook changes nothing, destroying it leaves the list.
class TurnEndHook {
 public:
  TurnEndHook() = default;
  TurnEndHook(const TurnEndHook&) = delete;
  TurnEndHook& operator=(const TurnEndHook&) = delete;
  bool armed() const { return next_ != nullptr; }

 protected:
  virtual ~TurnEndHook() { unlink(); }

 private:
  friend class Loop;
  // May arm hooks again, this one included: they run in the same end of turn, after those already armed.
  virtual void on_turn_end() = 0;
  void unlink();

  TurnEndHook* previous_ = nullptr;
  TurnEndHook* next_ = nullptr;
};

// An object that may be given to Loop::dispose.
class Disposable {
 public:
  virtual ~Disposable() = default;
};

class Loop {
 public:
  Loop();
  virtual ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // The time at which this turn began.
  MonotonicTime now() const { return now_; }
  virtual WallTime wall_now() const = 0;

  // Runs `work` on this loop's thread in a later turn. The only member that other threads may call. Work
  // posted by one thread runs in the order it was posted. Work still waiting when the loop ends is destroyed,
  // not run.
  virtual void post(std::move_only_function<void()> work) = 0;

  // Calls hook.on_turn_end() once before this turn ends.
  void at_turn_end(TurnEndHook& hook);
  // The same, once all hooks of the other kind have run and what was disposed of has gone.
  void last_at_turn_end(TurnEndHook& hook);

  // Destroys the object after the end-of-turn hooks have run: for objects that want to go while one of their
  // callbacks is still on the stack.
  void dispose(std::unique_ptr<Disposable> object);

  // Destroys what was disposed of so far, now: for the destructors of those whom such objects refer to, which
  // never run inside a callback of theirs.
  void destroy_disposed();

  // Owns an object whose owner has gone while something is left to do (the last bytes of a closed TLS
  // stream), until the object asks for its own end, or the loop ends.
  void keep(std::unique_ptr<Disposable> object);
  void dispose_kept(Disposable& object);

  // One large buffer that all streams of this loop read into, so that an idle connection holds none.
  virtual MutableBytes read_buffer() = 0;

  TimerQueue& timers() { return timers_; }
  const TimerQueue& timers() const { return timers_; }

 protected:
  void begin_turn(MonotonicTime now) { now_ = now; }
  // Runs due timers.
  void run_timers();
  // Runs hooks until none is armed, then empties the disposed.
  void end_turn();
  // For destructors of loops, while the objects can still reach what the loop consists of: the disposed and
  // the kept.
  void destroy_owned();
  // Would end_turn() do anything? Hooks can be armed between turns, too.
  bool turn_end_pending() const;

 private:
  struct HookRing;
  struct Ending;
  MonotonicTime now_{};
  TimerQueue timers_;
  std::unique_ptr<Ending> ending_;
};

// Something that happens at a time: on_due() of whoever derives from it. One-shot, restartable; destroying it
// stops it. on_due() may restart, stop or dispose of its owner, but must not destroy the Deadline itself.
//
// For those of whom there are many, as each connection has one: a Timer is more convenient and twice the
// size.
class Deadline : private TimerQueue::Entry {
 public:
  void start_at(MonotonicTime due) { loop_.timers().start(*this, due); }
  void start_after(Duration delay) { start_at(loop_.now() + delay); }
  void stop() {
    if (running()) loop_.timers().stop(*this);
  }
  bool running() const { return queued(); }
  MonotonicTime due() const { return loop_.timers().due(*this); }  // while running
  Loop& loop() const { return loop_; }

 protected:
  explicit Deadline(Loop& loop) : loop_(loop) {}
  ~Deadline() override { stop(); }

 private:
  void on_due() override = 0;
  Loop& loop_;
};

// A Deadline that calls a function.
class Timer final : public Deadline {
 public:
  Timer(Loop& loop, std::move_only_function<void()> on_due) : Deadline(loop), on_due_(std::move(on_due)) {}

 private:
  void on_due() override { on_due_(); }
  std::move_only_function<void()> on_due_;
};

}  // namespace crosspoint::net
