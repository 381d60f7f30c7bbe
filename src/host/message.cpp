#include "host/message.h"

#include <vector>

#include "base/assert.h"
#include "websocket/frame_encoder.h"

namespace crosspoint::host {

const Span& Message::server_frame() {
  if (frame_.segment) return frame_;
  const websocket::FrameHeader header(static_cast<websocket::Opcode>(type_), payload_.size());
  const auto record = log_.append(header.bytes(), payload_, 0, facts_.at);
  std::vector<Span> spans;
  log_.spans(record.begin, record.end(), spans);
  CROSSPOINT_ASSERT(spans.size() == 1);
  frame_ = std::move(spans.front());
  log_.trim_before(log_.end());
  return frame_;
}

}  // namespace crosspoint::host
