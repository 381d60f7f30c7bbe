#pragma once
// A text probe as the only argument of a WAMP message, in whatever format the message is.

#include <optional>
#include <string>
#include <string_view>

#include "wamp/payload.h"

namespace crosspoint::bench {

// Args with this text into `out`, which they replace. The payload is a view of it.
wamp::Payload write_args(data::Format format, std::string_view text, ByteVector& out);

// The text; nothing: Args are anything but a list of one text, or Kwargs hold something (there are routers
// that add an empty map). `room` is for text that is spelt with escapes, and must outlive the view.
std::optional<std::string_view> read_args(const wamp::Payload& payload, std::string& room);

}  // namespace crosspoint::bench
