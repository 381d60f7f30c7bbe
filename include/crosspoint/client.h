#pragma once
// A client of a Crosspoint relay (or of any relay that speaks its protocol) for programs: connects to a
// topic, keeps coming back, sends and receives whole messages. C++20, the standard library only.
//
//   crosspoint::Client::Options options;
//   options.url = "https://lab.example/access/session/rig01-st-data";  // or ws://…, without a token
//   options.token = token;
//   options.on_message = [](crosspoint::Client::Type, std::string_view message) { … };
//   std::string problem;
//   auto client = crosspoint::Client::open(options, problem);
//   if (!client) …                                                  // problem is a sentence
//   client->send(crosspoint::Client::Type::text, "{\"cmd\":\"start\"}");
//
// Threads. Each client has one thread for the network, which answers pings and reads on however slow the
// program is. Callbacks run in a second thread of the client, one at a time; or, with Delivery::pumped,
// inside poll(), in whatever thread calls it. Every member function may be called from every thread,
// callbacks included.
//
// What waits for the program is bounded, and so is what waits for the network. A full receive queue loses its
// oldest messages (or the newest, as `overflow` says), which status() counts; a full send queue refuses,
// which send() tells. Nothing is kept for a relay that is not there: what was sent while the client was not
// connected is refused, and what waited when a connection broke is gone.
//
// Reconnecting. The first attempt is made at once; after failures it waits 1, 2, 4, 8, 10, 10 … s, each up to
// a fifth longer, after a connection that lived for more than ten seconds half a second at most. With an http
// or https address every attempt asks the access service for a fresh address. It never gives up by itself.
//
// Neither token nor code is ever in a Status. Nothing here throws but what the standard library does when
// memory runs out; exceptions must not leave callbacks.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace crosspoint {

class Client {
 public:
  enum class Type { text, binary };

  enum class State {
    connecting,
    connected,
    waiting,  // for the next attempt
    closed,   // for good, by close()
  };

  struct Status {
    State state = State::connecting;
    std::uint64_t attempts = 0;
    std::uint64_t connections = 0;  // attempts that succeeded
    std::string last_error;         // a sentence; empty while nothing went wrong
    std::uint64_t messages_received = 0;
    std::uint64_t messages_lost = 0;  // received, and thrown away because the program was too slow
  };

  enum class Delivery { own_thread, pumped };
  enum class Overflow { drop_oldest, drop_newest };

  struct Options {
    // ws, wss: opened as it is. http, https: an access service, which gives an address for the token.
    std::string url;
    // What is shown: to the access service, or, with a ws or wss address, to the relay as the first message.
    std::string token;
    // The same from a file, read anew for each attempt; one that everybody may read is refused.
    std::string token_file;

    std::string ca_file;                            // PEM: trust these authorities, not the system's
    std::string http_proxy, https_proxy, no_proxy;  // as the variables of these names spell them
    std::string user_agent = "crosspoint-client";

    std::size_t message_bytes_max = 10 * 1024 * 1024;  // a longer one ends the connection (1009)
    std::size_t receive_messages_max = 4096;           // that wait for the program
    std::size_t receive_bytes_max = 64 * 1024 * 1024;
    Overflow overflow = Overflow::drop_oldest;
    std::size_t send_bytes_max = 16 * 1024 * 1024;  // that wait for the network

    Delivery delivery = Delivery::own_thread;
    // The view is valid until the callback returns. Text is valid UTF-8.
    std::function<void(Type, std::string_view)> on_message;
    // After a change; of several changes that the program was too slow for, only the latest is told.
    std::function<void(const Status&)> on_state;
  };

  enum class Sent {
    yes,  // it waits for the network, or is on its way; whether it arrives nobody knows
    not_connected,
    queue_full,
    not_utf8,  // text must be
    too_long,  // for Options::message_bytes_max
  };

  // Begins at once. Null, and a sentence in `problem`, when the options cannot be right.
  static std::unique_ptr<Client> open(Options options, std::string& problem);
  // Closes, and waits for a callback that is running. Must not be called inside a callback.
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  Sent send(Type type, std::string_view message);
  Status status() const;
  bool wait_until_connected(std::chrono::milliseconds limit) const;

  // Delivery::pumped: runs callbacks for what has come, waiting for the first so long. How many it ran. Only
  // one thread at a time.
  std::size_t poll(std::chrono::milliseconds limit = std::chrono::milliseconds(0));

  // Says goodbye (1000). What waits to be sent goes first, for a second at most. Callbacks for what had come
  // still run.
  void close();

 private:
  class Implementation;
  explicit Client(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace crosspoint
