#include "access/io/deny_keeper.h"

#include <utility>

namespace crosspoint::access {

// A change on its way through all loops and the store. Counted on the keeper's loop only.
struct DenyKeeper::Change {
  enum class Kind { deny, allow } kind;
  std::string booking;
  WallTime until;
  net::Loop& answer_on;
  Done done;
  std::size_t missing = 0;  // answers of doors and store
  std::optional<std::string> trouble;

  // On the door's loop.
  bool apply(Door& door) const {
    if (kind == Kind::allow) return door.desk().allow(booking, until);
    const bool listed = door.desk().deny(booking, until);
    door.close_booking(booking);
    return listed;
  }
  void answered(std::optional<std::string> problem) {
    if (problem && !trouble) trouble = std::move(problem);
    if (--missing > 0) return;
    answer_on.post([done = std::move(done), trouble = std::move(trouble)]() mutable { done(trouble); });
  }
};

Result<std::unique_ptr<DenyKeeper>, std::string> DenyKeeper::make(std::vector<Door*> doors, DenyStore& store,
                                                                  Duration tidy_every) {
  const auto known = store.load();
  if (!known) return fail(known.error());
  for (Door* door: doors) {
    for (const auto& entry: *known) {
      if (!door->desk().deny(entry.booking, entry.until)) {
        return fail(std::string("more bookings are denied than this relay may remember"));
      }
    }
  }
  return std::unique_ptr<DenyKeeper>(new DenyKeeper(std::move(doors), store, tidy_every));
}

DenyKeeper::DenyKeeper(std::vector<Door*> doors, DenyStore& store, Duration tidy_every)
    : doors_(std::move(doors)),
      store_(store),
      tidy_every_(tidy_every),
      tidy_timer_(loop(), [this] { tidy(); }) {
  tidy_timer_.start_after(tidy_every_);
}

void DenyKeeper::deny(std::string booking, WallTime until, net::Loop& answer_on, Done done) {
  auto change =
      std::make_shared<Change>(Change::Kind::deny, std::move(booking), until, answer_on, std::move(done));
  loop().post([this, change = std::move(change)]() mutable { begin(std::move(change)); });
}

void DenyKeeper::allow(std::string booking, WallTime until, net::Loop& answer_on, Done done) {
  auto change =
      std::make_shared<Change>(Change::Kind::allow, std::move(booking), until, answer_on, std::move(done));
  loop().post([this, change = std::move(change)]() mutable { begin(std::move(change)); });
}

// What is posted to a loop from here runs there in this order, change after change; the store keeps it too.
void DenyKeeper::begin(std::shared_ptr<Change> change) {
  net::Loop& here = loop();
  change->missing = doors_.size() + 1;
  for (Door* door: doors_) {
    door->loop().post([door, change, &here] {
      const bool listed = change->apply(*door);
      here.post([change, listed] {
        change->answered(listed ? std::nullopt : std::optional<std::string>("the list of bookings is full"));
      });
    });
  }
  auto written = [change, &here](std::optional<std::string> trouble) mutable {
    here.post([change = std::move(change), trouble = std::move(trouble)]() mutable {
      change->answered(std::move(trouble));
    });
  };
  if (change->kind == Change::Kind::deny) {
    store_.put({change->booking, change->until}, std::move(written));
  } else {
    store_.erase(change->booking, std::move(written));
  }
}

void DenyKeeper::tidy() {
  const WallTime now = loop().wall_now();
  for (Door* door: doors_) {
    door->loop().post([door, now] { door->desk().prune(now); });
  }
  store_.prune(now);
  tidy_timer_.start_after(tidy_every_);
}

}  // namespace crosspoint::access
