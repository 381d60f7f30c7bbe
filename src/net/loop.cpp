#include "net/loop.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace crosspoint::net {

void TurnEndHook::unlink() {
  if (!armed()) return;
  previous_->next_ = next_;
  next_->previous_ = previous_;
  previous_ = next_ = nullptr;
}

// The armed hooks as a ring that begins and ends at `head`, and what waits to be destroyed.
struct Loop::Ending {
  struct Head final : TurnEndHook {
    void on_turn_end() override {}
  };

  Ending() { head.previous_ = head.next_ = &head; }
  // Hooks may outlive their loop; they are then armed no more.
  ~Ending() {
    while (head.next_ != &head) head.next_->unlink();
  }

  Head head;
  std::vector<std::unique_ptr<Disposable>> disposed;
  std::vector<std::unique_ptr<Disposable>> kept;
};

Loop::Loop() : ending_(std::make_unique<Ending>()) {}

Loop::~Loop() = default;

void Loop::at_turn_end(TurnEndHook& hook) {
  if (hook.armed()) return;
  TurnEndHook& head = ending_->head;
  hook.previous_ = head.previous_;
  hook.next_ = &head;
  head.previous_->next_ = &hook;
  head.previous_ = &hook;
}

void Loop::dispose(std::unique_ptr<Disposable> object) { ending_->disposed.push_back(std::move(object)); }

void Loop::keep(std::unique_ptr<Disposable> object) { ending_->kept.push_back(std::move(object)); }

void Loop::dispose_kept(Disposable& object) {
  const auto found = std::ranges::find(ending_->kept, &object, &std::unique_ptr<Disposable>::get);
  CROSSPOINT_ASSERT(found != ending_->kept.end());
  dispose(std::move(*found));
  ending_->kept.erase(found);
}

void Loop::run_timers() { timers_.fire_due(now_); }

bool Loop::turn_end_pending() const {
  return ending_->head.next_ != &ending_->head || !ending_->disposed.empty();
}

void Loop::end_turn() {
  TurnEndHook& head = ending_->head;
  // What is destroyed may arm hooks and dispose of more.
  while (turn_end_pending()) {
    while (head.next_ != &head) {
      TurnEndHook& hook = *head.next_;
      hook.unlink();
      hook.on_turn_end();
    }
    destroy_disposed();
  }
}

void Loop::destroy_disposed() {
  while (!ending_->disposed.empty()) {
    const auto dying = std::exchange(ending_->disposed, {});
  }
}

void Loop::destroy_owned() {
  while (!ending_->kept.empty()) {
    const auto dying = std::exchange(ending_->kept, {});
  }
  destroy_disposed();
}

}  // namespace crosspoint::net
