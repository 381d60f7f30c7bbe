#pragma once
// Answers that are on their way: how to wait for one, and what one is. C++20, the standard library only.
//
//   const auto sum = client->call("com.example.add", {1, 2}).get();        // waits for it
//   client->call("com.example.add", {1, 2}).then([](auto sum) { … });      // is called back
//   const auto sum = co_await client->call("com.example.add", arguments);  // in a coroutine of any type
//
// A Pending may also be thrown away; the call is made all the same.

#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include <crosspoint/wamp_value.h>

namespace crosspoint {

class WampInvocation;

struct WampError {
  std::string uri;       // "wamp.error.no_such_procedure", a callee's own, or crosspoint.error.…
  std::string sentence;  // for people: what this side has to say, or the first argument if it is text
  WampList args;
  WampMap kwargs;
};

// Either what was asked for, or why not. Look before you take: to take what is not there ends the program.
template <class T>
class WampOutcome {
 public:
  WampOutcome(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  WampOutcome(WampError error) : held_(std::in_place_index<1>, std::move(error)) {}
  explicit operator bool() const { return held_.index() == 0; }
  T& operator*() { return *take(std::get_if<0>(&held_)); }
  const T& operator*() const { return *take(std::get_if<0>(&held_)); }
  T* operator->() { return take(std::get_if<0>(&held_)); }
  const T* operator->() const { return take(std::get_if<0>(&held_)); }
  const WampError& error() const { return *take(std::get_if<1>(&held_)); }

 private:
  template <class Held>
  static Held* take(Held* held) {
    if (held == nullptr) std::terminate();
    return held;
  }
  std::variant<T, WampError> held_;
};

// How a call is ended early.
enum class WampCancel {
  killnowait,  // at once, and the callee is told to stop
  skip,        // at once, and the callee goes on
  kill,        // the callee is told, and its answer is the answer: one that does not listen is waited for
};

// An answer that is on its way. Copies wait for the same one; then() and co_await are for one of them.
template <class T>
class WampPending {
 public:
  // Waits for it.
  WampOutcome<T> get() const;
  // Waits for it no longer than so: is it there?
  bool wait(std::chrono::milliseconds limit) const;
  // Calls back where callbacks run; at once, here, if the answer has come already.
  void then(std::function<void(WampOutcome<T>)> callback) const;
  // Of a call: ends it. An answer comes in any case, with `kill` when the callee gives one; it may still be
  // the result, if that was on its way.
  void cancel(WampCancel mode = WampCancel::killnowait) const;

  // Of a call whose options said that more follows: more of its arguments. They go at once, and must be taken
  // one after the other; if they cannot be sent, the call fails.
  enum class More { follows, last };
  void send_more(WampList args, WampMap kwargs, More more) const;

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> waiting) const;
  WampOutcome<T> await_resume() const { return get(); }

 private:
  friend class WampClient;
  struct State;
  explicit WampPending(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

// A coroutine that begins when it is called, and goes when it is done; nobody waits for it. For handlers:
//
//   WampTask scan(WampClient& client, WampClient::Invocation call) {
//     auto ready = co_await client.call("com.lab.shutter.open");
//     if (!ready) co_return call.fail("com.lab.error.shutter", {ready.error().sentence});
//     …
//
// One that is given the invocation, as here, and throws has answered it: wamp.error.runtime_error.
struct WampTask {
  class promise_type {
   public:
    template <class... Parameters>
    explicit promise_type(Parameters&... parameters) {
      (look_at(parameters), ...);
    }
    WampTask get_return_object() const noexcept { return {}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { fail(invocation_); }

   private:
    template <class Parameter>
    void look_at(Parameter& parameter) {
      if constexpr (std::is_same_v<Parameter, WampInvocation>) invocation_ = &parameter;
    }
    // With the exception that is being handled.
    static void fail(WampInvocation* invocation) noexcept;
    WampInvocation* invocation_ = nullptr;
  };
};

// ---- What templates need.

template <class T>
struct WampPending<T>::State {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<WampOutcome<T>> outcome;
  std::function<void()> on_outcome;
  std::function<void(WampCancel)> cancel;
  std::function<void(WampList, WampMap, bool more_follows)> send_more;
};

template <class T>
WampOutcome<T> WampPending<T>::get() const {
  std::unique_lock lock(state_->mutex);
  state_->changed.wait(lock, [this] { return state_->outcome.has_value(); });
  return *state_->outcome;
}

template <class T>
bool WampPending<T>::wait(std::chrono::milliseconds limit) const {
  std::unique_lock lock(state_->mutex);
  return state_->changed.wait_for(lock, limit, [this] { return state_->outcome.has_value(); });
}

template <class T>
void WampPending<T>::then(std::function<void(WampOutcome<T>)> callback) const {
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->outcome) {
      // The state holds this only until the answer is there.
      state_->on_outcome = [state = state_, callback = std::move(callback)] { callback(*state->outcome); };
      return;
    }
  }
  callback(*state_->outcome);
}

template <class T>
bool WampPending<T>::await_suspend(std::coroutine_handle<> waiting) const {
  const std::lock_guard lock(state_->mutex);
  if (state_->outcome) return false;
  state_->on_outcome = [waiting] { waiting.resume(); };
  return true;
}

template <class T>
void WampPending<T>::send_more(WampList args, WampMap kwargs, More more) const {
  std::function<void(WampList, WampMap, bool)> send;
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->outcome) send = state_->send_more;
  }
  if (send) send(std::move(args), std::move(kwargs), more == More::follows);
}

template <class T>
void WampPending<T>::cancel(WampCancel mode) const {
  std::function<void(WampCancel)> cancel;
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->outcome) cancel = state_->cancel;
  }
  if (cancel) cancel(mode);
}

}  // namespace crosspoint
