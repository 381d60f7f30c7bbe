#include "http/framing.h"

#include <string>

#include "http/characters.h"

namespace crosspoint::http {
namespace {

// Digits only: from_chars would take a minus sign.
Result<std::uint64_t, ParseError> parse_content_length(std::string_view text) {
  constexpr std::size_t digits_max = 18;  // below 2^63 whatever they are
  if (text.empty() || text.size() > digits_max) return fail(ParseError::bad_content_length);
  std::uint64_t bytes = 0;
  for (const char c: text) {
    if (!is_digit(c)) return fail(ParseError::bad_content_length);
    bytes = bytes * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return bytes;
}

}  // namespace

Result<Field, ParseError> parse_field(std::string_view line) {
  if (line.front() == ' ' || line.front() == '\t') return fail(ParseError::folded_field);
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return fail(ParseError::bad_field_name);
  const auto name = line.substr(0, colon);
  const auto value = trim(line.substr(colon + 1));
  if (!is_token(name)) return fail(ParseError::bad_field_name);
  if (!is_field_value(value)) return fail(ParseError::bad_field_value);
  return Field{name, value};
}

Result<BodyFraming, ParseError> framing_of(const Fields& fields, int minor_version) {
  const auto lengths = fields.count("Content-Length");
  const auto encodings = fields.count("Transfer-Encoding");
  if (encodings > 0) {
    if (lengths > 0) return fail(ParseError::length_and_encoding);
    if (minor_version == 0) return fail(ParseError::encoding_in_http_1_0);
    // Not without regard to case, and no lists: every sender we know writes exactly this, and the ways in
    // which implementations disagree about the other spellings are how smuggling works.
    if (encodings > 1 || *fields.find("Transfer-Encoding") != "chunked") {
      return fail(ParseError::unsupported_encoding);
    }
    return BodyFraming{BodyKind::chunked, 0};
  }
  if (lengths > 1) return fail(ParseError::several_content_lengths);
  if (lengths == 0) return BodyFraming{};
  const auto bytes = parse_content_length(*fields.find("Content-Length"));
  if (!bytes) return fail(bytes.error());
  return BodyFraming{BodyKind::sized, *bytes};
}

bool keeps_alive(const Fields& fields, int minor_version) {
  if (fields.lists("Connection", "close")) return false;
  return minor_version >= 1 || fields.lists("Connection", "keep-alive");
}

}  // namespace crosspoint::http
