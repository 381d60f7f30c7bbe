#include "wamp/meta_arguments.h"

#include <fmt/core.h>

#include <utility>

#include "wamp/error_uri.h"
#include "wamp/ids.h"

namespace crosspoint::wamp {
namespace {

// Arguments become trees, some forty times as large as what spelt them.
constexpr data::Limits argument_limits{.depth_max = 16, .bytes_max = 256 * 1024};

}  // namespace

Result<MetaArguments, MetaError> MetaArguments::read(const Payload& payload,
                                                     const PassThrough& pass_through) {
  if (pass_through) return bad_argument("this procedure takes no payload that is passed through");
  data::Value::Array args;
  data::Value kwargs;
  if (!payload.args.empty()) {
    auto read = data::read_value(payload.format, payload.args, argument_limits);
    if (!read) return bad_argument(fmt::format("Args: {}", data::to_string(read.error())));
    if (read->array() != nullptr) args = *read->array();
  }
  if (!payload.kwargs.empty()) {
    auto read = data::read_value(payload.format, payload.kwargs, argument_limits);
    if (!read) return bad_argument(fmt::format("Kwargs: {}", data::to_string(read.error())));
    kwargs = std::move(*read);
  }
  return MetaArguments(std::move(args), std::move(kwargs));
}

std::unexpected<MetaError> bad_argument(std::string text) {
  return fail(MetaError{error_uri::invalid_argument, std::move(text)});
}

const data::Value* MetaArguments::find(std::size_t place, std::string_view name) const {
  if (place < args_.size()) return &args_[place];
  return kwargs_.find(name);
}

Result<std::uint64_t, MetaError> MetaArguments::id(std::size_t place, std::string_view name) const {
  const auto* value = find(place, name);
  if (value != nullptr && value->natural() != nullptr && is_id(*value->natural())) return *value->natural();
  return bad_argument(fmt::format("argument {} ({}) must be an id", place, name));
}

Result<std::string, MetaError> MetaArguments::text(std::size_t place, std::string_view name) const {
  const auto* value = find(place, name);
  if (value != nullptr && value->string() != nullptr) return *value->string();
  return bad_argument(fmt::format("argument {} ({}) must be a string", place, name));
}

Result<std::string, MetaError> MetaArguments::optional_text(std::size_t place, std::string_view name) const {
  const auto* value = find(place, name);
  if (value == nullptr || value->is_null()) return std::string();
  return text(place, name);
}

Result<std::string, MetaError> MetaArguments::reason(std::size_t place, UriCheck check) const {
  auto reason = optional_text(place, "reason");
  if (!reason || reason->empty() || is_uri(*reason, check)) return reason;
  return fail(MetaError{error_uri::invalid_uri, "the reason must be a URI"});
}

Result<Match, MetaError> MetaArguments::match() const {
  const auto* options = find(1, "options");
  const auto* word = options == nullptr ? kwargs_.find("match") : options->find("match");
  if (word == nullptr || word->is_null()) return Match::exact;
  const auto match = word->string() == nullptr ? std::nullopt : find_match(*word->string());
  if (match) return *match;
  return bad_argument("match must be \"exact\", \"prefix\" or \"wildcard\"");
}

}  // namespace crosspoint::wamp
