#pragma once
// What a call keeps of its arguments when they are needed after the CALL that brought them: it waits for a
// callee, may go to another one (wamp-router 8.8), or has more arguments to come. A plain call keeps nothing.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wamp/ids.h"
#include "wamp/incoming.h"
#include "wamp/payload.h"

namespace crosspoint::wamp {

// The arguments of one CALL, as they came.
struct CallArguments {
  std::string_view procedure;
  bool progress = false;
  PassThrough pass_through;
  Payload payload;
};

class KeptArguments {
 public:
  explicit KeptArguments(const Call& call)
      : progress_(call.progress),
        dialect_(call.pass_through.dialect),
        scheme_(call.pass_through.scheme),
        serializer_(call.pass_through.serializer),
        cipher_(call.pass_through.cipher),
        keyid_(call.pass_through.keyid),
        payload_(call.payload) {}

  CallArguments view(std::string_view procedure) const {
    return {procedure, progress_, {dialect_, scheme_, serializer_, cipher_, keyid_}, payload_.view()};
  }

 private:
  bool progress_;
  PassThrough::Dialect dialect_;
  std::string scheme_, serializer_, cipher_, keyid_;
  KeptPayload payload_;
};

struct KeptCall {
  explicit KeptCall(std::string of) : procedure(std::move(of)) {}

  const std::string procedure;
  std::vector<KeptArguments> arguments;  // of each CALL, the first one first
  std::size_t bytes = 0;                 // what they are counted as
  bool complete = false;                 // `arguments` are all that came: the call can be sent again
  std::vector<SessionId> tried;          // callees that said it was unavailable to them
};

// What keeping a CALL's arguments counts as, the objects around them included.
inline std::size_t kept_bytes_of(const Call& call) {
  const PassThrough& keys = call.pass_through;
  return call.payload.bytes() + keys.scheme.size() + keys.serializer.size() + keys.cipher.size() +
         keys.keyid.size() + sizeof(KeptArguments);
}

}  // namespace crosspoint::wamp
