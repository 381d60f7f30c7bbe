#include "config/option.h"

#include <algorithm>

#include "config/command_table.h"

namespace crosspoint::config {
namespace {

std::string joined(std::string_view section, std::string_view last, char separator) {
  return section.empty() ? std::string(last) : std::string(section) + separator + std::string(last);
}

}  // namespace

std::string flag_of(const Option& option) {
  const auto section = section_of(option);
  return "--" +
         joined(find_command(section) != nullptr ? std::string_view() : section, last_part_of(option), '-');
}

std::string variable_of(const Option& option) {
  const auto section = section_of(option);
  std::string name =
      "CROSSPOINT_" + joined(section == "serve" ? std::string_view() : section, last_part_of(option), '_');
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    if (c == '-' || c == '.') return '_';
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return name;
}

std::string placeholder_of(const Option& option) {
  if (!option.placeholder.empty()) return std::string(option.placeholder);
  switch (option.type) {
    case ValueType::text: return "TEXT";
    case ValueType::secret: return "SECRET";
    case ValueType::integer: return "N";
    case ValueType::bytes: return "SIZE";
    case ValueType::duration: return "DURATION";
    case ValueType::boolean: return "";
    case ValueType::choice: return "WORD";
    case ValueType::list: return "LIST";
    case ValueType::endpoint: return "ADDRESS";
  }
  return "";
}

}  // namespace crosspoint::config
