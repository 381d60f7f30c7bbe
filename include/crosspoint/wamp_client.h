#pragma once
// A WAMP client for programs: joins a realm of a router, keeps coming back, calls procedures and offers them,
// publishes and subscribes. C++20, the standard library only.
//
//   crosspoint::WampClient::Options options;
//   options.url = "ws://127.0.0.1:8080/ws";   // or wss://, rs:// and rss:// (RawSocket), unix:/run/x.sock
//   options.realm = "realm1";
//   std::string problem;
//   auto client = crosspoint::WampClient::open(options, problem);
//   if (!client) …                                                 // problem is a sentence
//
//   client->register_procedure("com.lab.move", [](WampClient::Invocation call) {
//     stage.move_to(call.args()[0].number().value_or(0));
//     call.answer({stage.position()});
//   });
//   client->subscribe("com.lab.alarm", [](const WampClient::Event& event) { … });
//   client->wait_until_joined(10s);
//   auto sum = client->call("com.example.add", {1, 2}).get();      // or, in a coroutine: co_await
//   client->call(…) if (sum) use(sum->value().integer()); else log(sum.error().sentence);
//
// Without a session, calls and publications fail at once with crosspoint.error.not_joined; what was under way
// when a session ended fails with crosspoint.error.connection_lost, and nobody knows how far it came.
// Subscriptions and registrations last until they are given up: they may be made before there is a session,
// and each new session has them again.
//
// Answers. What a call and the like return is a Pending: wait for it with get(), give it a callback with
// then(), or co_await it in a coroutine of whatever type (WampTask is one that runs by itself). It may also
// be thrown away; the call is made all the same.
//
// Threads. The client has one thread for the network. Callbacks run in a second one, one at a time, and so do
// coroutines after they waited; or, with Delivery::pumped, inside poll(), in whatever thread calls it. Every
// member function may be called from every thread, callbacks included; get() in a callback keeps other
// callbacks waiting, but not the answer itself.
//
// What waits for the program is bounded: of events the oldest are lost, and counted in status(). What waits
// for the network is bounded too: calls and publications then fail with crosspoint.error.queue_full.
//
// Errors are values; nothing here throws but what the standard library does when memory runs out. Exceptions
// must not leave callbacks or handlers.

#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <crosspoint/wamp_value.h>

namespace crosspoint {

// A coroutine that begins when it is called, and goes when it is done; nobody waits for it. For handlers:
//
//   WampTask scan(WampClient& client, WampClient::Invocation call) {
//     auto ready = co_await client.call("com.lab.shutter.open");
//     if (!ready) co_return call.fail("com.lab.error.shutter", {ready.error().sentence});
//     …
struct WampTask {
  struct promise_type {
    WampTask get_return_object() const noexcept { return {}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }
  };
};

class WampClient {
 public:
  using Value = WampValue;
  using List = WampValue::List;
  using Map = WampValue::Map;

  struct Error {
    std::string uri;       // "wamp.error.no_such_procedure", a callee's own, or crosspoint.error.…
    std::string sentence;  // for people: what this side has to say, or the first argument if it is text
    List args;
    Map kwargs;
  };

  // Either what was asked for, or why not. Look before you take: *outcome of a failed one is undefined.
  template <class T>
  class Outcome {
   public:
    Outcome(T value) : held_(std::in_place_index<0>, std::move(value)) {}
    Outcome(Error error) : held_(std::in_place_index<1>, std::move(error)) {}
    explicit operator bool() const { return held_.index() == 0; }
    T& operator*() { return *std::get_if<0>(&held_); }
    const T& operator*() const { return *std::get_if<0>(&held_); }
    T* operator->() { return std::get_if<0>(&held_); }
    const T* operator->() const { return std::get_if<0>(&held_); }
    const Error& error() const { return *std::get_if<1>(&held_); }

   private:
    std::variant<T, Error> held_;
  };

  // An answer that is on its way. Copies wait for the same one; then() and co_await are for one of them.
  template <class T>
  class Pending {
   public:
    // Waits for it.
    Outcome<T> get() const;
    // Calls back where callbacks run; at once, here, if the answer has come already.
    void then(std::function<void(Outcome<T>)> callback) const;
    // Of a call: the router is asked to end it. An answer comes in any case.
    void cancel() const;

    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> waiting) const;
    Outcome<T> await_resume() const { return get(); }

   private:
    friend class WampClient;
    struct State;
    explicit Pending(std::shared_ptr<State> state) : state_(std::move(state)) {}
    std::shared_ptr<State> state_;
  };

  struct Result {
    List args;
    Map kwargs;
    const Value& value() const;  // the first of args, or null
  };

  // Another client, as far as the router says who it is.
  struct Peer {
    std::uint64_t session = 0;  // 0: not said
    std::string authid, authrole;
  };

  struct Event {
    std::string topic;  // as it was published, also where a pattern was subscribed to
    List args;
    Map kwargs;
    std::uint64_t publication = 0;
    Peer publisher;
    bool retained = false;
  };

  // One call of a procedure of ours, to be answered once, now or later, in any thread. One that goes without
  // an answer is answered with wamp.error.runtime_error.
  class Invocation {
   public:
    Invocation(Invocation&&) noexcept;
    Invocation& operator=(Invocation&&) noexcept;
    ~Invocation();

    const std::string& procedure() const;  // as it was called
    const List& args() const;
    const Map& kwargs() const;
    const Peer& caller() const;
    bool wants_progress() const;  // progress() is for the caller that asked for it

    void progress(List args = {}, Map kwargs = {});
    void answer(List args = {}, Map kwargs = {});
    void fail(std::string_view uri, List args = {}, Map kwargs = {});

    // The caller wants no answer any more, or cannot get one.
    bool cancelled() const;
    // Called once when that happens, where callbacks run; at once if it has. One callback.
    void on_cancel(std::function<void()> callback);

   private:
    friend class WampClient;
    struct State;
    explicit Invocation(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
  };

  struct Subscription {
    std::uint64_t id = 0;
  };
  struct Registration {
    std::uint64_t id = 0;
  };

  enum class Match { exact, prefix, wildcard };
  enum class Invoke { single, roundrobin, random, first, last };

  struct CallOptions {
    std::chrono::milliseconds timeout{0};  // 0: none
    bool disclose_me = false;
    // Asks the callee for parts of the result as they come; called where callbacks run.
    std::function<void(const Result&)> on_progress;
  };
  struct PublishOptions {
    bool acknowledge = false;  // wait for the router's word
    bool exclude_me = true;
    bool retain = false;
    bool disclose_me = false;
  };
  struct SubscribeOptions {
    Match match = Match::exact;
    bool get_retained = false;  // the latest retained event comes at once
  };
  struct RegisterOptions {
    Match match = Match::exact;
    Invoke invoke = Invoke::single;
    std::uint64_t concurrency = 0;  // calls at once; 0: any number
    bool force = false;             // who has it now has to go
  };

  enum class State {
    connecting,
    joined,
    waiting,  // for the next attempt
    closed,   // for good, by close()
  };
  struct Status {
    State state = State::connecting;
    std::uint64_t attempts = 0;
    std::uint64_t sessions = 0;  // attempts that succeeded
    std::string last_error;      // a sentence; empty while nothing went wrong
    bool refused = false;        // of last_error: the router said no, and will hardly change its mind
    std::uint64_t events_lost = 0;
    // Of the latest session.
    std::uint64_t session = 0;
    std::string realm, authid, authrole;
  };

  enum class Serializer { json, msgpack, cbor };
  enum class Delivery { own_thread, pumped };

  struct Options {
    std::string url = "ws://127.0.0.1:8080/ws";
    std::string realm = "realm1";
    Serializer serializer = Serializer::cbor;

    // Who this is. At most one of ticket, secret (WAMP-CRA) and key (cryptosign: an Ed25519 key as PEM, or
    // the 64 hexadecimal digits of its seed); none: anonymous. What is not given is not fallen back to.
    std::string authid, ticket, secret, key;

    std::string ca_file;                            // PEM: trust these authorities, not the system's
    std::string http_proxy, https_proxy, no_proxy;  // as the variables of these names spell them; for ws, wss
    std::string user_agent = "crosspoint-client";

    std::size_t message_bytes_max = std::size_t{16} * 1024 * 1024;  // a longer one ends the connection
    std::size_t events_max = 4096;                                  // that wait for the program
    std::size_t event_bytes_max = std::size_t{64} * 1024 * 1024;
    std::size_t send_bytes_max = std::size_t{16} * 1024 * 1024;  // that wait for the network

    Delivery delivery = Delivery::own_thread;
    // After a change; of several changes that the program was too slow for, only the latest is told.
    std::function<void(const Status&)> on_state;
    // A subscription or registration that was granted once is no more: the router took it back, or did not
    // grant it again in a new session.
    std::function<void(const std::string& uri, const Error&)> on_lost;
  };

  // Begins at once. Null, and a sentence in `problem`, when the options cannot be right.
  static std::unique_ptr<WampClient> open(Options options, std::string& problem);
  // Says goodbye, and waits for a callback that is running. What is still pending fails with
  // crosspoint.error.connection_lost, whose callbacks and coroutines run before this returns. Must not be
  // called inside a callback.
  ~WampClient();
  WampClient(const WampClient&) = delete;
  WampClient& operator=(const WampClient&) = delete;

  Pending<Result> call(std::string_view procedure, List args = {}, Map kwargs = {});
  Pending<Result> call(std::string_view procedure, List args, Map kwargs, CallOptions options);
  // The number is that of the publication, and 0 where none was to be acknowledged.
  Pending<std::uint64_t> publish(std::string_view topic, List args = {}, Map kwargs = {});
  Pending<std::uint64_t> publish(std::string_view topic, List args, Map kwargs, PublishOptions options);
  // The first session's word on it: until there is one, it is pending.
  Pending<Subscription> subscribe(std::string_view topic, std::function<void(const Event&)> handler);
  Pending<Subscription> subscribe(std::string_view topic, std::function<void(const Event&)> handler,
                                  SubscribeOptions options);
  Pending<Registration> register_procedure(std::string_view procedure,
                                           std::function<void(Invocation)> handler);
  Pending<Registration> register_procedure(std::string_view procedure,
                                           std::function<void(Invocation)> handler, RegisterOptions options);
  // No call of the handler begins after this returns, but in another thread one may be running.
  void unsubscribe(Subscription subscription);
  void unregister(Registration registration);

  Status status() const;
  bool wait_until_joined(std::chrono::milliseconds limit) const;

  // Delivery::pumped: runs callbacks for what has come, waiting for the first so long. How many it ran. Only
  // one thread at a time.
  std::size_t poll(std::chrono::milliseconds limit = std::chrono::milliseconds(0));

  // Says goodbye (wamp.close.close_realm). Nothing is called, published or offered afterwards.
  void close();

 private:
  class Implementation;
  class Door;
  explicit WampClient(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

// ---- What templates need.

template <class T>
struct WampClient::Pending<T>::State {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Outcome<T>> outcome;
  std::function<void()> on_outcome;
  std::function<void()> cancel;
};

template <class T>
WampClient::Outcome<T> WampClient::Pending<T>::get() const {
  std::unique_lock lock(state_->mutex);
  state_->changed.wait(lock, [this] { return state_->outcome.has_value(); });
  return *state_->outcome;
}

template <class T>
void WampClient::Pending<T>::then(std::function<void(Outcome<T>)> callback) const {
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
bool WampClient::Pending<T>::await_suspend(std::coroutine_handle<> waiting) const {
  const std::lock_guard lock(state_->mutex);
  if (state_->outcome) return false;
  state_->on_outcome = [waiting] { waiting.resume(); };
  return true;
}

template <class T>
void WampClient::Pending<T>::cancel() const {
  std::function<void()> cancel;
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->outcome) cancel = state_->cancel;
  }
  if (cancel) cancel();
}

}  // namespace crosspoint
