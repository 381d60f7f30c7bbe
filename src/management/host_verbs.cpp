#include "management/host_verbs.h"

#include <fmt/core.h>

#include "data/value.h"

namespace crosspoint::management {
namespace {

using wamp::bad_argument;
using wamp::MetaArguments;
using wamp::MetaError;
using Subject = Result<std::string, MetaError>;

constexpr HostVerb all[] = {HostVerb::healthcheck,       HostVerb::status,
                            HostVerb::add_stream,        HostVerb::list_streams,
                            HostVerb::delete_stream,     HostVerb::add_destination,
                            HostVerb::list_destinations, HostVerb::delete_destination};

// A rule is a map, given by itself or spread over the keywords.
Subject rule(const MetaArguments& arguments) {
  const bool by_name = arguments.args().empty();
  const bool both = !by_name && arguments.kwargs().map() != nullptr && !arguments.kwargs().map()->empty();
  if (both) return bad_argument("a rule is the one argument, or its fields are keywords; not both");
  if (arguments.args().size() > 1) return bad_argument("there is one argument, the rule");
  const auto& value = by_name ? arguments.kwargs() : arguments.args().front();
  if (value.map() == nullptr) return bad_argument("argument 0 (rule) must be a map");
  const auto bytes = data::write_value(data::Format::json, value);
  return crosspoint::to_string(Bytes(bytes));
}

Result<void, MetaError> nothing_else(const MetaArguments& arguments, std::string_view name) {
  if (arguments.args().size() > (name.empty() ? 0u : 1u)) {
    return name.empty() ? bad_argument("there are no arguments")
                        : bad_argument(fmt::format("there is one argument, {}", name));
  }
  if (arguments.kwargs().map() == nullptr) return {};
  for (const auto& [key, value]: *arguments.kwargs().map()) {
    if (key != name || key.empty())
      return bad_argument(fmt::format("there is no argument of the name \"{}\"", key));
    if (!arguments.args().empty()) return bad_argument(fmt::format("argument 0 ({}) is there twice", name));
  }
  return {};
}

// Ids are often numbers, which a shell makes of them: a whole one is its digits.
std::string digits_of(const data::Value* value) {
  if (value == nullptr) return {};
  if (const auto* natural = value->natural()) return fmt::format("{}", *natural);
  if (const auto* integer = value->integer()) return fmt::format("{}", *integer);
  return {};
}

enum class Name : std::uint8_t { must_be_there, may_be_left_out };
Subject name(const MetaArguments& arguments, std::string_view word, Name needed) {
  if (auto checked = nothing_else(arguments, word); !checked) return fail(std::move(checked.error()));
  if (auto digits = digits_of(arguments.find(0, word)); word == "id" && !digits.empty()) return digits;
  auto text = needed == Name::must_be_there ? arguments.text(0, word) : arguments.optional_text(0, word);
  if (text && text->empty() && needed == Name::must_be_there)
    return bad_argument(fmt::format("argument 0 ({}) must not be empty", word));
  return text;
}

}  // namespace

std::span<const HostVerb> host_verbs() { return all; }

std::string_view name_of(HostVerb verb) {
  switch (verb) {
    case HostVerb::healthcheck: return "healthcheck";
    case HostVerb::status: return "status";
    case HostVerb::add_stream: return "stream.add";
    case HostVerb::list_streams: return "stream.list";
    case HostVerb::delete_stream: return "stream.delete";
    case HostVerb::add_destination: return "destination.add";
    case HostVerb::list_destinations: return "destination.list";
    case HostVerb::delete_destination: return "destination.delete";
  }
  return {};
}

bool changes_rules(HostVerb verb) {
  return verb == HostVerb::add_stream || verb == HostVerb::delete_stream ||
         verb == HostVerb::add_destination || verb == HostVerb::delete_destination;
}

Subject read_subject(HostVerb verb, const MetaArguments& arguments) {
  switch (verb) {
    case HostVerb::healthcheck:
    case HostVerb::status: {
      if (auto checked = nothing_else(arguments, {}); !checked) return fail(std::move(checked.error()));
      return std::string();
    }
    case HostVerb::add_stream:
    case HostVerb::add_destination: return rule(arguments);
    case HostVerb::list_streams: return name(arguments, "stream", Name::may_be_left_out);
    case HostVerb::delete_stream: return name(arguments, "stream", Name::must_be_there);
    case HostVerb::list_destinations: return name(arguments, "id", Name::may_be_left_out);
    case HostVerb::delete_destination: return name(arguments, "id", Name::must_be_there);
  }
  return std::string();
}

}  // namespace crosspoint::management
