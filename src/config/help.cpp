#include "config/help.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "config/option_table.h"
#include "config/value.h"

namespace crosspoint::config {
namespace {

constexpr std::size_t columns = 80;
constexpr std::size_t help_column = 32;
constexpr char hard_space = '\x1f';  // inside of "[4 MiB]": no line ends there

// " [10 MiB]", " [0: no limit]", " [on]"; nothing for an empty default.
std::string shown_default(const Option& option) {
  if (option.initial.empty()) return {};
  if (option.type == ValueType::boolean) return option.initial == "true" ? " [on]" : "";
  const bool zero_means = option.initial == "0" && !option.zero.empty();
  std::string text = zero_means ? fmt::format("[0: {}]", option.zero) : fmt::format("[{}]", option.initial);
  std::replace(text.begin(), text.end(), ' ', hard_space);
  return " " + text;
}

std::string left_side(const Option& option) {
  const std::string flag = flag_of(option);
  if (option.type == ValueType::boolean) {
    return option.initial == "true" ? fmt::format("  --[no-]{}", flag.substr(2)) : fmt::format("  {}", flag);
  }
  return fmt::format("  {} {}", flag, placeholder_of(option));
}

std::string right_side(const Option& option) {
  std::string text(option.help);
  if (option.type == ValueType::choice) text += ": " + describe_values(option);
  return text + shown_default(option);
}

std::string flag_line(const std::string& left, const std::string& right) {
  const bool fits = left.size() + 2 <= help_column;
  const std::string lead =
      fits ? left + std::string(help_column - left.size(), ' ') : left + "\n" + std::string(help_column, ' ');
  std::string text = wrapped(right, columns - help_column, help_column);
  std::replace(text.begin(), text.end(), hard_space, ' ');
  return lead + text + "\n";
}

std::string with_capital(std::string_view text) {
  std::string out(text);
  if (out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

// In the order of the table, but what every command has comes last.
std::vector<std::string_view> groups_of(std::string_view command) {
  std::vector<std::string_view> groups;
  for (const bool shared: {false, true}) {
    for (const Option& option: options) {
      const bool is_shared = option.group == "Configuration" || option.group == "Log";
      if (is_shared != shared || !has_word(option.commands, command)) continue;
      if (std::find(groups.begin(), groups.end(), option.group) == groups.end())
        groups.push_back(option.group);
    }
  }
  return groups;
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string out;
  std::size_t column = 0;
  for_each_word(text, ' ', [&](std::string_view word) {
    if (column > 0 && column + 1 + word.size() > width) {
      out += "\n" + std::string(indent, ' ');
      column = 0;
    } else if (column > 0) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  });
  return out;
}

std::string overview() {
  std::string out =
      "Crosspoint joins the lines of remote laboratories.\n\nUsage: crosspoint COMMAND [FLAGS]\n\n";
  for (const Command& command: commands) out += fmt::format("  {:<18}{}\n", command.name, command.summary);
  return out +
         "\n`crosspoint COMMAND --help` lists the flags of a command. Every flag is also a\n"
         "variable (--ping-every: CROSSPOINT_PING_EVERY) and a key of the file.\n";
}

std::string help_on(const Command& command) {
  const auto groups = groups_of(command.name);
  std::string out = fmt::format("Usage: crosspoint {}", command.name);
  if (!command.positionals.empty()) out += fmt::format(" {}", command.positionals);
  if (!groups.empty()) out += " [FLAGS]";
  out += fmt::format("\n\n{}.\n", with_capital(command.summary));
  if (!command.details.empty()) out += fmt::format("\n{}", command.details);
  for (const auto group: groups) {
    out += fmt::format("\n{}\n", group);
    for (const Option& option: options) {
      if (option.group == group && has_word(option.commands, command.name)) {
        out += flag_line(left_side(option), right_side(option));
      }
    }
  }
  return out;
}

}  // namespace crosspoint::config
