#pragma once
// What is asked of the access API: which operation, of what; told from method and target alone. Everything
// else that is asked for — a path or method that does not exist, a body or answer that is not JSON, a
// parameter that is missing — has its answer (answers.h) here.
//
// The order in which things are found wrong is part of the interface: path, method, token, media types,
// parameters, then what the operation itself says.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "http/message.h"

namespace crosspoint::access {

enum class Operation : std::uint8_t {
  open_session,     // POST /session/TOPIC
  refresh_session,  // POST /session/TOPIC/refresh
  deny,             // POST /bids/deny
  allow,            // POST /bids/allow
  list_denied,      // GET  /bids/deny
  list_allowed,     // GET  /bids/allow
  status,           // GET  /status
  docs,             // GET  /docs            no token
  document,         // GET  /swagger.json    no token
  health,           // GET  /healthz         no token
};
constexpr bool needs_token(Operation operation) { return operation < Operation::docs; }

struct AccessRequest {
  Operation operation = Operation::docs;
  std::string topic;  // of sessions, decoded
};

// Path and method. `path` is what an error says was asked for.
Result<AccessRequest, http::Response> route_request(std::string_view method, std::string_view target,
                                                    std::string_view path);

// The bare token of the Authorization field; "Bearer " in front of it is tolerated. Nothing: none was given.
std::optional<std::string_view> presented_token(const http::Fields& fields);

// A body, if there is one, says it is JSON, and the answer may be JSON.
Result<void, http::Response> check_media_types(const http::Fields& fields, bool has_body);

struct BookingParameters {
  std::string booking;       // "bid"
  std::int64_t seconds = 0;  // "exp", since 1970
  WallTime until{};          // the same, no later than clocks go
};
// bid and exp of a query; where one is repeated the last one counts.
Result<BookingParameters, http::Response> parse_booking_parameters(std::string_view query);

// When a booking ends that is said to end so many seconds after 1970: no later than clocks go. And is that
// over?
WallTime booking_end(std::int64_t seconds);
bool is_over(WallTime booking_end, WallTime now);

// The body of a refresh: nothing, {} (all connections), or {"connection":"the code it was opened with"}. The
// error is a sentence.
Result<std::string, std::string> parse_refresh_body(std::string_view body);

}  // namespace crosspoint::access
