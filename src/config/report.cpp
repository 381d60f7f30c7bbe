#include "config/report.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "config/command_table.h"
#include "config/retired_names.h"
#include "config/units.h"

namespace crosspoint::config {
namespace {

std::string code(std::string_view text) { return fmt::format("`{}`", text); }

// "", "a", "a and b", "a, b and c"
std::string listed(const std::vector<std::string>& items) {
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i)
    out += (i == 0 ? "" : i + 1 == items.size() ? " and " : ", ") + items[i];
  return out;
}

std::vector<std::string> coded_words(std::string_view words) {
  std::vector<std::string> out;
  for_each_word(words, ' ', [&](std::string_view word) { out.push_back(code(word)); });
  return out;
}

// "`VW_PORT` (`host`; a port alone)"
std::string alias_words(const Alias& alias) {
  std::string about = listed(coded_words(alias.commands));
  switch (alias.reading) {
    case Reading::whole: break;
    case Reading::port: about += "; a port alone"; break;
    case Reading::port_everywhere: about += "; a port alone, on every address"; break;
    case Reading::address: about += "; an address alone"; break;
    case Reading::seconds: about += "; a number alone counts seconds"; break;
  }
  if (!alias.otherwise.empty()) about += fmt::format("; an unknown value is {}", code(alias.otherwise));
  return fmt::format("{} ({})", code(alias.name), about);
}

std::string names_line(const Option& option) {
  const std::string placeholder = placeholder_of(option);
  const std::string flag = flag_of(option) + (placeholder.empty() ? "" : " " + placeholder);
  std::string out = fmt::format("{} · {}", code(flag), code(variable_of(option)));
  if (!option.initial.empty()) out += fmt::format(" · default {}", code(option.initial));
  if (option.initial == "0" && !option.zero.empty()) out += fmt::format(" ({})", option.zero);
  return out;
}

std::string reference_entry(const Option& option) {
  std::string out =
      fmt::format("### {}\n\n{}\n\n", option.in_file ? option.key : flag_of(option), names_line(option));
  std::string help(option.help);
  if (help[0] >= 'a' && help[0] <= 'z') help[0] = static_cast<char>(help[0] - 'a' + 'A');
  out += fmt::format("{}. Value: {}. For {}.\n", help, describe_values(option),
                     listed(coded_words(option.commands)));
  if (!option.more.empty()) out += fmt::format("\n{}\n", option.more);
  std::vector<std::string> aliases;
  for (const Alias& alias: option.aliases) {
    if (!alias.name.empty()) aliases.push_back(alias_words(alias));
  }
  if (!aliases.empty()) out += fmt::format("\nAlso understood: {}.\n", listed(aliases));
  return out + "\n";
}

std::vector<std::string_view> sections() {
  std::vector<std::string_view> out;
  for (const Option& option: options) {
    const auto section = section_of(option);
    if (std::find(out.begin(), out.end(), section) == out.end()) out.push_back(section);
  }
  return out;
}

constexpr std::string_view reference_head =
    "# Options\n"
    "\n"
    "This page is made from the table in `src/config/option_table.h` by `crosspoint config reference`: "
    "change the table, "
    "not the page.\n"
    "\n"
    "An option can be set in four places. A flag wins over a variable, a variable over the file, the file "
    "over the "
    "default. `crosspoint config show` prints every value and the place it comes from; `crosspoint check "
    "FILE` checks a "
    "file without starting anything.\n"
    "\n"
    "```sh\n"
    "crosspoint serve --listen :8080                 # flag\n"
    "CROSSPOINT_LISTEN=:8080 crosspoint serve        # variable\n"
    "crosspoint serve --config node.toml             # file (or CROSSPOINT_CONFIG=node.toml)\n"
    "```\n"
    "```toml\n"
    "# node.toml\n"
    "[serve]\n"
    "listen = \":8080\"\n"
    "message-bytes-max = \"10 MiB\"\n"
    "allow-origin = [\"https://lab.example.org\"]\n"
    "```\n"
    "\n"
    "Sizes have a unit (`64 KiB`, `4 MiB`, `1 GB`) or are bytes. Durations have one (`500ms`, `5s`, "
    "`1m30s`). Switches are "
    "`--stats` and `--no-stats`, as variables `true` or `false`. Lists are separated by commas; a flag may "
    "be repeated. An "
    "empty variable counts as unset. A name that does not exist is an error, in a file, as a flag, or as a "
    "variable that "
    "begins with `CROSSPOINT_`, except those that container platforms set for a service of that name "
    "(`CROSSPOINT_SERVICE_HOST`, `CROSSPOINT_PORT_8080_TCP`, …).\n"
    "\n"
    "A section that holds lists of things has a page of its own: [\\[wamp\\]](wamp-settings.md).\n"
    "\n"
    "Names that older programs used are accepted where they are listed. If an option's own name is set in "
    "the same place, "
    "that one wins, and the log says so.\n"
    "\n";

std::string retired_table() {
  std::string out = "## Accepted without effect\n\nSo that old start scripts work as they are.\n\n";
  out += "| Name | Command | Once |\n|---|---|---|\n";
  for (const RetiredName& retired: retired_names) {
    out += fmt::format("| {} | {} | {} |\n", code(retired.name), listed(coded_words(retired.commands)),
                       retired.was);
  }
  return out;
}

// --- Sections of their own
// -------------------------------------------------------------------------------------

std::string heading_of(const SectionTable& table) {
  return table.kind == SectionTable::Kind::one ? fmt::format("[{}]", table.path)
                                               : fmt::format("[[{}]]", table.path);
}

// In a cell of a Markdown table a bar would begin the next one.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c: text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string default_cell(const Option& option) {
  if (option.initial.empty()) return {};
  if (option.initial == "0" && !option.zero.empty()) return fmt::format("`0` ({})", option.zero);
  return code(option.initial);
}

std::string table_of(const SectionTable& table) {
  std::string out = fmt::format("## {}\n\n{}\n\n| Key | | Value | Default |\n|---|---|---|---|\n",
                                heading_of(table), table.about);
  for (const Option& row: table.rows) {
    out += fmt::format("| `{}` | {} | {} | {} |\n", row.key, cell(row.help), cell(describe_values(row)),
                       default_cell(row));
  }
  return out + "\n";
}

// --- JSON schema
// -----------------------------------------------------------------------------------------------

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c: text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string json_type(const Option& option) {
  switch (option.type) {
    case ValueType::text:
    case ValueType::secret:
    case ValueType::endpoint: return R"("type": "string")";
    case ValueType::boolean: return R"("type": "boolean")";
    case ValueType::list: return R"("type": ["array", "string"], "items": {"type": "string"})";
    case ValueType::bytes: return R"("type": ["string", "integer"], "minimum": 0)";
    case ValueType::duration: return R"("type": ["string", "integer"], "minimum": 0, "maximum": 0)";
    case ValueType::choice: break;
    case ValueType::integer: {
      std::string out = R"("type": "integer")";
      const auto least = option.zero.empty() ? option.least : std::string_view("0");
      if (!least.empty()) out += fmt::format(R"(, "minimum": {})", least);
      if (!option.most.empty()) out += fmt::format(R"(, "maximum": {})", option.most);
      return out;
    }
  }
  std::string words;
  for_each_word(option.choices, ' ', [&](std::string_view spellings) {
    for_each_word(spellings, '=',
                  [&](std::string_view word) { words += (words.empty() ? "" : ", ") + json_string(word); });
  });
  return fmt::format(R"("enum": [{}])", words);
}

std::string json_default(const Option& option) {
  if (option.initial.empty()) return {};
  const bool bare = option.type == ValueType::boolean || option.type == ValueType::integer;
  return fmt::format(R"(, "default": {})", bare ? std::string(option.initial) : json_string(option.initial));
}

std::string json_property(std::string_view key, const Option& option) {
  return fmt::format("{}: {{{}{}, \"description\": {}}}", json_string(key), json_type(option),
                     json_default(option), json_string(option.help));
}

bool is_inside(const SectionTable& inner, const SectionTable& outer) {
  return inner.path.starts_with(outer.path) && inner.path.size() > outer.path.size() &&
         inner.path[outer.path.size()] == '.' &&
         inner.path.find('.', outer.path.size() + 1) == std::string_view::npos;
}

// The table's keys, and the tables inside it.
std::string json_object(const SectionTable& table, std::span<const SectionTable> all) {
  std::string properties;
  const auto add = [&](const std::string& property) {
    properties += (properties.empty() ? "" : ", ") + property;
  };
  for (const Option& row: table.rows) add(json_property(row.key, row));
  for (const SectionTable& inner: all) {
    if (!is_inside(inner, table)) continue;
    const auto name = json_string(inner.path.substr(table.path.size() + 1));
    const auto object = json_object(inner, all);
    add(inner.kind == SectionTable::Kind::one
            ? fmt::format("{}: {}", name, object)
            : fmt::format(R"({}: {{"type": "array", "items": {}}})", name, object));
  }
  return fmt::format(R"({{"type": "object", "additionalProperties": false, "properties": {{{}}}}})",
                     properties);
}

}  // namespace

std::string section_page(const Section& section) {
  std::string out(section.about);
  for (const SectionTable& table: section.tables) out += table_of(table);
  out.pop_back();  // one end of line is enough
  return out;
}

std::string show_settings(std::string_view command, const Settings& settings) {
  struct Line {
    std::string key, value, source;
  };
  std::vector<Line> lines;
  std::size_t key_width = 0, value_width = 0;
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (!has_word(options[i].commands, command)) continue;
    std::string value = printable(print_value(options[i], settings.value_at(i)));
    if (value.empty()) value = "\"\"";
    lines.push_back({std::string(options[i].key), std::move(value), settings.source_at(i).text});
    key_width = std::max(key_width, lines.back().key.size());
    value_width = std::max(value_width, lines.back().value.size());
  }
  value_width = std::min<std::size_t>(value_width, 40);
  std::string out;
  for (const Line& line: lines) {
    out += fmt::format("{:<{}}  {:<{}}  {}\n", line.key, key_width, line.value, value_width, line.source);
  }
  return out;
}

std::string reference_page() {
  std::string out(reference_head);
  for (const auto section: sections()) {
    out += section.empty() ? "## Only as flag and variable\n\n" : fmt::format("## [{}]\n\n", section);
    for (const Option& option: options) {
      if (section_of(option) == section) out += reference_entry(option);
    }
  }
  return out + retired_table();
}

std::string json_schema(std::span<const Section> own_sections) {
  std::string out =
      "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"Crosspoint "
      "configuration\",\n"
      "  \"type\": \"object\",\n  \"additionalProperties\": false,\n  \"properties\": {";
  bool first_section = true;
  for (const auto section: sections()) {
    if (section.empty()) continue;
    out += fmt::format(
        "{}\n    {}: {{\n      \"type\": \"object\",\n      \"additionalProperties\": false,\n      "
        "\"properties\": {{",
        first_section ? "" : ",", json_string(section));
    first_section = false;
    bool first = true;
    for (const Option& option: options) {
      if (section_of(option) != section) continue;
      out += fmt::format("{}\n        {}", first ? "" : ",", json_property(last_part_of(option), option));
      first = false;
    }
    out += "\n      }\n    }";
  }
  for (const Section& section: own_sections) {
    if (section.tables.empty()) continue;
    out += fmt::format(",\n    {}: {}", json_string(section.name),
                       json_object(section.tables.front(), section.tables));
  }
  return out + "\n  }\n}\n";
}

}  // namespace crosspoint::config
