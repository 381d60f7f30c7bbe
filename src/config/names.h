#pragma once
// Which names a command understands, new and old, and what each stands for.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "config/option_table.h"

namespace crosspoint::config {

struct KnownName {
  std::string name;                      // "--listen", "VW_PORT"
  std::size_t option = no_option;        // the row it stands for
  const Alias* alias = nullptr;          // set: an older name of the row
  const RetiredName* retired = nullptr;  // set: it stands for nothing
  bool negated = false;                  // "--no-stats"
};

// The flags of a command, the current ones first.
std::vector<KnownName> flags_of_command(std::string_view command);
// The variables: every row's own, whatever the command, and the older ones of this command.
std::vector<KnownName> variables_of_command(std::string_view command);

const KnownName* find_name(const std::vector<KnownName>& names, std::string_view name);
// Only the current ones: what "did you mean" should propose.
std::vector<std::string> current_names(const std::vector<KnownName>& names);

// CROSSPOINT_PORT, CROSSPOINT_SERVICE_HOST, CROSSPOINT_PORT_8080_TCP_ADDR and so on: a container platform
// sets them for a service called "crosspoint". They are not ours, and no option may have such a name.
bool is_service_link(std::string_view variable);

}  // namespace crosspoint::config
