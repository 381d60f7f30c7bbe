#include "wamp/message_draft.h"

#include "data/transcode.h"

namespace crosspoint::wamp {

void MessageDraft::begin(Code code, std::uint64_t elements) {
  writer_.begin_array(elements);
  writer_.natural(number(code));
}

void MessageDraft::farewell(Code code, std::string_view reason, std::string_view text) {
  begin(code, 3);
  writer_.begin_map(text.empty() ? 0 : 1);
  if (!text.empty()) {
    writer_.key("message");
    writer_.string(text);
  }
  writer_.end_map();
  writer_.string(reason);
}

void MessageDraft::payload(const Payload& payload) {
  if (!payload.args.empty()) {
    value(payload.format, payload.args);
  } else if (!payload.kwargs.empty()) {
    writer_.begin_array(0);
    writer_.end_array();
  }
  if (!payload.kwargs.empty()) value(payload.format, payload.kwargs);
}

// Another spelling of the same format would do no harm; another format must be transcoded.
void MessageDraft::value(data::Format format, Bytes bytes) {
  if (format == writer_.format()) {
    writer_.raw(bytes);
  } else if (!data::transcode(format, bytes, writer_)) {
    spellable_ = false;
  }
}

Sent MessageDraft::end() {
  if (!spellable_) {
    writer_.rewind(begin_);
    return Sent::not_spellable;
  }
  writer_.end_array();
  return Sent::sent;
}

}  // namespace crosspoint::wamp
