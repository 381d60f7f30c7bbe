#include "wamp/client/lines.h"

#include <fmt/core.h>

#include "data/transcode.h"
#include "data/value.h"
#include "wamp/client/words.h"
#include "wamp/uri.h"

namespace crosspoint::wamp::client {
namespace {

std::string to_json(data::Format format, Bytes value) {
  if (value.empty()) return {};
  const auto json = data::transcode(format, value, data::Format::json);
  // Such as a map whose keys are no text: JSON has none.
  return json ? crosspoint::to_string(Bytes(*json)) : std::string("null");
}

// ,"args":[…],"kwargs":{…}
std::string arguments_part(const Payload& payload) {
  std::string part;
  if (!payload.args.empty()) part += ",\"args\":" + to_json(payload.format, payload.args);
  if (!payload.kwargs.empty()) part += ",\"kwargs\":" + to_json(payload.format, payload.kwargs);
  return part;
}

std::string somebody_part(std::string_view role, const std::optional<Disclosed>& who) {
  if (!who) return {};
  auto part = fmt::format(",\"{}\":{}", role, number(who->session));
  if (!who->authid.empty()) part += fmt::format(",\"{}_authid\":{}", role, json_text(who->authid));
  if (!who->authrole.empty()) part += fmt::format(",\"{}_authrole\":{}", role, json_text(who->authrole));
  return part;
}

data::Value::Array elements_of(const Payload& payload) {
  if (payload.args.empty()) return {};
  auto value = data::read_value(payload.format, payload.args);
  if (!value || value->array() == nullptr) return {};
  return *value->array();
}

std::string json_of(const data::Value& value) {
  return crosspoint::to_string(Bytes(data::write_value(data::Format::json, value)));
}

}  // namespace

std::string result_line(const Payload& payload) {
  if (payload.kwargs.empty()) {
    if (payload.args.empty()) return "null";
    if (const auto elements = elements_of(payload); elements.size() == 1) return json_of(elements.front());
  }
  return "{" + arguments_part(payload).substr(1) + "}";
}

std::string event_line(const Event& event) {
  return fmt::format("{{\"topic\":{},\"publication\":{}{}{}}}", json_text(event.topic),
                     number(event.publication), arguments_part(event.payload),
                     somebody_part("publisher", event.publisher));
}

std::string invocation_line(const Invoked& invoked) {
  return fmt::format("{{\"procedure\":{}{}{}}}", json_text(invoked.procedure),
                     arguments_part(invoked.payload), somebody_part("caller", invoked.caller));
}

std::string failure_line(const Failure& failure) {
  auto line = std::string(failure.uri);
  if (!failure.sentence.empty()) line += fmt::format(": {}", failure.sentence);
  const auto elements = elements_of(failure.payload);
  if (elements.size() == 1 && elements.front().string() != nullptr && failure.payload.kwargs.empty()) {
    line += ": " + *elements.front().string();
  } else if (!failure.payload.empty()) {
    line += ": " + result_line(failure.payload);
  }
  for (auto& c: line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return line;
}

std::vector<std::string> words_of(const Payload& payload) {
  std::vector<std::string> words;
  for (const auto& element: elements_of(payload))
    words.push_back(element.string() != nullptr ? *element.string() : json_of(element));
  return words;
}

Result<AnswerPart, std::string> read_answer_line(std::string_view line) {
  const auto value = data::read_value(data::Format::json, as_bytes(line));
  constexpr std::string_view wanted_line =
      R"(an object with any of "args" (a list), "kwargs" (an object), "progress" (true) and "error" (a URI))";
  if (!value || value->map() == nullptr)
    return fail(fmt::format("wrote a line that is {}; wanted is {}",
                            value ? "JSON, and no object" : "no JSON", wanted_line));
  AnswerPart part;
  bool known = value->map()->empty();
  const auto wrong = [](std::string_view key, std::string_view wanted) {
    return fail(fmt::format("wrote a line whose {} is not {}", key, wanted));
  };
  for (const auto& [key, member]: *value->map()) {
    known = known || key == "progress" || key == "error" || key == "args" || key == "kwargs";
    if (key == "progress") {
      if (member.boolean() == nullptr) return wrong(key, "true or false");
      part.progress = *member.boolean();
    } else if (key == "error") {
      if (member.string() == nullptr || !is_uri(*member.string(), UriCheck::loose))
        return wrong(key, "a URI");
      part.error = *member.string();
    } else if (key == "args") {
      if (member.array() == nullptr) return wrong(key, "a list");
      part.args = json_of(member);
    } else if (key == "kwargs") {
      if (member.map() == nullptr) return wrong(key, "an object");
      part.kwargs = json_of(member);
    }
  }
  if (!known)
    return fail(fmt::format("wrote an object that is no part of an answer; wanted is {}", wanted_line));
  return part;
}

std::string args_of_output(std::string_view output) {
  if (output.ends_with('\n')) output.remove_suffix(1);
  if (output.ends_with('\r')) output.remove_suffix(1);
  if (output.empty()) return {};
  if (data::check(data::Format::json, as_bytes(output))) return "[" + std::string(output) + "]";
  return "[" + json_text(output) + "]";
}

}  // namespace crosspoint::wamp::client
