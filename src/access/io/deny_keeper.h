#pragma once
// The one place where the deny list changes. Every loop has a copy of the list (desk.h) that it asks without
// waiting; changes come from here, in one order for all of them, and are written down (deny_store.h).
//
// Lives on one loop, may be called from every loop. A change is answered when every loop has it, the
// booking's connections are closing, and the store has it: what was answered cannot be undone by a crash,
// and no connection of that booking is let in afterwards. Each leaves one line in the log: what, until when,
// by whom, from where.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/actor.h"
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

struct BookingChange {
  std::string booking;
  WallTime until{};
  Actor by = {};
};

class DenyKeeper {
 public:
  enum class Kind : std::uint8_t { deny, allow };
  // Nothing: done. Else a sentence: in force now, but not written down, or the list is full.
  using Done = std::move_only_function<void(std::optional<std::string> trouble)>;

  // `doors` and `store` outlive the keeper, which lives on the first door's loop. Fills the desks with what
  // the store holds, so the loops must not run yet. `tidy_every`: how often what is over is forgotten.
  static Result<std::unique_ptr<DenyKeeper>, std::string> make(std::vector<Door*> doors, DenyStore& store,
                                                               Duration tidy_every);

  // From any loop; `done` is called on `answer_on`.
  void deny(BookingChange change, net::Loop& answer_on, Done done) {
    change_list(Kind::deny, std::move(change), answer_on, std::move(done));
  }
  void allow(BookingChange change, net::Loop& answer_on, Done done) {
    change_list(Kind::allow, std::move(change), answer_on, std::move(done));
  }

  // Hears of each change that is in force, on the keeper's loop, before it is answered. Set before the loops
  // run.
  void tell(std::function<void(Kind, const BookingChange&)> observer) { observer_ = std::move(observer); }

 private:
  struct Change;
  void change_list(Kind kind, BookingChange change, net::Loop& answer_on, Done done);
  void finish(Change& change);
  DenyKeeper(std::vector<Door*> doors, DenyStore& store, Duration tidy_every);
  void begin(std::shared_ptr<Change> change);
  void tidy();
  net::Loop& loop() { return doors_.front()->loop(); }

  const std::vector<Door*> doors_;
  DenyStore& store_;
  const Duration tidy_every_;
  net::Timer tidy_timer_;
  std::function<void(Kind, const BookingChange&)> observer_;
};

}  // namespace crosspoint::access
