#pragma once
// The two addresses of a topic that a token opens:
//
//   access  POST /session/TOPIC             TOPIC is one percent-encoded segment: "a%2Fb" is the topic "a/b"
//   relay   GET  /session/TOPIC?code=CODE   the rest of the decoded path is the topic, slashes included
//
// and the one that the first answers with, which leads to the second. Topics are compared whole, byte for
// byte (reliability row A9): the old relay cut a topic at the first character it did not expect.

#include <optional>
#include <string>
#include <string_view>

namespace crosspoint::access {

// The only connection type there is: claim `prefix`, and first segment of the path.
inline constexpr std::string_view connection_type = "session";

// What follows "/session/" in a request target (undecoded, query included), taken apart into percent-decoded
// segments: {"a/b"} of "/session/a%2Fb?x=1", {"a", "refresh"} of "/session/a/refresh". One final slash is
// tolerated. Nothing when there is no topic, more than these, or a percent sign that encodes nothing.
struct AccessTarget {
  std::string topic;
  std::string action;  // "" or the second segment
};
std::optional<AccessTarget> parse_access_target(std::string_view target);

// The topic of a decoded and cleaned path on the relay's port: "a/b" of "/session/a/b/". Nothing for
// other connection types and for no topic at all.
std::optional<std::string_view> session_topic(std::string_view path);

// "wss://lab.example/relay" + "/session/a/b?code=…". The topic stands as it is where clients expect that
// (slashes too), and percent-encoded where it would break the address.
std::string session_uri(std::string_view relay_url, std::string_view topic, std::string_view code);

}  // namespace crosspoint::access
