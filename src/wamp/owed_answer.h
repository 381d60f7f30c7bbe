#pragma once
// The one final answer that a CALL is owed. Whoever holds it has to give it, and can give it once: giving it
// twice, or letting go of it ungiven, is a mistake of ours that ends the program.
//
// An answer whose payload the caller cannot be sent becomes an ERROR without a payload, which always can be.

#include <string>
#include <string_view>
#include <utility>

#include "base/assert.h"
#include "wamp/outgoing.h"
#include "wamp/peer.h"

namespace crosspoint::wamp {

class OwedAnswer {
 public:
  OwedAnswer(Peer& caller, RequestId request) : caller_(&caller), request_(request) {}
  OwedAnswer(const OwedAnswer&) = delete;
  OwedAnswer& operator=(const OwedAnswer&) = delete;
  ~OwedAnswer() { CROSSPOINT_ASSERT(caller_ == nullptr); }

  void result(const PassThrough& pass_through, const Payload& payload);
  void error(std::string_view error, std::string_view text);
  // A callee's own, untouched.
  void error(std::string_view error, const PassThrough& pass_through, const Payload& payload);
  // The caller has left.
  void waive() { take_caller(); }

 private:
  Peer& take_caller() {
    CROSSPOINT_ASSERT(caller_ != nullptr);
    return *std::exchange(caller_, nullptr);
  }
  void send(const Outgoing& message);

  Peer* caller_;  // null: given
  RequestId request_;
};

// What to say when `outcome` is not Sent::sent: the error, and a sentence about `what` ("the result", …).
struct Unsent {
  std::string_view error;
  std::string text;
};
Unsent explain_unsent(Sent outcome, std::string_view what, std::string_view receiver);

}  // namespace crosspoint::wamp
