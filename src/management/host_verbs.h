#pragma once
// The verbs of a host's API as procedures: their names, and what they are called with, read and checked.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "wamp/meta_arguments.h"

namespace crosspoint::management {

enum class HostVerb : std::uint8_t {
  healthcheck,
  status,
  add_stream,
  list_streams,
  delete_stream,
  add_destination,
  list_destinations,
  delete_destination,
};
std::span<const HostVerb> host_verbs();
std::string_view name_of(HostVerb verb);  // "stream.add": what follows the prefix
bool changes_rules(HostVerb verb);

// What the verb is about: a rule as JSON, the name of one (an id that is a whole number is its digits), or
// nothing. invalid_argument, with a sentence.
Result<std::string, wamp::MetaError> read_subject(HostVerb verb, const wamp::MetaArguments& arguments);

}  // namespace crosspoint::management
