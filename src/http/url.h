#pragma once
// Request targets and ws/wss/http/https addresses (RFC 3986), as far as a relay needs them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crosspoint::http {

// A request target taken apart. `path` is percent-decoded; whoever compares paths compares this one form.
struct Target {
  std::string path;     // "/foo bar/x"
  std::string query;    // as sent, without "?"
  bool clean = true;    // false if the raw path held "//", "/./" or "/../", plainly or percent-encoded dots
  std::string cleaned;  // the path with those resolved; equals path when clean
};

enum class TargetError {
  not_a_path,         // neither "/…" nor "http://host/…"
  bad_percent,        // "%" not followed by two hexadecimal digits
  control_character,  // NUL or another control character, plain or encoded
  not_utf8,           // the decoded path is not valid UTF-8
};
Result<Target, TargetError> parse_target(std::string_view target);

// The value of `name` in "a=1&b=2", percent-decoded, "+" as a space. The first one wins.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

struct Url {
  std::string scheme;        // lower case: "ws", "wss", "http", "https"
  std::string host;          // without brackets
  std::uint16_t port = 0;    // the scheme's default when none was written
  std::string target = "/";  // path and query as written
  bool secure() const { return scheme == "wss" || scheme == "https"; }
};
// The error is a sentence. Refuses user info ("user:password@"), fragments, unknown schemes.
Result<Url, std::string> parse_url(std::string_view text);
std::string host_header(const Url& url);  // "lab.example.org" or "lab.example.org:8080"

}  // namespace crosspoint::http
