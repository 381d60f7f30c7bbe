#pragma once
// Pages made from the table: what `config show`, `config reference` and `config schema` print.

#include <string>
#include <string_view>

#include "config/settings.h"

namespace crosspoint::config {

// One line a setting that the command uses: key, value, source. Secrets are "***".
std::string show_settings(std::string_view command, const Settings& settings);

// docs/options.md. A test holds the committed page against it.
std::string reference_page();

// JSON Schema 2020-12 of the TOML file, for editors.
std::string json_schema();

}  // namespace crosspoint::config
