#pragma once
// The answer to one request out of bytes (RFC 9112), sans-IO, for clients. As strict as the request parser:
// an agent may talk to a relay that is not what it says (row H4). One object per answer; interim answers
// (1xx) before it are handed out as well.

#include <optional>
#include <variant>

#include "base/bytes.h"
#include "base/result.h"
#include "http/body_decoder.h"
#include "http/message.h"
#include "http/request_parser.h"

namespace crosspoint::http {

struct ResponseStart {
  ResponseHead head;
  BodyFraming body;
  bool keep_alive = true;  // the connection may be used again, once the body has ended
  bool interim = false;    // 1xx but 101: no MessageEnd follows; another ResponseStart does
};

using ResponseEvent = std::variant<ResponseStart, BodyBytes, ChunkEnd, MessageEnd>;

// Answers to HEAD announce a body that never comes (RFC 9110 section 9.3.2).
enum class AnswerTo : std::uint8_t { head_request, other_request };

class ResponseParser {
 public:
  static constexpr int interim_responses_max = 8;

  explicit ResponseParser(const HeadLimits& limits, AnswerTo answer_to = AnswerTo::other_request)
      : limits_(limits), answer_to_(answer_to) {}

  // Only when next() has returned nothing. `bytes` stay where they are until then: BodyBytes are views of
  // them.
  void feed(Bytes bytes);

  // The next event, or nothing until more is fed. After MessageEnd, and after the ResponseStart of a 101, it
  // takes nothing more. An error is final and repeats itself.
  Result<std::optional<ResponseEvent>, ParseError> next();

  // The connection has ended: the MessageEnd of a body that lasts until then, or `truncated`. Nothing if all
  // had been told.
  Result<std::optional<ResponseEvent>, ParseError> finish();

  // Fed, and not looked at: after a 101, what belongs to the new protocol.
  Bytes unread() const { return input_; }

 private:
  enum class State : std::uint8_t { status_line, fields, body, done, broken };
  using Step = Result<std::optional<ResponseEvent>, ParseError>;

  Step take_head_line();
  Step take_field(std::string_view line);
  Step finish_head();
  Step pass_on(Result<std::optional<BodyEvent>, ParseError> event);
  Step refuse(ParseError error);
  Result<BodyFraming, ParseError> framing() const;

  HeadLimits limits_;
  AnswerTo answer_to_;
  Bytes input_;
  LineReader lines_;
  ResponseHead head_;
  BodyDecoder body_;
  State state_ = State::status_line;
  int interim_responses_ = 0;
  ParseError error_{};
};

}  // namespace crosspoint::http
