#pragma once
// What comes over WAMP, as one line of JSON each: for shells, and for programs that are started for each
// call. Without the line's end.

#include <string>
#include <string_view>

#include "base/result.h"
#include "wamp/client/agent.h"

namespace crosspoint::wamp::client {

// A result: the value, where it is one without names; null, where there is none; otherwise
// {"args":[…],"kwargs":{…}}, each where it is there.
std::string result_line(const Payload& payload);
// {"topic":"com.lab.alarm","args":[…],"kwargs":{…}}
std::string event_line(const Event& event);
// {"procedure":"com.lab.scan","args":[…],"kwargs":{…}}, and "caller" and so on where they are disclosed.
std::string invocation_line(const Invoked& invoked);
// For people: "wamp.error.no_such_procedure: no callee …", with what the other side had to say.
std::string failure_line(const Failure& failure);

// The positional arguments as words, in their order: text as it is, everything else as JSON.
std::vector<std::string> words_of(const Payload& payload);

// What a program wrote, as Args in JSON: nothing, a JSON value, or text without its last line end.
std::string args_of_output(std::string_view output);

}  // namespace crosspoint::wamp::client
