#pragma once
// A setting's value, and the sentences that say why a text is not one.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/option.h"

namespace crosspoint::config {

using Value = std::variant<std::string,                // text, secret, choice, endpoint
                           std::int64_t,               // integer
                           std::uint64_t,              // bytes
                           Duration,                   // duration
                           bool,                       // boolean
                           std::vector<std::string>>;  // list

// What a source wrote. Flags and variables write text; a file may also write other things.
struct Written {
  enum class Kind { text, integer, boolean, list, other };
  Kind kind = Kind::text;
  std::string text;  // text; integer as digits; boolean as "true" or "false"; other: "a date", "a table"
  std::vector<std::string> list;
  bool in_file = false;  // then booleans and integers are not written as text

  static Written flag_or_variable(std::string_view text) {
    return {Kind::text, std::string(text), {}, false};
  }
};

// The value, within its bounds. The error is the rest of a sentence that begins with the setting's name:
// `"5 parsecs" is not a duration; write a number and a unit: 500ms, 5s, 2m, 1h`. A secret's value is not in
// it.
Result<Value, std::string> read_value(const Option& option, const Written& written);
Result<Value, std::string> read_text(const Option& option, std::string_view text);

// As a user would write it. A secret that is set is "***".
std::string print_value(const Option& option, const Value& value);
// "a duration, at least 100ms, at most 1h, or 0 (never)": what is accepted.
std::string describe_values(const Option& option);

// The spelling that the table has for this choice ("WARN" is "warning"); empty when it is none of them.
std::string_view find_choice(const Option& option, std::string_view text);
// The words, without their other spellings.
std::vector<std::string> choice_words(const Option& option);

// Cut at 80 bytes, control characters shown as '?': fit for a terminal and a log.
std::string printable(std::string_view text);
std::string in_quotes(std::string_view text);  // the same in quotes

// Host and port of an endpoint, and back again: for older names that set one of the two.
struct EndpointParts {
  std::string host;  // with its brackets
  std::string port;
};
// The error says what is wrong with it.
Result<EndpointParts, std::string> split_endpoint(std::string_view text);

}  // namespace crosspoint::config
