#include "json_at.h"

#include <nlohmann/json.hpp>

namespace crosspoint::journeys {

std::string at(const std::string& json, const std::string& pointer) {
  const auto parsed = nlohmann::ordered_json::parse(json, nullptr, false);
  const nlohmann::ordered_json::json_pointer place(pointer);
  return parsed.contains(place) ? parsed.at(place).dump() : "";
}

std::size_t size_of(const std::string& json) {
  return nlohmann::ordered_json::parse(json, nullptr, false).size();
}

}  // namespace crosspoint::journeys
