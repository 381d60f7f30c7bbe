#include "http/request_parser.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "http/characters.h"

namespace crosspoint::http {
namespace {

constexpr std::size_t method_bytes_max = 24;
constexpr std::string_view version_prefix = "HTTP/";

// "HTTP/1.1" is 1, "HTTP/1.0" is 0.
Result<int, ParseError> parse_version(std::string_view text) {
  if (text == "HTTP/1.1") return 1;
  if (text == "HTTP/1.0") return 0;
  const bool well_formed = text.size() == 8 && text.starts_with(version_prefix) && is_digit(text[5]) &&
                           text[6] == '.' && is_digit(text[7]);
  return fail(well_formed ? ParseError::unsupported_version : ParseError::bad_request_line);
}

std::optional<ParseError> parse_request_line(std::string_view line, RequestHead& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return ParseError::bad_request_line;
  const auto method = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  const auto version = parse_version(line.substr(last + 1));
  if (!is_token(method) || method.size() > method_bytes_max) return ParseError::bad_method;
  if (target.empty()) return ParseError::bad_request_line;
  if (!is_target(target)) return ParseError::bad_target;
  if (!version) return version.error();
  head.method = method;
  head.target = target;
  head.minor_version = *version;
  return std::nullopt;
}

// host[:port] or [v6][:port]. An http address without a host is invalid (RFC 9110 section 4.2.1), so an empty
// field is too.
bool is_host_field(std::string_view value) {
  const bool bracketed = value.starts_with('[');
  const auto host_bytes = bracketed ? value.find(']') : std::min(value.find(':'), value.size());
  if (host_bytes == std::string_view::npos) return false;
  const auto host = value.substr(0, host_bytes);
  if (bracketed ? !is_ipv6_literal(host.substr(1)) : !is_host_name(host)) return false;
  const auto port = value.substr(host_bytes + (bracketed ? 1 : 0));
  return port.empty() ||
         (port.front() == ':' && port.size() <= 6 && std::all_of(port.begin() + 1, port.end(), is_digit));
}

std::optional<ParseError> check_host(const RequestHead& head) {
  const auto hosts = head.fields.count("Host");
  if (hosts > 1) return ParseError::several_hosts;
  if (hosts == 0) return head.minor_version == 0 ? std::nullopt : std::optional(ParseError::no_host);
  if (!is_host_field(*head.fields.find("Host"))) return ParseError::bad_host;
  return std::nullopt;
}

Expectation expectation_of(const RequestHead& head) {
  if (head.minor_version == 0 || head.fields.count("Expect") == 0) return Expectation::none;
  for (const auto element: head.fields.elements("Expect")) {
    if (!equal_ignoring_case(element, "100-continue")) return Expectation::unknown;
  }
  return Expectation::continue_100;
}

}  // namespace

void RequestParser::feed(Bytes bytes) {
  if (state_ == State::broken) return;
  CROSSPOINT_ASSERT(input_.empty());
  input_ = bytes;
}

Bytes RequestParser::take_unread() { return std::exchange(input_, {}); }

RequestParser::Step RequestParser::next() {
  if (state_ == State::broken) return fail(error_);
  if (state_ == State::body) return take_body();
  while (!input_.empty()) {
    auto step = state_ == State::request_line ? take_request_line() : take_field();
    if (!step || *step) return step;
  }
  return Step{};
}

RequestParser::Step RequestParser::take_request_line() {
  // METHOD SP TARGET SP HTTP/1.1 CR LF, at their longest.
  const std::size_t line_bytes_max = method_bytes_max + limits_.target_bytes_max + 12;
  const auto line =
      lines_.take(input_, std::min(line_bytes_max, limits_.bytes_max - lines_.bytes_of_lines()));
  if (!line)
    return refuse(line.error() == LineError::too_long ? error_of_long_line() : ParseError::bad_line_ending);
  if (!*line) return Step{};
  if ((*line)->empty() && !begun_) {  // one empty line is forgiven (RFC 9112 section 2.2)
    begun_ = true;
    return Step{};
  }
  begun_ = true;
  if (const auto error = parse_request_line(**line, head_)) return refuse(*error);
  if (head_.target.size() > limits_.target_bytes_max) return refuse(ParseError::target_too_long);
  state_ = State::fields;
  return Step{};
}

// The line is longer than any that we accept: which part is it?
ParseError RequestParser::error_of_long_line() const {
  if (lines_.partial().find(' ') > method_bytes_max) return ParseError::bad_method;
  return lines_.partial().size() > limits_.target_bytes_max ? ParseError::target_too_long
                                                            : ParseError::head_too_big;
}

RequestParser::Step RequestParser::take_field() {
  const auto line = lines_.take(input_, limits_.bytes_max - lines_.bytes_of_lines());
  if (!line) {
    return refuse(line.error() == LineError::too_long ? ParseError::head_too_big
                                                      : ParseError::bad_line_ending);
  }
  if (!*line) return Step{};
  if ((*line)->empty()) return finish_head();
  if (head_.fields.size() == limits_.fields_max) return refuse(ParseError::too_many_fields);
  const auto field = parse_field(**line);
  if (!field) return refuse(field.error());
  if (head_.fields.size() == 0)
    head_.fields.reserve(std::min(input_.size() + (*line)->size(), limits_.bytes_max));
  head_.fields.add(field->name, field->value);
  return Step{};
}

RequestParser::Step RequestParser::finish_head() {
  if (const auto error = check_host(head_)) return refuse(*error);
  const auto framing = framing_of(head_.fields, head_.minor_version);
  if (!framing) return refuse(framing.error());
  RequestStart start;
  start.body = *framing;
  start.keep_alive = keeps_alive(head_.fields, head_.minor_version);
  start.expectation = expectation_of(head_);
  start.head = std::exchange(head_, {});
  lines_.reset();
  body_.begin(*framing);
  state_ = State::body;
  return Step{std::move(start)};
}

RequestParser::Step RequestParser::take_body() {
  const auto event = body_.next(input_);
  if (!event) return refuse(event.error());
  if (!*event) return Step{};
  if (std::holds_alternative<MessageEnd>(**event)) {
    state_ = State::request_line;
    begun_ = false;
  }
  return std::visit([](const auto& part) { return Step{part}; }, **event);
}

RequestParser::Step RequestParser::refuse(ParseError error) {
  state_ = State::broken;
  error_ = error;
  input_ = {};
  head_ = {};
  lines_.reset();
  return fail(error);
}

}  // namespace crosspoint::http
