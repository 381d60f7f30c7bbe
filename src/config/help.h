#pragma once
// What --help prints: at most 80 columns, made from the tables.

#include <string>

#include "config/command_table.h"

namespace crosspoint::config {

std::string overview();                       // `crosspoint help`
std::string help_on(const Command& command);  // `crosspoint serve --help`

// Breaks at spaces so that no line is longer than `columns`; every line but the first begins with `indent`
// spaces.
std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent);

}  // namespace crosspoint::config
