// WampArguments (include/crosspoint/wamp_arguments.h).
#include <crosspoint/wamp_arguments.h>
#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace crosspoint {
namespace {

std::string_view words(WampValue::Type type) {
  switch (type) {
    case WampValue::Type::null: return "missing";
    case WampValue::Type::boolean: return "true or false";
    case WampValue::Type::integer:
    case WampValue::Type::natural: return "an integer";
    case WampValue::Type::real: return "a number";
    case WampValue::Type::text: return "text";
    case WampValue::Type::binary: return "binary";
    case WampValue::Type::list: return "a list";
    case WampValue::Type::map: return "a map";
  }
  return "something else";
}

}  // namespace

const WampValue& WampArguments::find(const Place& at) const {
  return at.named_ ? kwargs_[at.name_] : args_[at.index_];
}

void WampArguments::refuse(const Place& at, std::string_view wanted) {
  if (!problem_.empty()) return;
  const auto place = at.named_ ? fmt::format("kwargs.{}", at.name_) : fmt::format("args[{}]", at.index_);
  problem_ = fmt::format("{} must be {}, and is {}", place, wanted, words(find(at).type()));
}

bool WampArguments::boolean(Place at) {
  if (const auto value = find(at).boolean()) return *value;
  refuse(at, "true or false");
  return false;
}

std::int64_t WampArguments::integer(Place at) {
  if (const auto value = find(at).integer()) return *value;
  refuse(at, "a whole number from -2^63 to 2^63-1");
  return 0;
}

std::uint64_t WampArguments::natural(Place at) {
  if (const auto value = find(at).natural()) return *value;
  refuse(at, "a whole number from 0 to 2^64-1");
  return 0;
}

double WampArguments::number(Place at) {
  if (const auto value = find(at).number()) return *value;
  refuse(at, "a number");
  return 0;
}

std::string WampArguments::text(Place at) {
  if (const auto* value = find(at).text()) return *value;
  refuse(at, "text");
  return {};
}

WampValue::Binary WampArguments::binary(Place at) {
  if (const auto* value = find(at).binary()) return *value;
  refuse(at, "binary");
  return {};
}

const WampList& WampArguments::list(Place at) {
  static const WampList none;
  if (const auto* value = find(at).list()) return *value;
  refuse(at, "a list");
  return none;
}

const WampMap& WampArguments::map(Place at) {
  static const WampMap none;
  if (const auto* value = find(at).map()) return *value;
  refuse(at, "a map");
  return none;
}

const WampValue& WampArguments::value(Place at) {
  const auto& value = find(at);
  if (value.is_null()) refuse(at, "there");
  return value;
}

bool WampArguments::boolean(Place at, bool otherwise) { return find(at).is_null() ? otherwise : boolean(at); }
std::int64_t WampArguments::integer(Place at, std::int64_t otherwise) {
  return find(at).is_null() ? otherwise : integer(at);
}
std::uint64_t WampArguments::natural(Place at, std::uint64_t otherwise) {
  return find(at).is_null() ? otherwise : natural(at);
}
double WampArguments::number(Place at, double otherwise) {
  return find(at).is_null() ? otherwise : number(at);
}
std::string WampArguments::text(Place at, std::string otherwise) {
  return find(at).is_null() ? std::move(otherwise) : text(at);
}

void WampArguments::at_most(std::size_t args, std::initializer_list<std::string_view> names) {
  if (!problem_.empty()) return;
  if (args_.size() > args) {
    problem_ = fmt::format("args has {} elements, and at most {} are known", args_.size(), args);
    return;
  }
  const auto* unknown = std::find_if(kwargs_.begin(), kwargs_.end(), [&](const WampMap::Member& member) {
    return std::ranges::find(names, std::string_view(member.first)) == names.end();
  });
  if (unknown != kwargs_.end()) problem_ = fmt::format("kwargs.{} is not known here", unknown->first);
}

}  // namespace crosspoint
