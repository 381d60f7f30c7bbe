#pragma once
// A part of this program that lives in a realm: it has procedures there, and says what happens. To everybody
// else it is a callee that is there as long as the realm is, and no session: it is on no list of sessions,
// and nobody can end it. What it has is below one prefix ("relay."), where in that realm nobody else
// registers or publishes, and whose calls go to nobody else, whatever pattern somebody has registered; who
// may call and subscribe there is a matter of permissions, as anywhere.
//
//   Resident resident({"relay.", {"relay.topic.list", …}}, handler);
//   router.house("crosspoint", resident, now);   its realm may come and go
//   handler.on_call(call)                        soon, from Router::settle(); call.arguments have been read
//   resident.answer(call.id, payload, now)       once, then or later
//   router.evict(resident)                       before it goes
//
// The dealer sees to the rest: a call that is cancelled, out of time, or whose caller has left is over, and
// an answer to it is dropped.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "wamp/meta_arguments.h"
#include "wamp/moment.h"
#include "wamp/participant.h"

namespace crosspoint::wamp {

class Realm;
class Router;

// Counted by the resident, whichever realm they came from.
enum class ResidentCallId : std::uint64_t {};

struct ResidentCaller {
  SessionId session{};
  std::string authid, authrole;
  std::string address;  // of its connection
};

struct ResidentCall {
  ResidentCallId id{};
  std::string procedure;
  ResidentCaller caller;
  MetaArguments arguments;
};

class ResidentHandler {
 public:
  virtual void on_call(const ResidentCall& call) = 0;

 protected:
  ~ResidentHandler() = default;
};

struct ResidentTerms {
  std::string prefix;                            // with its final dot
  std::vector<std::string> procedures;           // full URIs
  std::size_t arguments_bytes_max = 256 * 1024;  // longer: wamp.error.payload_size_exceeded
};

class Resident final : private Peer {
 public:
  // The handler outlives it.
  Resident(ResidentTerms terms, ResidentHandler& handler);
  ~Resident();  // it lives nowhere any more
  Resident(const Resident&) = delete;
  Resident& operator=(const Resident&) = delete;

  void answer(ResidentCallId call, const Payload& payload, const Moment& now);
  // `text` is for people, and the one argument of the error.
  void refuse(ResidentCallId call, std::string_view error, std::string_view text, const Moment& now);

  // Would somebody get, or some history keep, what is published there?
  bool is_heard(std::string_view topic) const;
  // Nothing where it lives in no realm at present.
  void publish(std::string_view topic, const Payload& payload, const Moment& now);

  bool at_home() const { return realm_ != nullptr; }
  std::size_t open_calls() const { return open_.size(); }

 private:
  friend class Router;
  struct Arrival {
    RequestId invocation{};
    std::string procedure;
    ResidentCaller caller;
    KeptPayload payload;
    bool passed_through = false;
  };

  // By the router.
  void move_in(Realm& realm, SessionId id, std::function<void()> touched, const Moment& now);
  void move_out();
  void settle(const Moment& now);
  std::function<void()> settle_soon_ = [] {};

  std::optional<RequestId> take_open(ResidentCallId call);
  Sent take(const Invocation& invocation);

  // Peer
  data::Format format() const override { return data::Format::json; }
  Sent send(const Outgoing& message) override;
  Sent send_event(SharedEvent&) override { return Sent::sent; }

  const ResidentTerms terms_;
  ResidentHandler& handler_;
  Realm* realm_ = nullptr;
  std::optional<Participant> participant_;  // while it has a realm
  std::function<void()> touched_;
  std::vector<Arrival> arrivals_;  // of this turn
  std::unordered_map<ResidentCallId, RequestId> open_;
  std::uint64_t calls_ = 0;
};

}  // namespace crosspoint::wamp
