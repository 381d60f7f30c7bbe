// WampInvocation: a handle that any thread may hold, and that may outlive the client.
#include <utility>

#include "wamp/client/io/public_client.h"

namespace crosspoint {

using wamp::client::Agent;

WampInvocation::WampInvocation(std::shared_ptr<State> state) : state_(std::move(state)) {}
WampInvocation::WampInvocation(WampInvocation&&) noexcept = default;

WampInvocation& WampInvocation::operator=(WampInvocation&& other) noexcept {
  if (this != &other) {
    WampInvocation gone(std::exchange(state_, std::exchange(other.state_, nullptr)));
  }
  return *this;
}

WampInvocation::~WampInvocation() {
  if (!state_) return;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->in_handler) {
      state_->dropped = true;
      return;
    }
  }
  fail(wamp::error_uri::runtime_error, {"the procedure gave no answer"});
}

const std::string& WampInvocation::procedure() const { return state_->procedure; }
const WampList& WampInvocation::args() const { return state_->args; }
const WampMap& WampInvocation::kwargs() const { return state_->kwargs; }
const WampPeer& WampInvocation::caller() const { return state_->caller; }
bool WampInvocation::wants_progress() const { return state_->wants_progress; }

std::optional<std::chrono::milliseconds> WampInvocation::time_left() const {
  if (!state_->deadline) return std::nullopt;
  return std::chrono::floor<std::chrono::milliseconds>(*state_->deadline - std::chrono::steady_clock::now());
}

bool WampInvocation::more_follows() const { return state_->more_follows; }

void WampInvocation::on_more(std::function<void(const WampMore&)> callback) {
  const auto kept = std::make_shared<std::function<void(const WampMore&)>>(std::move(callback));
  const auto state = state_;  // the callback may hold this invocation
  while (true) {
    WampMore next;
    {
      const std::lock_guard lock(state->mutex);
      if (state->more.empty()) {
        if (!state->answered) state->on_more = kept;
        return;
      }
      next = std::move(state->more.front());
      state->more.pop_front();
    }
    (*kept)(next);
  }
}

void WampInvocation::State::take_more(WampMore part) {
  std::shared_ptr<std::function<void(const WampMore&)>> callback;
  {
    const std::lock_guard lock(mutex);
    if (answered) return;
    if (!on_more) return more.push_back(std::move(part));
    callback = on_more;
    if (part.last) on_more = nullptr;
  }
  (*callback)(part);
}

void WampInvocation::progress(WampList args, WampMap kwargs) {
  if (!state_->wants_progress) return;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->answered) return;
  }
  state_->door->order([id = state_->id, payload = wamp::client::spell(state_->format, args, kwargs)](
                          WampClient::Implementation& client) {
    (void)client.link().agent().answer(id, payload.view(), Agent::Part::progress);
  });
}

const std::optional<WampPassthru>& WampInvocation::passthru() const { return state_->passthru; }

void WampInvocation::answer_passthru(const WampPassthru& how, WampValue::Binary payload) {
  state_->answer({std::move(payload)}, {}, how);
}

void WampInvocation::answer(WampList args, WampMap kwargs) { state_->answer(args, kwargs); }
void WampInvocation::fail(std::string_view uri, WampList args, WampMap kwargs) {
  state_->fail(uri, args, kwargs);
}
void WampInvocation::reject(std::string_view sentence) {
  state_->fail(wamp::error_uri::invalid_argument, {sentence}, {});
}

void WampInvocation::State::answer(const WampList& with, const WampMap& by_name,
                                   const std::optional<WampPassthru>& how) {
  std::shared_ptr<std::function<void(const WampMore&)>> gone;
  {
    const std::lock_guard lock(mutex);
    if (std::exchange(answered, true)) return;
    gone.swap(on_more);
  }
  door->order([which = id, payload = wamp::client::spell(format, with, by_name),
               how](WampClient::Implementation& client) {
    (void)client.link().agent().answer(which, payload.view(), Agent::Part::last, wamp::client::to_wamp(how));
    client.forget(which);
  });
}

void WampInvocation::State::fail(std::string_view uri, const WampList& with, const WampMap& by_name) {
  std::shared_ptr<std::function<void(const WampMore&)>> gone;
  {
    const std::lock_guard lock(mutex);
    if (std::exchange(answered, true)) return;
    gone.swap(on_more);
  }
  door->order([which = id, error = std::string(uri),
               payload = wamp::client::spell(format, with, by_name)](WampClient::Implementation& client) {
    client.link().agent().refuse(which, error, payload.view());
    client.forget(which);
  });
}

bool WampInvocation::cancelled() const {
  const std::lock_guard lock(state_->mutex);
  return state_->cancelled;
}

void WampInvocation::on_cancel(std::function<void()> callback) {
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->cancelled) {
      state_->on_cancel = std::move(callback);
      return;
    }
  }
  callback();
}

// A coroutine of no callback of ours, and without an invocation, has nobody to tell.
void WampTask::promise_type::fail(WampInvocation* invocation) noexcept {
  const auto what = wamp::client::words_of_current_exception();
  const bool theirs = invocation != nullptr && invocation->state_ != nullptr;
  if (theirs) invocation->state_->fail(wamp::error_uri::runtime_error, {what}, {});
  auto* const client = WampClient::Implementation::running();
  if (client != nullptr) return client->note_exception(what);
  if (!theirs) std::terminate();
}

}  // namespace crosspoint
