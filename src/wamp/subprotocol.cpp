#include "wamp/subprotocol.h"

namespace crosspoint::wamp {

std::optional<Subprotocol> find_subprotocol(std::string_view name, data::Format ubjson_as) {
  constexpr std::string_view prefix = "wamp.2.", suffix = ".batched";
  if (!name.starts_with(prefix)) return std::nullopt;
  name.remove_prefix(prefix.size());
  const bool batched = name.ends_with(suffix);
  if (batched) name.remove_suffix(suffix.size());
  const auto format = data::find_format(name);
  if (!format || *format == data::Format::bjdata) return std::nullopt;  // bjdata goes by the name of ubjson
  return Subprotocol{*format == data::Format::ubjson ? ubjson_as : *format, batched};
}

}  // namespace crosspoint::wamp
