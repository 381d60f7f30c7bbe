#include "wamp/owed_answer.h"

#include <string>

#include "wamp/error_uri.h"

namespace crosspoint::wamp {

Unsent explain_unsent(Sent outcome, std::string_view what, std::string_view receiver) {
  const std::string subject = std::string(what) + " ";
  const std::string whose = std::string(receiver) + "'s ";
  if (outcome == Sent::too_large) {
    return {error_uri::payload_size_exceeded, subject + "is larger than the " + whose + "transport takes"};
  }
  return {error_uri::invalid_argument,
          subject + "holds values that the " + whose + "serializer cannot spell"};
}

void OwedAnswer::result(const PassThrough& pass_through, const Payload& payload) {
  send(CallResult{.request = request_, .pass_through = pass_through, .payload = payload});
}

void OwedAnswer::error(std::string_view error, std::string_view text) {
  send(ErrorOut{.type = Code::call, .request = request_, .error = error, .text = text});
}

void OwedAnswer::error(std::string_view error, const PassThrough& pass_through, const Payload& payload) {
  send(ErrorOut{.type = Code::call,
                .request = request_,
                .error = error,
                .pass_through = pass_through,
                .payload = payload});
}

void OwedAnswer::send(const Outgoing& message) {
  Peer& caller = take_caller();
  const Sent outcome = caller.send(message);
  if (outcome == Sent::sent) return;
  const Unsent unsent = explain_unsent(outcome, "the answer", "caller");
  // Without a payload it can be spelt, and is short.
  caller.send(ErrorOut{.type = Code::call, .request = request_, .error = unsent.error, .text = unsent.text});
}

}  // namespace crosspoint::wamp
