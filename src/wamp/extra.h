#pragma once
// A few named values of the opening: CHALLENGE.Extra and WELCOME.Details.authextra, before they are spelt for
// a client.

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "data/writer.h"

namespace crosspoint::wamp {

using ExtraValue = std::variant<std::nullptr_t, bool, std::int64_t, std::string>;
using Extra = std::vector<std::pair<std::string, ExtraValue>>;

// As a map.
void write(data::Writer& writer, const Extra& extra);

}  // namespace crosspoint::wamp
