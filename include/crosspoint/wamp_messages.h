#pragma once
// What comes from other clients: results, events, and calls of our own procedures. C++20, the standard
// library only.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <crosspoint/wamp_arguments.h>
#include <crosspoint/wamp_value.h>

namespace crosspoint {

// Another client, as far as the router says who it is.
struct WampPeer {
  std::uint64_t session = 0;  // 0: not said
  std::string authid, authrole;
};

// Says how to read a payload which the router is not to read (ppt_*): its only argument is binary, and means
// something to who knows the scheme, and has the key.
struct WampPassthru {
  std::string scheme;  // "x_…", "mqtt", "wamp"
  std::string serializer = {}, cipher = {}, keyid = {};
};

struct WampResult {
  WampList args;
  WampMap kwargs;
  std::optional<WampPassthru> passthru = {};
  const WampValue& value() const { return args[0]; }  // the first of args, or null
};

// More arguments of a call.
struct WampMore {
  WampList args;
  WampMap kwargs;
  bool last = false;
};

struct WampEvent {
  std::string topic;  // as it was published, also where a pattern was subscribed to
  WampList args;
  WampMap kwargs;
  std::uint64_t publication = 0;
  WampPeer publisher;
  bool retained = false;
  std::optional<WampPassthru> passthru = {};

  WampArguments arguments() const { return {args, kwargs}; }
};

// One call of a procedure of ours, to be answered once, now or later, in any thread. One that goes without an
// answer is answered with wamp.error.runtime_error, as is one whose handler throws.
class WampInvocation {
 public:
  WampInvocation(WampInvocation&&) noexcept;
  WampInvocation& operator=(WampInvocation&&) noexcept;
  ~WampInvocation();

  const std::string& procedure() const;  // as it was called
  const WampList& args() const;
  const WampMap& kwargs() const;
  // To read them with (wamp_arguments.h); as good as this invocation.
  WampArguments arguments() const { return {args(), kwargs()}; }
  // Said if the caller wishes it, or RegisterOptions::disclose_caller does, and the router agrees.
  const WampPeer& caller() const;
  bool wants_progress() const;  // progress() is for the caller that asked for it
  const std::optional<WampPassthru>& passthru() const;
  // Until the caller stops waiting; negative: it has. Nothing: it waits, or RegisterOptions::forward_timeout
  // was not set, and the router watches.
  std::optional<std::chrono::milliseconds> time_left() const;

  // Whether the first arguments were not the last (RegisterOptions::progressive). The others are told where
  // callbacks run, each once and in their order: what has come is not lost until then. One callback.
  bool more_follows() const;
  void on_more(std::function<void(const WampMore&)> callback);

  void progress(WampList args = {}, WampMap kwargs = {});
  void answer(WampList args = {}, WampMap kwargs = {});
  void fail(std::string_view uri, WampList args = {}, WampMap kwargs = {});
  // With a payload that is passed through.
  void answer_passthru(const WampPassthru& how, WampValue::Binary payload);
  // With wamp.error.invalid_argument.
  void reject(std::string_view sentence);

  // The caller wants no answer any more, or cannot get one.
  bool cancelled() const;
  // Called once when that happens, where callbacks run; at once if it has. One callback.
  void on_cancel(std::function<void()> callback);

 private:
  friend class WampClient;
  friend struct WampTask;
  struct State;
  explicit WampInvocation(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace crosspoint
