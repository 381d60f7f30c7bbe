#pragma once
// Requests out of bytes (RFC 9112), sans-IO: feed what arrived, cut anywhere, then call next() until it has
// nothing. Strict: what it refuses, and why, is docs/protocols/http.md. Knows nothing of routes, paths or
// time.
//
//   parser.feed(bytes);
//   while (auto event = parser.next()) {       // an error ends the connection
//     if (!*event) break;                      // needs more
//     std::visit(…, **event);                  // RequestStart, BodyBytes, ChunkEnd, MessageEnd
//   }

#include <optional>
#include <variant>

#include "base/bytes.h"
#include "base/result.h"
#include "http/body_decoder.h"
#include "http/message.h"

namespace crosspoint::http {

struct HeadLimits {
  std::size_t bytes_max = 8 * 1024;  // first line, fields and the empty line, endings included
  std::size_t fields_max = 64;
  std::size_t target_bytes_max = 4 * 1024;  // requests only
};

enum class Expectation : std::uint8_t {
  none,
  continue_100,  // the peer waits for "100 Continue" before it sends the body (HTTP/1.1 only)
  unknown,       // to be answered 417
};

struct RequestStart {
  RequestHead head;
  BodyFraming body;
  bool keep_alive = true;
  Expectation expectation = Expectation::none;
};

using RequestEvent = std::variant<RequestStart, BodyBytes, ChunkEnd, MessageEnd>;

class RequestParser {
 public:
  explicit RequestParser(const HeadLimits& limits) : limits_(limits) {}

  // Only when next() has returned nothing. `bytes` stay where they are until then: BodyBytes are views of
  // them.
  void feed(Bytes bytes);

  // The next event, or nothing until more is fed. Every request is RequestStart, body events, MessageEnd; the
  // next one may follow at once (pipelining). An error is final and repeats itself.
  Result<std::optional<RequestEvent>, ParseError> next();

  // Fed, and not yet looked at: after RequestStart of an upgrade, what belongs to the new protocol.
  Bytes unread() const { return input_; }
  // Leaves the rest of what was fed to the caller, who keeps it until the parser is to go on with it.
  Bytes take_unread();

  // Between two messages: nothing of the next one has come.
  bool between_messages() const {
    return state_ == State::request_line && !begun_ && lines_.partial().empty();
  }

 private:
  enum class State : std::uint8_t { request_line, fields, body, broken };
  using Step = Result<std::optional<RequestEvent>, ParseError>;

  Step take_request_line();
  Step take_field();
  Step take_body();
  Step finish_head();
  Step refuse(ParseError error);
  ParseError error_of_long_line() const;

  HeadLimits limits_;
  Bytes input_;
  LineReader lines_;
  RequestHead head_;
  BodyDecoder body_;
  State state_ = State::request_line;
  bool begun_ = false;  // an empty line before the request line has been skipped
  ParseError error_{};
};

}  // namespace crosspoint::http
