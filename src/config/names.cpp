#include "config/names.h"

#include "config/option_table.h"
#include "config/retired_names.h"

namespace crosspoint::config {
namespace {

void add_aliases(std::vector<KnownName>& names, std::string_view command, bool flags) {
  for (std::size_t i = 0; i < options.size(); ++i) {
    for (const Alias& alias: options[i].aliases) {
      if (alias.name.empty() || is_flag(alias.name) != flags || !has_word(alias.commands, command)) continue;
      names.push_back({std::string(alias.name), i, &alias, nullptr, false});
    }
  }
  for (const RetiredName& retired: retired_names) {
    if (is_flag(retired.name) != flags || !has_word(retired.commands, command)) continue;
    names.push_back({std::string(retired.name), no_option, nullptr, &retired, false});
  }
}

}  // namespace

std::vector<KnownName> flags_of_command(std::string_view command) {
  std::vector<KnownName> names;
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (!has_word(options[i].commands, command)) continue;
    const std::string flag = flag_of(options[i]);
    names.push_back({flag, i, nullptr, nullptr, false});
    if (options[i].type == ValueType::boolean)
      names.push_back({"--no-" + flag.substr(2), i, nullptr, nullptr, true});
  }
  add_aliases(names, command, true);
  return names;
}

std::vector<KnownName> variables_of_command(std::string_view command) {
  std::vector<KnownName> names;
  for (std::size_t i = 0; i < options.size(); ++i)
    names.push_back({variable_of(options[i]), i, nullptr, nullptr, false});
  add_aliases(names, command, false);
  return names;
}

const KnownName* find_name(const std::vector<KnownName>& names, std::string_view name) {
  for (const KnownName& known: names) {
    if (known.name == name) return &known;
  }
  return nullptr;
}

std::vector<std::string> current_names(const std::vector<KnownName>& names) {
  std::vector<std::string> out;
  for (const KnownName& known: names) {
    if (known.alias == nullptr && known.retired == nullptr) out.push_back(known.name);
  }
  return out;
}

bool is_service_link(std::string_view variable) {
  constexpr std::string_view prefix = "CROSSPOINT_";
  if (!variable.starts_with(prefix)) return false;
  const auto rest = variable.substr(prefix.size());
  // A service called "crosspoint-relay" gives CROSSPOINT_RELAY_SERVICE_HOST.
  return rest == "PORT" || rest.ends_with("_PORT") || rest.starts_with("PORT_") ||
         rest.find("_PORT_") != rest.npos || rest.starts_with("SERVICE_") ||
         rest.find("_SERVICE_") != rest.npos;
}

}  // namespace crosspoint::config
