#include "http/response_parser.h"

#include <utility>

#include "base/assert.h"
#include "http/characters.h"

namespace crosspoint::http {
namespace {

// HTTP/1.1 SP 3DIGIT [SP reason]. The space before an absent reason is often left out, so it may be.
std::optional<ParseError> parse_status_line(std::string_view line, ResponseHead& head) {
  constexpr std::size_t version_bytes = 8;
  const auto version = line.substr(0, version_bytes);
  if (version.size() < version_bytes || !version.starts_with("HTTP/") || !is_digit(version[5]) ||
      version[6] != '.' || !is_digit(version[7])) {
    return ParseError::bad_status_line;
  }
  if (version[5] != '1' || version[7] > '1') return ParseError::unsupported_version;

  const auto rest = line.substr(version_bytes);
  if (rest.size() < 4 || rest[0] != ' ' || !is_digit(rest[1]) || !is_digit(rest[2]) || !is_digit(rest[3])) {
    return ParseError::bad_status_line;
  }
  const int status = (rest[1] - '0') * 100 + (rest[2] - '0') * 10 + (rest[3] - '0');
  if (status < 100 || status > 599) return ParseError::bad_status_line;
  if (rest.size() > 4 && rest[4] != ' ') return ParseError::bad_status_line;
  const auto reason = rest.substr(rest.size() > 4 ? 5 : 4);
  if (!is_field_value(reason)) return ParseError::bad_status_line;

  head.status = status;
  head.reason = reason;
  head.minor_version = version[7] - '0';
  return std::nullopt;
}

}  // namespace

void ResponseParser::feed(Bytes bytes) {
  if (state_ == State::broken) return;
  CROSSPOINT_ASSERT(input_.empty());
  input_ = bytes;
}

ResponseParser::Step ResponseParser::next() {
  if (state_ == State::broken) return fail(error_);
  if (state_ == State::done) return Step{};
  if (state_ == State::body) return pass_on(body_.next(input_));
  while (!input_.empty()) {
    auto step = take_head_line();
    if (!step || *step) return step;
  }
  return Step{};
}

ResponseParser::Step ResponseParser::finish() {
  if (state_ == State::broken) return fail(error_);
  if (state_ == State::done) return Step{};
  if (state_ == State::body) return pass_on(body_.finish());
  return refuse(ParseError::truncated);
}

ResponseParser::Step ResponseParser::take_head_line() {
  const auto line = lines_.take(input_, limits_.bytes_max - lines_.bytes_of_lines());
  if (!line) {
    return refuse(line.error() == LineError::too_long ? ParseError::head_too_big
                                                      : ParseError::bad_line_ending);
  }
  if (!*line) return Step{};
  if (state_ == State::fields) return take_field(**line);
  if (const auto error = parse_status_line(**line, head_)) return refuse(*error);
  state_ = State::fields;
  return Step{};
}

ResponseParser::Step ResponseParser::take_field(std::string_view line) {
  if (line.empty()) return finish_head();
  if (head_.fields.size() == limits_.fields_max) return refuse(ParseError::too_many_fields);
  const auto field = parse_field(line);
  if (!field) return refuse(field.error());
  head_.fields.add(field->name, field->value);
  return Step{};
}

// RFC 9112 section 6.3. The fields are checked even where no body can follow.
Result<BodyFraming, ParseError> ResponseParser::framing() const {
  const auto announced = framing_of(head_.fields, head_.minor_version);
  if (!announced) return announced;
  const int status = head_.status;
  if (status < 200 || status == 204 || status == 304 || answer_to_ == AnswerTo::head_request)
    return BodyFraming{};
  if (announced->kind == BodyKind::none) return BodyFraming{BodyKind::until_close, 0};
  return announced;
}

ResponseParser::Step ResponseParser::finish_head() {
  const auto body = framing();
  if (!body) return refuse(body.error());
  ResponseStart start;
  start.body = *body;
  start.keep_alive = body->kind != BodyKind::until_close && keeps_alive(head_.fields, head_.minor_version);
  start.interim = head_.status < 200 && head_.status != 101;
  const bool upgraded = head_.status == 101;
  start.head = std::exchange(head_, {});
  lines_.reset();
  if (start.interim) {
    if (++interim_responses_ > interim_responses_max) return refuse(ParseError::too_many_interim_responses);
    state_ = State::status_line;
  } else {
    body_.begin(*body);
    state_ = upgraded ? State::done : State::body;
  }
  return Step{std::move(start)};
}

ResponseParser::Step ResponseParser::pass_on(Result<std::optional<BodyEvent>, ParseError> event) {
  if (!event) return refuse(event.error());
  if (!*event) return Step{};
  if (std::holds_alternative<MessageEnd>(**event)) state_ = State::done;
  return std::visit([](const auto& part) { return Step{part}; }, **event);
}

ResponseParser::Step ResponseParser::refuse(ParseError error) {
  state_ = State::broken;
  error_ = error;
  input_ = {};
  head_ = {};
  lines_.reset();
  return fail(error);
}

}  // namespace crosspoint::http
