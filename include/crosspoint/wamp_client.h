#pragma once
// A WAMP client for programs: joins a realm of a router, keeps coming back, calls procedures and offers them,
// publishes and subscribes. C++20, the standard library only. A whole program (examples/stage.cpp):
//
//   #include <crosspoint/wamp_client.h>
//   #include <cstdio>
//
//   using crosspoint::WampClient;
//
//   int main(int argc, char** argv) {
//     WampClient::Options options;
//     options.url = argc > 1 ? argv[1] : "ws://127.0.0.1:8080/ws";  // wss:, rs:, rss: (RawSocket), unix:
//     options.realm = "realm1";
//     double position = 0;
//     std::string problem;
//     const auto client = WampClient::open(options, problem);
//     if (!client) return std::fprintf(stderr, "%s\n", problem.c_str()), 1;
//
//     client->register_procedure("com.example.stage.move", [&](WampClient::Invocation call) {
//       auto in = call.arguments();
//       const double to = in.number("to");
//       if (!in) return call.reject(in.problem());
//       position = to;
//       call.answer({position}, {{"unit", "mm"}});
//     });
//     client->subscribe("com.example.stage.moved", [](const WampClient::Event& event) {
//       std::printf("moved to %s\n", event.args[0].to_json().c_str());
//     });
//     if (!client->wait_until_joined(std::chrono::seconds(10)))
//       return std::fprintf(stderr, "%s\n", client->status().last_error.c_str()), 1;
//
//     const auto moved = client->call("com.example.stage.move", {}, {{"to", 2.5}}).get();
//     if (!moved) return std::fprintf(stderr, "%s\n", moved.error().sentence.c_str()), 1;
//     std::printf("%s\n", moved->value().to_json().c_str());
//     return 0;
//   }
//
// The words that it is told in: values (wamp_value.h), calls and events that come (wamp_messages.h), reading
// what is in them (wamp_arguments.h), answers that are waited for (wamp_pending.h), options (wamp_options.h).
//
// Without a session, calls and publications fail at once with crosspoint.error.not_joined; what was under way
// when a session ended fails with crosspoint.error.connection_lost, and nobody knows how far it came.
// Subscriptions and registrations last until they are given up: they may be made before there is a session,
// and each new session has them again.
//
// Threads. The client has one thread for the network. Callbacks run in a second one, one at a time, and so do
// coroutines after they waited; or, with Delivery::pumped, inside poll(), in whatever thread calls it. Every
// member function may be called from every thread, callbacks included; get() in a callback keeps other
// callbacks waiting, but not the answer itself.
//
// What waits is bounded, for the program and for the network: wamp_options.h says by what, and what happens
// then. Calls and publications that the network has no room for fail with crosspoint.error.queue_full.
//
// Errors are values; nothing here throws but what the standard library does when memory runs out. What a
// handler of the program's throws becomes wamp.error.runtime_error with its text for whoever called; from
// other callbacks it is told to Options::on_exception, and counted.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <crosspoint/wamp_messages.h>
#include <crosspoint/wamp_options.h>
#include <crosspoint/wamp_pending.h>
#include <crosspoint/wamp_value.h>

namespace crosspoint {

class WampClient {
 public:
  using Value = WampValue;
  using List = WampList;
  using Map = WampMap;
  using Error = WampError;
  template <class T>
  using Outcome = WampOutcome<T>;
  template <class T>
  using Pending = WampPending<T>;
  using Cancel = WampCancel;
  using Peer = WampPeer;
  using Passthru = WampPassthru;
  using Result = WampResult;
  using Event = WampEvent;
  using More = WampMore;
  using Invocation = WampInvocation;
  using Match = WampMatch;
  using Invoke = WampInvoke;
  using CallOptions = WampCallOptions;
  using PublishOptions = WampPublishOptions;
  using SubscribeOptions = WampSubscribeOptions;
  using RegisterOptions = WampRegisterOptions;
  using TestamentOptions = WampTestamentOptions;
  using Status = WampStatus;
  using State = WampStatus::State;
  using Options = WampClientOptions;
  using Serializer = WampClientOptions::Serializer;
  using Delivery = WampClientOptions::Delivery;

  struct Subscription {
    std::uint64_t id = 0;
  };
  struct Registration {
    std::uint64_t id = 0;
  };
  struct Done {};

  // Begins at once. Null, and a sentence in `problem`, when the options cannot be right.
  static std::unique_ptr<WampClient> open(Options options, std::string& problem);
  // Says goodbye, and waits for a callback that is running. What is still pending fails with
  // crosspoint.error.closed or connection_lost, whose callbacks and coroutines run before this returns. Must
  // not be called inside a callback.
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
  // No call of the handler begins after this returns, but in another thread one may be running. Done: the
  // router knows; or there is nothing that it would have to be told, since there is no session.
  Pending<Done> unsubscribe(Subscription subscription);
  Pending<Done> unregister(Registration registration);

  // An event that the router publishes when a session of ours is over, however it ends; of each session, from
  // now or from its beginning on. Done: the router of the first one has it.
  Pending<Done> add_testament(std::string_view topic, List args = {}, Map kwargs = {},
                              TestamentOptions options = {});
  // None any more, of this session either.
  Pending<Done> flush_testaments();

  Status status() const;
  // Ends early when there will be no session: closed, or refused (Status::refused), by a wrong ticket for
  // instance. The client goes on trying all the same.
  bool wait_until_joined(std::chrono::milliseconds limit) const;

  // Delivery::pumped: runs callbacks for what has come, waiting for the first so long. How many it ran. Only
  // one thread at a time.
  std::size_t poll(std::chrono::milliseconds limit = std::chrono::milliseconds(0));

  // Says goodbye (wamp.close.close_realm). What is pending fails, and what is asked afterwards, with
  // crosspoint.error.closed.
  void close();

 private:
  class Implementation;
  class Door;
  friend class WampInvocation;
  friend struct WampTask;
  explicit WampClient(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace crosspoint
