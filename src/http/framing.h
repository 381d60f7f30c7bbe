#pragma once
// One field line, and what the fields of a head say about the body behind it (RFC 9112 sections 5 and 6).
// This is where request smuggling lives, so everything here refuses rather than guesses.

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "http/message.h"
#include "http/parse_error.h"

namespace crosspoint::http {

// `line` is without its ending and not empty; the field is a view of it.
Result<Field, ParseError> parse_field(std::string_view line);

enum class BodyKind : std::uint8_t {
  none,
  sized,        // Content-Length
  chunked,      // Transfer-Encoding: chunked
  until_close,  // responses only
};

struct BodyFraming {
  BodyKind kind = BodyKind::none;
  std::uint64_t bytes = 0;  // sized only

  bool empty() const { return kind == BodyKind::none || (kind == BodyKind::sized && bytes == 0); }
  bool operator==(const BodyFraming&) const = default;
};

// `none` if the fields announce no body.
Result<BodyFraming, ParseError> framing_of(const Fields& fields, int minor_version);

// Does the connection outlive this message, as far as its sender is concerned (RFC 9112 section 9.3)?
bool keeps_alive(const Fields& fields, int minor_version);

}  // namespace crosspoint::http
