#pragma once
// What comes over WAMP, as one line of JSON each: for shells, and for programs that are started for each
// call. Without the line's end.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "wamp/client/agent.h"

namespace crosspoint::wamp::client {

// A result: the value, where it is one without names; null, where there is none; otherwise
// {"args":[…],"kwargs":{…}}, each where it is there.
std::string result_line(const Payload& payload);
// {"topic":"com.lab.alarm","publication":7,"args":[…],"kwargs":{…}}
std::string event_line(const Event& event);
// {"procedure":"com.lab.scan","args":[…],"kwargs":{…}}, and "caller" and so on where they are disclosed.
std::string invocation_line(const Invoked& invoked);
// For people: "wamp.error.no_such_procedure: no callee …", with what the other side had to say.
std::string failure_line(const Failure& failure);

// The positional arguments as words, in their order: text as it is, everything else as JSON.
std::vector<std::string> words_of(const Payload& payload);

// A line of a program that answers in parts: {"args":[…],"kwargs":{…},"progress":true,"error":"com.…"}, each
// where it is there, and what else there is passed over; but one of them must be, or nothing at all. The
// error is the rest of a sentence that begins with the program's name.
struct AnswerPart {
  bool progress = false;
  std::string error;         // a URI; empty: none
  std::string args, kwargs;  // JSON; empty: none
};
Result<AnswerPart, std::string> read_answer_line(std::string_view line);

// What a program wrote, as Args in JSON: nothing, a JSON value, or text without its last line end.
std::string args_of_output(std::string_view output);

}  // namespace crosspoint::wamp::client
