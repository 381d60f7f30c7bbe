// WampClient::Invocation: a handle that any thread may hold, and that may outlive the client.
#include <utility>

#include "wamp/client/io/public_client.h"

namespace crosspoint {

using wamp::client::Agent;

WampClient::Invocation::Invocation(std::shared_ptr<State> state) : state_(std::move(state)) {}
WampClient::Invocation::Invocation(Invocation&&) noexcept = default;

WampClient::Invocation& WampClient::Invocation::operator=(Invocation&& other) noexcept {
  if (this != &other) {
    Invocation gone(std::exchange(state_, std::exchange(other.state_, nullptr)));
  }
  return *this;
}

WampClient::Invocation::~Invocation() {
  if (state_) fail(wamp::error_uri::runtime_error, {"the procedure gave no answer"});
}

const std::string& WampClient::Invocation::procedure() const { return state_->procedure; }
const WampClient::List& WampClient::Invocation::args() const { return state_->args; }
const WampClient::Map& WampClient::Invocation::kwargs() const { return state_->kwargs; }
const WampClient::Peer& WampClient::Invocation::caller() const { return state_->caller; }
bool WampClient::Invocation::wants_progress() const { return state_->wants_progress; }

void WampClient::Invocation::progress(List args, Map kwargs) {
  if (!state_->wants_progress) return;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->answered) return;
  }
  state_->door->order(
      [id = state_->id, payload = wamp::client::spell(state_->format, args, kwargs)](Implementation& client) {
        (void)client.link().agent().answer(id, payload.view(), Agent::Part::progress);
      });
}

void WampClient::Invocation::answer(List args, Map kwargs) {
  {
    const std::lock_guard lock(state_->mutex);
    if (std::exchange(state_->answered, true)) return;
  }
  state_->door->order(
      [id = state_->id, payload = wamp::client::spell(state_->format, args, kwargs)](Implementation& client) {
        (void)client.link().agent().answer(id, payload.view(), Agent::Part::last);
        client.forget(id);
      });
}

void WampClient::Invocation::fail(std::string_view uri, List args, Map kwargs) {
  {
    const std::lock_guard lock(state_->mutex);
    if (std::exchange(state_->answered, true)) return;
  }
  state_->door->order([id = state_->id, uri = std::string(uri),
                       payload = wamp::client::spell(state_->format, args, kwargs)](Implementation& client) {
    client.link().agent().refuse(id, uri, payload.view());
    client.forget(id);
  });
}

bool WampClient::Invocation::cancelled() const {
  const std::lock_guard lock(state_->mutex);
  return state_->cancelled;
}

void WampClient::Invocation::on_cancel(std::function<void()> callback) {
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->cancelled) {
      state_->on_cancel = std::move(callback);
      return;
    }
  }
  callback();
}

}  // namespace crosspoint
