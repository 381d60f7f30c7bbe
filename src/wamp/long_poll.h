#pragma once
// WAMP in HTTP requests, as values (wamp-router §6.3): for clients that can do nothing else. All are POST.
//
//   BASE/open        {"protocols": ["wamp.2.json", …]}   →  {"transport": ID, "protocol": "wamp.2.json"}
//   BASE/ID/send     a message, or a batch                →  nothing
//   BASE/ID/receive  nothing                              →  a message, or a batch; nothing, if none came in
//   time BASE/ID/close    nothing                              →  nothing
//
// Whoever knows ID is the client.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "data/format.h"

namespace crosspoint::wamp::long_poll {

// A path to mount it at: "/lp". No final slash, nothing that a client would have to escape.
bool is_base(std::string_view path);

enum class Action : std::uint8_t { open, send, receive, close };

struct Ask {
  Action action;
  std::string_view transport = {};  // a view of the path; empty: open
};
// What a request's path asks for; nothing: there is no such thing here.
std::optional<Ask> find_ask(std::string_view path, std::string_view base);

enum class OpenRefusal : std::uint8_t {
  malformed,     // no JSON with a list of texts under "protocols", or longer than open_bytes_max
  none_of_ours,  // subprotocol.h
};
inline constexpr std::size_t open_bytes_max = 4096;

// The first protocol of the client's list that is ours.
Result<std::string_view, OpenRefusal> choose_protocol(Bytes body);
std::string answer_to_open(std::string_view transport, std::string_view protocol);

// The media type of messages, and of batches, in a format.
std::string_view media_type_of(data::Format format);
// Is this Content-Type field, parameters and case apart, one that clients use for the format? None counts as
// the right one.
bool fits(std::optional<std::string_view> content_type, data::Format format);

}  // namespace crosspoint::wamp::long_poll
