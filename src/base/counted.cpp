#include "base/counted.h"

#include <fmt/core.h>

namespace crosspoint {

std::string counted(std::uint64_t number, std::string_view thing) {
  return fmt::format("{} {}{}", number, thing, number == 1 ? "" : "s");
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string and_more(std::uint64_t number) {
  return number == 0 ? std::string() : fmt::format(" ({} more like it)", number);
}

}  // namespace crosspoint
