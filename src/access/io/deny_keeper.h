#pragma once
// The one place where the deny list changes. Every loop has a copy of the list (desk.h) that it asks without
// waiting; changes come from here, in one order for all of them, and are written down (deny_store.h).
//
// Lives on one loop, may be called from every loop. A change is answered when every loop has it, the
// booking's connections are closing, and the store has it: what was answered cannot be undone by a crash,
// and no connection of that booking is let in afterwards.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/desk.h"
#include "access/io/deny_store.h"
#include "net/loop.h"

namespace crosspoint::access {

// One loop's desk and the connections that came in by it.
class Door {
 public:
  virtual net::Loop& loop() = 0;
  virtual Desk& desk() = 0;  // on its loop only, as what follows
  // Ends every connection of this booking.
  virtual void close_booking(std::string_view booking) = 0;

 protected:
  ~Door() = default;
};

class DenyKeeper {
 public:
  // Nothing: done. Else a sentence: in force now, but not written down, or the list is full.
  using Done = std::move_only_function<void(std::optional<std::string> trouble)>;

  // `doors` and `store` outlive the keeper, which lives on the first door's loop. Fills the desks with what
  // the store holds, so the loops must not run yet. `tidy_every`: how often what is over is forgotten.
  static Result<std::unique_ptr<DenyKeeper>, std::string> make(std::vector<Door*> doors, DenyStore& store,
                                                               Duration tidy_every);

  // From any loop; `done` is called on `answer_on`.
  void deny(std::string booking, WallTime until, net::Loop& answer_on, Done done);
  void allow(std::string booking, WallTime until, net::Loop& answer_on, Done done);

 private:
  struct Change;
  DenyKeeper(std::vector<Door*> doors, DenyStore& store, Duration tidy_every);
  void begin(std::shared_ptr<Change> change);
  void tidy();
  net::Loop& loop() { return doors_.front()->loop(); }

  const std::vector<Door*> doors_;
  DenyStore& store_;
  const Duration tidy_every_;
  net::Timer tidy_timer_;
};

}  // namespace crosspoint::access
