#pragma once
// A message that is being written, by either end: its type, its elements, its payload. Private to
// write_message.cpp and write_request.cpp.
//
// What wamp-router §1 asks of who sends is held here once: no null for Args or Kwargs, [] for Args where
// there are Kwargs only.

#include <cstdint>
#include <string_view>

#include "data/writer.h"
#include "wamp/code.h"
#include "wamp/payload.h"
#include "wamp/peer.h"

namespace crosspoint::wamp {

class MessageDraft {
 public:
  MessageDraft(data::Format format, ByteVector& out) : writer_(format, out), begin_(writer_.mark()) {}

  // The message is whole. Sent::not_spellable: its payload is not, and nothing of it is in `out`.
  Sent end();

 protected:
  // `elements`: with the type, as many as follow.
  void begin(Code code, std::uint64_t elements);
  // A whole ABORT or GOODBYE. An empty `text` is left out.
  void farewell(Code code, std::string_view reason, std::string_view text);

  static std::uint64_t elements_of(const Payload& payload) {
    return !payload.kwargs.empty() ? 2 : !payload.args.empty() ? 1 : 0;
  }
  void payload(const Payload& payload);

  data::Writer writer_;

 private:
  void value(data::Format format, Bytes bytes);

  const data::Writer::Mark begin_;
  bool spellable_ = true;
};

}  // namespace crosspoint::wamp
