#pragma once
// The spellings in which WAMP carries values. All say the same things: null, booleans, numbers, text, bytes,
// lists, and maps from text to values.

#include <cstdint>
#include <optional>
#include <string_view>

namespace crosspoint::data {

enum class Format : std::uint8_t {
  json,     // RFC 8259. Binary is a string: U+0000, then standard base64.
  msgpack,  // MessagePack of 2013 (str and bin apart); text in the three raw types of before is text
  cbor,     // RFC 8949
  ubjson,   // UBJSON Draft 12: most significant byte first (py-ubjson; Autobahn before 26)
  bjdata,   // Binary JData Draft 2: least significant byte first, more types (Autobahn from 26 on). It bears
            // the same name as ubjson in a handshake, and neither can be told from its bytes: configuration
            // decides.
};

inline constexpr Format formats[] = {Format::json, Format::msgpack, Format::cbor, Format::ubjson,
                                     Format::bjdata};

// "json", "msgpack", "cbor", "ubjson", "bjdata": for logs and configuration.
std::string_view to_string(Format format);
std::optional<Format> find_format(std::string_view name);

// What kind of WebSocket message carries it: text or binary.
constexpr bool is_text(Format format) { return format == Format::json; }

}  // namespace crosspoint::data
