#pragma once
// WampClient::Implementation: include/crosspoint/wamp_client.h on top of Link. One thread turns a loop that
// only the network is on, another one delivers. What they share is behind one lock; what the program asks
// goes to the loop as an order.
//
// A Promise is the other end of a Pending, and keeps its word: one that goes without an answer gives
// "closed". So whatever holds promises — orders that were never carried out, calls that were never answered —
// may simply be dropped at the end.

#include <crosspoint/wamp_client.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "base/random.h"
#include "net/system_clock.h"
#include "net/system_loop.h"
#include "net/system_network.h"
#include "wamp/client/inbox.h"
#include "wamp/client/io/link.h"
#include "wamp/client/io/program_plan.h"
#include "wamp/client/public_value.h"

namespace crosspoint {

namespace wamp::client {
WampClient::Error to_error(const Failure& failure);
WampClient::Error closed_error();
WampClient::Error too_slow_error();
WampClient::Error queue_full_error();
// What an exception says that is being handled.
std::string words_of_current_exception();
}  // namespace wamp::client

// What handles of the client go through, since they may outlive it.
class WampClient::Door {
 public:
  using Order = std::move_only_function<void(Implementation&)>;
  explicit Door(Implementation& client) : client_(&client) {}
  void order(Order order);
  void shut() {
    const std::lock_guard lock(mutex_);
    client_ = nullptr;
  }

 private:
  std::mutex mutex_;
  Implementation* client_;
};

class WampClient::Implementation final : private wamp::client::LinkEvents {
 public:
  template <class T>
  class Promise {
   public:
    Promise() = default;
    Promise(std::shared_ptr<typename Pending<T>::State> state, Implementation& client)
        : state_(std::move(state)), client_(&client) {}
    Promise(Promise&&) noexcept = default;
    Promise& operator=(Promise&&) noexcept = default;
    ~Promise() { keep(wamp::client::closed_error()); }
    // `bytes`: what the outcome takes until it is taken.
    void keep(Outcome<T> outcome, std::size_t bytes = 0);

   private:
    std::shared_ptr<typename Pending<T>::State> state_;
    Implementation* client_ = nullptr;
  };
  template <class T>
  std::pair<Pending<T>, Promise<T>> make_pending() {
    auto state = std::make_shared<typename Pending<T>::State>();
    return {Pending<T>(state), Promise<T>(state, *this)};
  }

  Implementation(Options options, wamp::client::ProgramPlan plan);
  // Once, before it is destroyed, and while the program may still call it.
  void end();

  Pending<Result> call(std::string_view procedure, const List& args, const Map& kwargs, CallOptions options);
  Pending<std::uint64_t> publish(std::string_view topic, const List& args, const Map& kwargs,
                                 const PublishOptions& options);
  Pending<Subscription> subscribe(std::string_view topic, std::function<void(const Event&)> handler,
                                  const SubscribeOptions& options);
  Pending<Registration> register_procedure(std::string_view procedure,
                                           std::function<void(Invocation)> handler,
                                           const RegisterOptions& options);
  Pending<Done> give_up(std::uint64_t handle);
  Pending<Done> add_testament(std::string_view topic, const List& args, const Map& kwargs,
                              const TestamentOptions& options);
  Pending<Done> flush_testaments();

  Status status() const;
  bool wait_until_joined(std::chrono::milliseconds limit) const;
  std::size_t poll(std::chrono::milliseconds limit);
  void close();

  // For the door and the handles.
  // Whether that much more may wait for the network's thread to pick it up; then it counts from now on.
  bool has_room_for_order(std::size_t bytes);
  void order(Door::Order order);
  void deliver(wamp::client::Inbox::Kind kind, std::size_t bytes, std::function<void()> run);
  bool has_room_for(std::size_t bytes) const;
  wamp::client::Link& link() { return link_; }
  void forget(wamp::client::InvocationId id) { invocations_.erase(id); }
  // Of a callback, or of a coroutine that one resumed; in its thread.
  void note_exception(const std::string& what);
  // Whose callback this thread runs; null: none's.
  static Implementation* running();

 private:
  // What the program gave for a topic or a procedure. Shared with what waits to be delivered.
  struct Handler {
    std::string uri;
    std::function<void(const Event&)> on_event;
    std::function<void(Invocation)> on_invocation;
    std::atomic<bool> given_up{false};
  };
  struct OpenCall {
    Promise<Result> promise;
    std::shared_ptr<std::function<void(const Result&)>> on_progress;
    std::optional<WampPassthru> passthru = {};  // of the payload that comes next
  };
  // Arguments of wamp.session.add_testament, for each session anew.
  struct Testament {
    wamp::KeptPayload payload;
    Promise<Done> promise;  // until a router has answered
  };
  struct Wish {
    std::uint64_t handle;
    std::shared_ptr<Handler> handler;
    Promise<Subscription> subscription;
    Promise<Registration> registration;
    bool granted = false;
  };

  // On the network's thread.
  void carry_out();
  void on_challenge(std::string_view method, Bytes extra) override;
  void on_joined(const wamp::client::Joined& joined) override;
  void on_link_changed() override;
  void on_closed() override;
  void on_pass_through(wamp::client::CallId call, const wamp::PassThrough& how) override;
  void on_progress(wamp::client::CallId call, const wamp::Payload& payload) override;
  void on_result(wamp::client::CallId call,
                 const crosspoint::Result<wamp::Payload, wamp::client::Failure>& result) override;
  void on_published(wamp::client::PublishId id,
                    const crosspoint::Result<wamp::PublicationId, wamp::client::Failure>& result) override;
  void on_granted(wamp::client::WishId id) override;
  void on_denied(wamp::client::WishId id, const wamp::client::Failure& failure) override;
  void on_withdrawn(wamp::client::WishId id,
                    const crosspoint::Result<void, wamp::client::Failure>& result) override;
  void on_event(wamp::client::WishId id, const wamp::Event& event) override;
  void on_invocation(wamp::client::WishId id, const wamp::client::Invoked& invoked) override;
  void on_more(wamp::client::InvocationId id, const wamp::Payload& payload, bool more_follows) override;
  void on_interrupt(wamp::client::InvocationId id) override;
  // Why such a payload cannot be passed through; nothing: it can, or is not to be.
  std::optional<Error> misuse(const List& args, const Map& kwargs,
                              const std::optional<WampPassthru>& how) const;
  void send_more(wamp::client::CallId call, const wamp::Payload& payload, bool follows);
  void say_testament(std::uint64_t number, Testament& testament);
  bool take_testament_result(wamp::client::CallId call,
                             const crosspoint::Result<wamp::Payload, wamp::client::Failure>& result);
  std::uint64_t keep_handler(const std::shared_ptr<Handler>& handler);
  void change_status(const std::function<void(Status&)>& change);
  // Nothing is carried out any more, and whatever waits for an answer has one.
  void fail_everything();

  // On the program's, or the delivery thread.
  void deliver_all();
  void run(wamp::client::Inbox::Item item);
  void handle(const std::shared_ptr<Handler>& handler, const std::shared_ptr<Invocation::State>& state);
  bool work_or_end() const { return !inbox_.empty() || ending_; }

  const Options options_;
  const data::Format format_;
  const std::shared_ptr<Door> door_ = std::make_shared<Door>(*this);

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  wamp::client::Inbox inbox_;  // guarded by mutex_, as are the next ones
  Status status_;
  std::deque<Door::Order> orders_;
  std::size_t ordered_bytes_ = 0;                                         // of what orders_ are to send
  std::unordered_map<std::uint64_t, std::shared_ptr<Handler>> handlers_;  // by the program's handle
  std::uint64_t handles_ = 0;
  bool closing_ = false;
  bool over_ = false;    // no order is carried out any more
  bool ending_ = false;  // the delivery thread ends once the inbox is empty

  const net::SystemClock clock_;
  net::SystemLoop loop_{clock_};
  net::SystemNetwork network_;
  SystemRandom random_;
  std::unique_ptr<net::TlsContext> tls_;
  // The network thread's, from the first order on.
  std::map<wamp::client::CallId, OpenCall> calls_;
  std::map<wamp::client::PublishId, Promise<std::uint64_t>> publications_;
  std::map<wamp::client::WishId, Wish> wishes_;
  std::map<wamp::client::WishId, Promise<Done>> withdrawals_;
  std::map<wamp::client::InvocationId, std::weak_ptr<Invocation::State>> invocations_;
  std::map<std::uint64_t, Testament> testaments_;  // in their order
  std::map<wamp::client::CallId, std::uint64_t> testament_calls_;
  std::map<wamp::client::CallId, Promise<Done>> flush_calls_;
  std::uint64_t last_testament_ = 0;
  wamp::client::Link link_;

  std::thread network_thread_;
  std::thread delivery_thread_;
};

// A callback that waits goes through the inbox, where there must be room for what it is given.
template <class T>
void WampClient::Implementation::Promise<T>::keep(Outcome<T> outcome, std::size_t bytes) {
  const auto state = std::exchange(state_, nullptr);
  if (!state) return;
  std::function<void()> then;
  std::function<void(Cancel)> cancel;
  std::function<void(List, Map, bool)> send_more;
  {
    const std::lock_guard lock(state->mutex);
    if (state->on_outcome && !client_->has_room_for(bytes)) {
      state->outcome.emplace(wamp::client::too_slow_error());
      bytes = 0;
    } else {
      state->outcome.emplace(std::move(outcome));
    }
    then = std::exchange(state->on_outcome, nullptr);
    cancel = std::exchange(state->cancel, nullptr);
    send_more = std::exchange(state->send_more, nullptr);
  }
  state->changed.notify_all();
  if (then) client_->deliver(wamp::client::Inbox::Kind::answer, bytes, std::move(then));
}

struct WampInvocation::State {
  std::shared_ptr<WampClient::Door> door;
  wamp::client::InvocationId id{};
  data::Format format{};
  std::string procedure;
  WampPeer caller;
  bool wants_progress = false;
  bool more_follows = false;  // behind the first arguments
  std::optional<WampPassthru> passthru;
  std::optional<std::chrono::steady_clock::time_point> deadline;
  wamp::KeptPayload payload;
  WampList args;
  WampMap kwargs;

  std::mutex mutex;  // for the rest
  bool answered = false;
  bool cancelled = false;
  bool in_handler = false;  // whose end says what becomes of an invocation that was dropped in it
  bool dropped = false;
  std::function<void()> on_cancel;
  std::shared_ptr<std::function<void(const WampMore&)>> on_more;  // may hold the invocation itself
  std::deque<WampMore> more;                                      // that came before there was on_more

  void take_more(WampMore part);  // where callbacks run
  void answer(const WampList& with, const WampMap& by_name, const std::optional<WampPassthru>& how = {});
  void fail(std::string_view uri, const WampList& with, const WampMap& by_name);
};

}  // namespace crosspoint
