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

// Armed hooks as a ring that begins and ends at `head`.
struct Loop::HookRing {
  struct Head final : TurnEndHook {
    void on_turn_end() override {}
  };

  HookRing() { head.previous_ = head.next_ = &head; }
  // Hooks may outlive their loop; they are then armed no more.
  ~HookRing() {
    while (!empty()) head.next_->unlink();
  }

  bool empty() const { return head.next_ == &head; }
  void add(TurnEndHook& hook) {
    if (hook.armed()) return;
    hook.previous_ = head.previous_;
    hook.next_ = &head;
    head.previous_->next_ = &hook;
    head.previous_ = &hook;
  }
  // False: there is none.
  bool run_first() {
    if (empty()) return false;
    TurnEndHook& hook = *head.next_;
    hook.unlink();
    hook.on_turn_end();
    return true;
  }

  Head head;
};

// What is left to do in this turn, and what lives as long as the loop.
struct Loop::Ending {
  HookRing hooks;
  HookRing last;
  std::vector<std::unique_ptr<Disposable>> disposed;
  std::vector<std::unique_ptr<Disposable>> kept;
};

Loop::Loop() : ending_(std::make_unique<Ending>()) {}

Loop::~Loop() = default;

void Loop::at_turn_end(TurnEndHook& hook) { ending_->hooks.add(hook); }

void Loop::last_at_turn_end(TurnEndHook& hook) { ending_->last.add(hook); }

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
  return !ending_->hooks.empty() || !ending_->last.empty() || !ending_->disposed.empty();
}

void Loop::end_turn() {
  // What is destroyed may arm hooks and dispose of more, and so may the last hooks.
  while (turn_end_pending()) {
    while (ending_->hooks.run_first()) {
    }
    destroy_disposed();
    if (ending_->hooks.empty()) ending_->last.run_first();
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
