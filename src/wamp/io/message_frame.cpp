#include "wamp/io/message_frame.h"

#include "websocket/frame_encoder.h"

namespace crosspoint::wamp {

WireKind message_frame_kind(const Subprotocol& subprotocol, batch::Separator separator) {
  if (!subprotocol.batched) return wire_kind(Framing::websocket, subprotocol.format);
  const bool cancel = data::is_text(subprotocol.format) && separator == batch::Separator::cancel;
  return wire_kind(cancel ? Framing::batched_cancel : Framing::batched, subprotocol.format);
}

Span message_frame(TransportHome& home, const Subprotocol& subprotocol, batch::Separator separator,
                   Bytes message) {
  const auto opcode = data::is_text(subprotocol.format) ? websocket::Opcode::text : websocket::Opcode::binary;
  auto& slab = home.slabs[message_frame_kind(subprotocol, separator)];
  if (!subprotocol.batched) return slab.append({websocket::FrameHeader(opcode, message.size()), message});
  const batch::Envelope envelope(subprotocol.format, separator, message.size());
  const websocket::FrameHeader header(opcode, message.size() + envelope.size());
  return slab.append({header, envelope.before(), message, envelope.after()});
}

Span content_of(const Span& frame) {
  auto content = frame;
  content.begin += static_cast<std::uint32_t>(websocket::header_length(frame.bytes()));
  return content;
}

}  // namespace crosspoint::wamp
