#include "access/io/deny_keeper.h"

#include <utility>

#include "access/time_text.h"
#include "base/audit.h"
#include "base/log.h"

namespace crosspoint::access {

// A change on its way through all loops and the store. Counted on the keeper's loop only.
struct DenyKeeper::Change {
  Kind kind;
  BookingChange what;
  net::Loop& answer_on;
  Done done;
  std::size_t missing = 0;  // answers of doors and store
  std::optional<std::string> trouble;

  // On the door's loop.
  bool apply(Door& door) const {
    if (kind == Kind::allow) return door.desk().allow(what.booking, what.until);
    const bool listed = door.desk().deny(what.booking, what.until);
    door.close_booking(what.booking);
    return listed;
  }
  bool answered(std::optional<std::string> problem) {
    if (problem && !trouble) trouble = std::move(problem);
    return --missing == 0;
  }
};

namespace {

void write_down(DenyKeeper::Kind kind, const BookingChange& change,
                const std::optional<std::string>& trouble) {
  const auto changed = fmt::format("booking {} is {} until {}, {}", log::quoted(change.booking),
                                   kind == DenyKeeper::Kind::deny ? "denied" : "allowed",
                                   utc_text(change.until), in_words(change.by));
  log::audit("access", "{}", changed);
  if (trouble) log::error("access", "{}; but {}", changed, *trouble);
}

}  // namespace

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

void DenyKeeper::change_list(Kind kind, BookingChange change, net::Loop& answer_on, Done done) {
  auto begun = std::make_shared<Change>(Change{kind, std::move(change), answer_on, std::move(done)});
  loop().post([this, begun = std::move(begun)]() mutable { begin(std::move(begun)); });
}

void DenyKeeper::finish(Change& change) {
  write_down(change.kind, change.what, change.trouble);
  if (observer_) observer_(change.kind, change.what);
  change.answer_on.post([done = std::move(change.done), trouble = std::move(change.trouble)]() mutable {
    done(std::move(trouble));
  });
}

// What is posted to a loop from here runs there in this order, change after change; the store keeps it too.
void DenyKeeper::begin(std::shared_ptr<Change> change) {
  net::Loop& here = loop();
  change->missing = doors_.size() + 1;
  for (Door* door: doors_) {
    door->loop().post([this, door, change, &here] {
      const bool listed = change->apply(*door);
      here.post([this, change, listed] {
        if (change->answered(listed ? std::nullopt
                                    : std::optional<std::string>("the list of bookings is full")))
          finish(*change);
      });
    });
  }
  auto written = [this, change, &here](std::optional<std::string> trouble) mutable {
    here.post([this, change = std::move(change), trouble = std::move(trouble)]() mutable {
      if (change->answered(std::move(trouble))) finish(*change);
    });
  };
  if (change->kind == Kind::deny) {
    store_.put({change->what.booking, change->what.until}, std::move(written));
  } else {
    store_.erase(change->what.booking, std::move(written));
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
