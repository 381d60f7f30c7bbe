#include "base/audit.h"

#include <fmt/core.h>

namespace crosspoint::log {

std::string quoted(std::string_view text) {
  constexpr std::size_t shown_max = 200;
  return fmt::format("{:?}", text.substr(0, shown_max));
}

}  // namespace crosspoint::log
