#pragma once
// Request targets and ws/wss/http/https addresses (RFC 3986), as far as a relay needs them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crosspoint::http {

// A request target taken apart. Paths are percent-decoded exactly once, whole ("%2F" is a slash like any
// other), so that there is one canonical form: whoever compares paths compares `cleaned`.
struct Target {
  std::string path;     // decoded: "/foo bar/x"
  std::string query;    // as sent, without "?"
  bool clean = true;    // false if `path` held "//" or a segment "." or ".."
  std::string cleaned;  // the path with those resolved; never climbs above "/"; a final "/" stays; equals
                        // path when clean
};

enum class TargetError {
  not_a_path,         // does not begin with "/": absolute-form, authority-form, "*", or nothing
  bad_character,      // a byte that may not stand in a target: space, '"', "<", ">", "#", above ASCII
  bad_percent,        // "%" in the path not followed by two hexadecimal digits
  control_character,  // NUL or another control character (C0, DEL, C1), plain or encoded
  not_utf8,           // the decoded path is not valid UTF-8
};
Result<Target, TargetError> parse_target(std::string_view target);

// The value of `name` in "a=1&b=2", percent-decoded, "+" as a space. The first one wins; if that one holds a
// bad percent sign, there is no value. The decoded value may hold any byte.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

// Each "%41" turned into the byte it stands for, everything else as it is. Nothing if a percent sign is not
// followed by two hexadecimal digits.
std::optional<std::string> decode_percent(std::string_view text);

// A decoded path as it may stand in a Location field: everything but RFC 3986's pchar and "/"
// percent-encoded.
std::string encode_path(std::string_view path);

struct Url {
  std::string scheme;        // lower case: "ws", "wss", "http", "https"
  std::string host;          // as written, without brackets
  std::uint16_t port = 0;    // the scheme's default when none was written
  std::string target = "/";  // path and query as written
  bool secure() const { return scheme == "wss" || scheme == "https"; }

  bool operator==(const Url&) const = default;
};
// The error is a sentence, and repeats nothing of the text, which may hold a code or a password. Refuses user
// info
// ("user:password@"), fragments, unknown schemes, port 0, and characters that may not stand in a request
// line.
Result<Url, std::string> parse_url(std::string_view text);
std::string host_header(const Url& url);  // "lab.example.org", "lab.example.org:8080", "[::1]:8080"
std::string origin(const Url& url);       // "wss://lab.example.org:8080" (RFC 6454 section 6.2)

}  // namespace crosspoint::http
