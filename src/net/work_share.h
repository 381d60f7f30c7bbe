#pragma once
// A bounded share of one loop's time for costly work that strangers can ask for at will: shaking hands,
// verifying signatures (row D7). Whoever floods a port with either gets this share and no more; the rest of
// the loop's time belongs to those who are connected.
//
//   WorkShare share(loop, clock, {.percent = 25});
//   share.run(work);        // work.on_share() now, or in a later turn
//
// What a piece of work costs is measured. While there is room it runs at once, inside run(), so that an idle
// node is not slower for it; when there is none it waits, and first come is first served. A turn runs no
// more than `burst` and the piece that exceeds it.
//
// Waiting takes no memory of the share's: whoever has the work bounds how much of it there is.

#include <cstddef>
#include <list>

#include "base/time.h"
#include "net/loop.h"

namespace crosspoint::net {

class WorkShare {
 public:
  struct Limits {
    int percent = 25;      // of the loop's time, 1 to 100
    Duration burst = 5ms;  // what may run at once after a rest
  };

  // A piece of work, which may be given to the share again and again. Destroyed while it waits, it no longer
  // does.
  class Work {
   public:
    Work() = default;
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    bool waits() const { return share_ != nullptr; }

   protected:
    virtual ~Work();

   private:
    friend class WorkShare;
    virtual void on_share() = 0;  // may destroy the work
    WorkShare* share_ = nullptr;  // while it waits
    std::list<Work*>::iterator place_;
  };

  // Both outlive the share, which outlives the work that waits for it. By `clock` costs are measured.
  WorkShare(Loop& loop, const Clock& clock, Limits limits);
  ~WorkShare();

  // Not for work that waits already. Work that asks for more from inside on_share() has it at once: it is
  // part of what is measured.
  void run(Work& work);

  std::size_t waiting() const { return waiting_.size(); }

 private:
  bool has_room() const { return spent_until_ - loop_.now() <= stretch_; }
  void perform(Work& work);
  void run_waiting();

  Loop& loop_;
  const Clock& clock_;
  const int percent_;
  const Duration stretch_;       // the time that a burst is the share of
  MonotonicTime spent_until_{};  // what ran so far is the share of the time until then
  std::list<Work*> waiting_;
  bool performing_ = false;
  Timer timer_;
};

}  // namespace crosspoint::net
