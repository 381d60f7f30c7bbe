#pragma once
// JSON (RFC 8259) as strangers send it in tokens, and operators in key sets: read into a plain tree, or
// refused. Stricter than the RFC where leniency has let attackers in, or readers disagree:
//
//   - the text is one object, without a byte order mark before it or a zero byte anywhere;
//   - no object, however deep, has a member twice (RFC 8725 section 2.6);
//   - nesting and the number of values are bounded, and what is beyond is never built.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace crosspoint::token {

enum class JsonError {
  malformed,         // not JSON, not UTF-8, not an object, or a number that no double holds (1e400)
  duplicate_member,  // two readers could take different ones
  too_deep,
  too_many_values,
};

struct JsonLimits {
  std::size_t depth_max = 8;
  std::size_t values_max = 256;
};

struct JsonMember;
struct JsonValue {
  enum class Kind { null, boolean, number, text, list, object };
  Kind kind = Kind::null;
  bool boolean = false;
  double number = 0;
  std::string text;
  std::vector<JsonValue> items;     // of a list
  std::vector<JsonMember> members;  // of an object, in the order of the text

  // The member of this name, unless there is none or this is no object.
  const JsonValue* find(std::string_view name) const;
  bool is(Kind wanted) const { return kind == wanted; }
};
struct JsonMember {
  std::string name;
  JsonValue value;
};

Result<JsonValue, JsonError> read_json_object(std::string_view text, JsonLimits limits = {});

}  // namespace crosspoint::token
