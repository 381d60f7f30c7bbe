#pragma once
// What a WampClient, and what it is asked to do, may be told: every option, and its default. C++20, the
// standard library only.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <crosspoint/wamp_messages.h>
#include <crosspoint/wamp_pending.h>

namespace crosspoint {

enum class WampMatch {
  exact,
  prefix,    // "com.lab." is everything that begins so
  wildcard,  // "com..temperature": an empty component stands for any
};
// Which of several callees of one procedure gets a call.
enum class WampInvoke { single, roundrobin, random, first, last };

struct WampCallOptions {
  std::chrono::milliseconds timeout{0};  // 0: none
  bool disclose_me = false;              // tell the callee who calls
  bool more_follows = false;             // of the arguments: WampPending::send_more()
  // The only argument is binary, and to be read so (Options::passthru).
  std::optional<WampPassthru> passthru = {};
  // Asks the callee for parts of the result as they come; called where callbacks run, each once.
  std::function<void(const WampResult&)> on_progress;
};

struct WampPublishOptions {
  bool acknowledge = false;  // wait for the router's word
  bool exclude_me = true;
  bool retain = false;
  bool disclose_me = false;  // tell subscribers who publishes
  // Who gets the event: sessions, and who has one of these names or roles. Lists that are absent let
  // everybody through; an empty one of those who are eligible is nobody.
  std::optional<std::vector<std::uint64_t>> eligible = {}, exclude = {};
  std::optional<std::vector<std::string>> eligible_authid = {}, eligible_authrole = {};
  std::optional<std::vector<std::string>> exclude_authid = {}, exclude_authrole = {};
  // The only argument is binary, and to be read so (Options::passthru).
  std::optional<WampPassthru> passthru = {};
};

struct WampSubscribeOptions {
  WampMatch match = WampMatch::exact;
  bool get_retained = false;  // the latest retained event comes at once
};

struct WampRegisterOptions {
  WampMatch match = WampMatch::exact;
  WampInvoke invoke = WampInvoke::single;
  std::uint64_t concurrency = 0;  // calls at once; 0: any number
  bool force = false;             // who has it now has to go
  bool disclose_caller = false;   // be told who calls, whether they say so or not
  bool progressive = false;       // arguments may come in parts: WampInvocation::on_more(). Else they may not
  bool forward_timeout = false;   // calls' timeouts are ours to keep: WampInvocation::time_left()
};

// What becomes of a session that is no more, for those who are: an event that the router publishes then.
struct WampTestamentOptions {
  bool retain = false;
  bool exclude_me = true;
  bool disclose_me = false;
};

struct WampStatus {
  enum class State {
    connecting,
    joined,
    waiting,  // for the next attempt
    closed,   // for good, by close(), or after attempts_max
  };
  State state = State::connecting;
  std::uint64_t attempts = 0;
  std::uint64_t sessions = 0;  // attempts that succeeded
  std::string last_error;      // a sentence; empty while nothing went wrong
  bool refused = false;        // of last_error: the router did not let us in, and will hardly change its mind
  std::uint64_t events_lost = 0;
  std::uint64_t exceptions = 0;  // that left callbacks and handlers
  // Of the latest session.
  std::uint64_t session = 0;
  std::string realm, authid, authrole, authmethod, authprovider;
  WampMap authextra;
};

// What a router asks of a client, by a method that this library does not know.
struct WampChallenge {
  std::string method;
  WampMap extra;
};
struct WampChallengeAnswer {
  std::string signature;
  WampMap extra;
};

struct WampClientOptions {
  // UBJSON has two dialects of one name: Draft 12, and its successor. The router must be set to the same.
  enum class Serializer { json, msgpack, cbor, ubjson, bjdata };
  enum class Delivery { own_thread, pumped };

  std::string url = "ws://127.0.0.1:8080/ws";
  std::string realm = "realm1";
  Serializer serializer = Serializer::cbor;

  // Who this is. At most one of ticket, secret (WAMP-CRA), password (SCRAM) and key (cryptosign: an Ed25519
  // key as PEM, or the 64 hexadecimal digits of its seed); none: anonymous. What is not given is not fallen
  // back to. With a password the router must prove that it knows it, too.
  std::string authid, ticket, secret, password, key;
  // "tls-exporter", or "tls-unique" (TLS 1.2): what key or password prove is good on this connection alone,
  // so that nobody who ends TLS in between can use it.
  std::string channel_binding;
  // PEM: shown to a server that asks for one. Alone, it is the login as well (method tls).
  std::string certificate_file, certificate_key_file;
  // Methods of the program's own, offered before any of these, with what HELLO is to bring for them.
  // on_challenge answers them, where callbacks run; nothing: it does not.
  std::vector<std::string> authmethods;
  WampMap authextra;
  std::function<std::optional<WampChallengeAnswer>(const WampChallenge&)> on_challenge;

  std::string ca_file;                            // PEM: trust these authorities, not the system's
  std::string http_proxy, https_proxy, no_proxy;  // as the variables of these names spell them; for ws, wss
  std::string user_agent = "crosspoint-client";

  // A router gives a call to another callee of its (shared) procedure when the first one answers
  // wamp.error.unavailable, or goes away before it answers, if caller and callee both agree to it. Then a
  // call may be carried out twice: once by whoever went away in the middle of it.
  bool reroute = false;
  // Payloads may be passed through (WampPassthru): this program looks at what comes before it reads it.
  // Without it none may be sent, and none comes.
  bool passthru = false;

  std::chrono::milliseconds connect_time_max{
      15'000};                                   // for the connection, and as long again for the session
  std::chrono::milliseconds retry_first{1'000};  // between attempts; doubles with each that failed
  std::chrono::milliseconds retry_longest{10'000};
  std::uint64_t attempts_max = 0;  // that fail in a row; then it is closed. 0: any number

  std::size_t message_bytes_max = std::size_t{16} * 1024 * 1024;  // a longer one ends the connection
  std::size_t send_bytes_max = std::size_t{16} * 1024 * 1024;     // that wait for the network
  // That wait for the program. Of events the oldest are lost, and counted.
  std::size_t events_max = 4096;
  std::size_t event_bytes_max = std::size_t{64} * 1024 * 1024;
  // Of the calls of our procedures that wait for their handlers; further ones are answered with
  // wamp.error.unavailable. And of results, with and without progress: a call whose result there is no room
  // for fails with crosspoint.error.too_slow. Nothing of them is lost unsaid.
  std::size_t invocations_max = 10'000;  // not answered yet
  std::size_t call_bytes_max = std::size_t{64} * 1024 * 1024;

  Delivery delivery = Delivery::own_thread;
  // After a change; of several changes that the program was too slow for, only the latest is told.
  std::function<void(const WampStatus&)> on_state;
  // A session has begun; nothing of it is told before. Each is told.
  std::function<void(const WampStatus&)> on_joined;
  // A subscription or registration that was granted once is no more: the router took it back, or did not
  // grant it again in a new session.
  std::function<void(const std::string& uri, const WampError&)> on_lost;
  // An exception left a callback or a handler; with what it says.
  std::function<void(const std::string& what)> on_exception;
};

}  // namespace crosspoint
