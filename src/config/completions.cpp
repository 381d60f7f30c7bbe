#include "config/completions.h"

#include <fmt/core.h>

#include <vector>

#include "config/command_table.h"
#include "config/names.h"
#include "config/value.h"

namespace crosspoint::config {
namespace {

// What comes after "crosspoint": "serve host … config completions".
std::vector<std::string> first_words() {
  std::vector<std::string> out;
  for (const Command& command: commands) {
    std::string word(command.name.substr(0, command.name.find(' ')));
    if (out.empty() || out.back() != word) out.push_back(std::move(word));
  }
  return out;
}

std::string second_words(std::string_view first) {
  std::string out;
  for (const Command& command: commands) {
    if (command.name.starts_with(std::string(first) + " ")) {
      out += (out.empty() ? "" : " ") + std::string(command.name.substr(first.size() + 1));
    }
  }
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word: words) out += (out.empty() ? "" : " ") + word;
  return out;
}

bool completes_files(const Option& option) { return option.placeholder == "FILE"; }

// The words that follow a flag, whatever the command: a choice's.
std::string choice_cases(std::string_view separator) {
  std::string out;
  for (const Option& option: options) {
    if (option.type != ValueType::choice) continue;
    out += fmt::format("    {}{}COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); return ;;\n", flag_of(option),
                       separator, joined(choice_words(option)));
  }
  return out;
}

std::string file_flags() {
  std::string out;
  for (const Option& option: options) {
    if (completes_files(option)) out += (out.empty() ? "" : "|") + flag_of(option);
  }
  return out;
}

// For single quotes of the shell, with a backslash before each of `special`.
std::string zsh_quoted(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c: text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      if (special.find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string zsh_action(const Option& option) {
  if (option.type == ValueType::boolean) return "";
  const std::string message = zsh_quoted(placeholder_of(option), ":");
  if (option.type == ValueType::choice) return fmt::format(":{}:({})", message, joined(choice_words(option)));
  if (completes_files(option)) return fmt::format(":{}:_files", message);
  return fmt::format(":{}: ", message);
}

std::string zsh_flags(std::string_view command) {
  std::string out;
  for (const KnownName& name: flags_of_command(command)) {
    if (name.alias != nullptr || name.retired != nullptr) continue;
    const Option& option = options[name.option];
    const std::string about = (name.negated ? "turn off: " : "") + std::string(option.help);
    out += fmt::format(" \\\n        '{}{}[{}]{}'", name.name, option.type == ValueType::boolean ? "" : "=",
                       zsh_quoted(about, "[]\\"), zsh_action(option));
  }
  return out;
}

}  // namespace

std::string bash_completions() {
  std::string out =
      "# bash completion for crosspoint; source <(crosspoint completions bash)\n"
      "_crosspoint() {\n"
      "  local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
      "  COMPREPLY=()\n"
      "  if [[ $COMP_CWORD -eq 1 ]]; then\n";
  out +=
      fmt::format("    COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); return\n  fi\n", joined(first_words()));
  out += "  case \"$before\" in\n" + choice_cases(") ");
  out += fmt::format("    {}) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n  esac\n", file_flags());
  out += "  case \"${COMP_WORDS[1]}\" in\n";
  for (const auto& first: first_words()) {
    std::string words = second_words(first);
    if (first == "completions") words = "bash zsh";
    if (first == "token") words = "inspect verify";
    if (first == "help") words = joined(first_words());
    for (const auto& flag: current_names(flags_of_command(first))) words += (words.empty() ? "" : " ") + flag;
    if (first == "check") {
      out += "    check) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n";
    } else {
      out += fmt::format("    {}) COMPREPLY=($(compgen -W \"{} --help\" -- \"$word\")) ;;\n", first, words);
    }
  }
  return out + "  esac\n}\ncomplete -o filenames -F _crosspoint crosspoint\n";
}

std::string zsh_completions() {
  std::string out =
      "#compdef crosspoint\n"
      "_crosspoint() {\n"
      "  local -a commands=(\n";
  for (const Command& command: commands) {
    if (command.name.find(' ') == std::string_view::npos) {
      out += fmt::format("    '{}:{}'\n", command.name, zsh_quoted(command.summary, ":"));
    }
  }
  out += "    'config:settings, their reference and their schema'\n  )\n";
  out += "  if (( CURRENT == 2 )); then _describe command commands; return; fi\n  case $words[2] in\n";
  for (const auto& first: first_words()) {
    if (const std::string flags = zsh_flags(first); !flags.empty()) {
      out += fmt::format("    {})\n      shift words; (( CURRENT-- ))\n      _arguments{}\n      ;;\n", first,
                         flags);
    } else if (const std::string seconds = second_words(first); !seconds.empty()) {
      out += fmt::format("    {}) compadd {} ;;\n", first, seconds);
    }
  }
  out +=
      "    completions) compadd bash zsh ;;\n    check) _files ;;\n    help) _describe command commands ;;\n";
  return out + "  esac\n}\n_crosspoint \"$@\"\n";
}

}  // namespace crosspoint::config
