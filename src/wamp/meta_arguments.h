#pragma once
// What procedures of this program itself are called with: those of the router (meta_api.h), and those of a
// part of the program that lives in a realm (resident.h). Read into a tree, since here somebody looks inside.

#include <string>
#include <string_view>

#include "base/result.h"
#include "data/value.h"
#include "wamp/options.h"
#include "wamp/payload.h"
#include "wamp/uri.h"

namespace crosspoint::wamp {

struct MetaError {
  std::string_view error;  // an error URI
  std::string text;
};
using MetaResult = Result<data::Value, MetaError>;  // the one positional result

// The arguments of one call, with the types that procedures ask for. Each is looked for by its place, then by
// its name; null counts as absent where it may be.
class MetaArguments {
 public:
  MetaArguments(data::Value::Array args, data::Value kwargs)
      : args_(std::move(args)), kwargs_(std::move(kwargs)) {}
  // invalid_argument: they are too large, too deep, or not to be read (PassThrough).
  static Result<MetaArguments, MetaError> read(const Payload& payload, const PassThrough& pass_through);

  // The n-th positional argument, or the keyword if there is one of that name. Null: neither.
  const data::Value* find(std::size_t place, std::string_view name) const;

  Result<std::uint64_t, MetaError> id(std::size_t place, std::string_view name) const;
  Result<std::string, MetaError> text(std::size_t place, std::string_view name) const;
  // Absent or null: empty.
  Result<std::string, MetaError> optional_text(std::size_t place, std::string_view name) const;
  // A URI; absent or null: empty.
  Result<std::string, MetaError> reason(std::size_t place, UriCheck check) const;
  Result<Match, MetaError> match() const;  // [uri, {"match": …}?]

  const data::Value::Array& args() const { return args_; }
  const data::Value& kwargs() const { return kwargs_; }

 private:
  data::Value::Array args_;
  data::Value kwargs_;
};

// What procedures answer to a bad argument.
std::unexpected<MetaError> bad_argument(std::string text);

}  // namespace crosspoint::wamp
