#include "relay/stats_command.h"

#include <nlohmann/json.hpp>

namespace crosspoint::relay {

bool is_stats_command(std::string_view message) {
  const auto parsed = nlohmann::json::parse(message, nullptr, false);
  if (!parsed.is_object()) return false;
  const auto command = parsed.find("cmd");
  return command != parsed.end() && command->is_string() &&
         command->get_ref<const std::string&>() == "update";
}

}  // namespace crosspoint::relay
