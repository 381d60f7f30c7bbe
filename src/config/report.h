#pragma once
// Pages made from the table: what `config show`, `config reference` and `config schema` print.

#include <span>
#include <string>
#include <string_view>

#include "config/section.h"
#include "config/settings.h"

namespace crosspoint::config {

// One line a setting that the command uses: key, value, source. Secrets are "***".
std::string show_settings(std::string_view command, const Settings& settings);

// docs/options.md. A test holds the committed page against it.
std::string reference_page();

// The same for a section that the table does not describe: docs/wamp-settings.md.
std::string section_page(const Section& section);

// JSON Schema 2020-12 of the TOML file, for editors.
std::string json_schema(std::span<const Section> sections = {});

}  // namespace crosspoint::config
