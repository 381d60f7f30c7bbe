#pragma once
// Reads what a client sends to the router: the bytes of one message, whole, in the format of its transport.
//
// The leading elements are read, Args and Kwargs are checked to be well-formed and stay as they are. Unknown
// keys of Options and Details are passed over, known ones must have their type: a wrong one is a protocol
// violation, as is everything else that is wrong with a message (wamp-router §9.2). What a router may not be
// sent (WELCOME, EVENT, …) is refused here too.

#include "base/bytes.h"
#include "base/result.h"
#include "data/format.h"
#include "data/limits.h"
#include "wamp/elements.h"
#include "wamp/incoming.h"

namespace crosspoint::wamp {

// One message. The views of what it read are good as long as it and the bytes are.
class MessageReader {
 public:
  MessageReader(data::Format format, Bytes message, data::Limits limits = {})
      : elements_(format, message, limits) {}

  Result<Incoming, Violation> read();

 private:
  Elements elements_;
};

// The parts that read_message.cpp puts together; each takes the elements after the type.
Hello read_hello(Elements& in);
// Options of PUBLISH and CALL, and Options or Details of what else carries a payload.
Publish read_publish(Elements& in);
Call read_call(Elements& in);
Yield read_yield(Elements& in);
InvocationError read_error(Elements& in);

}  // namespace crosspoint::wamp
