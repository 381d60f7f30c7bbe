#pragma once
// Reads what a router sends to a client: the other direction of write_message.h, with the same structs.
//
// A client is kinder than a router: Details that are null or of another type than the specification's are
// passed over, since routers differ in them and nobody is served by a client that hangs up. Everything that
// the client depends on — ids, URIs, well-formed arguments — must be right, and is a violation otherwise.
// What only clients send (HELLO, CALL, …) is refused.

#include "base/bytes.h"
#include "base/result.h"
#include "data/format.h"
#include "data/limits.h"
#include "wamp/elements.h"
#include "wamp/outgoing.h"

namespace crosspoint::wamp {

// One message. The views of what it read are good as long as it and the bytes are.
class ReplyReader {
 public:
  ReplyReader(data::Format format, Bytes message, data::Limits limits = {})
      : elements_(format, message, limits) {}

  Result<Outgoing, Violation> read();

 private:
  Elements elements_;
};

}  // namespace crosspoint::wamp
