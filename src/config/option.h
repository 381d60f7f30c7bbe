#pragma once
// What an option is: one row of the table in option_table.h. Parsing, --help, the reference page, the JSON
// schema, the completions and `config show` are all made from rows, and know no option by name.
//
// Names follow from the key. With the key "serve.ping-every":
//   in the file   [serve] ping-every = "54s"
//   flag          --ping-every            (a section that is a command is left out: others stay, --log-level)
//   variable      CROSSPOINT_PING_EVERY   (only `serve` is left out: CROSSPOINT_HOST_LISTEN,
//   CROSSPOINT_LOG_LEVEL) in the code   settings.get<"serve.ping-every">()
//
// Defaults and bounds are written as a user would write them ("54s", "4 MiB"), and read by the same code.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace crosspoint::config {

enum class ValueType {
  text,
  secret,    // text that is never shown: "***"
  integer,   // whole, signed
  bytes,     // "4 MiB", "64 kB", "1024"
  duration,  // "500ms", "1m30s", "0"
  boolean,   // true t yes on 1, false f no off 0
  choice,    // one word of a list
  list,      // texts; a flag may be repeated, commas separate
  endpoint,  // "127.0.0.1:8080", "[::1]:8080", ":8080", "unix:/run/crosspoint.sock"
};

// What the value of an older name means.
enum class Reading {
  whole,            // the same as under the new name
  port,             // a port number: takes the place of the endpoint's port
  port_everywhere,  // a port number: that port on every address of the machine
  address,          // an address: takes the place of the endpoint's host
  seconds,          // a duration, of which a number without a unit counts seconds
};

// A name that an older program used for the same thing: a flag ("--log") or a variable ("VW_PORT").
struct Alias {
  std::string_view name = {};
  std::string_view commands = {};  // where it is understood, separated by spaces
  Reading reading = Reading::whole;
  std::string_view otherwise = {};  // what a value means that cannot be read; empty: it is refused
};

struct Option {
  std::string_view key = {};
  ValueType type = ValueType::text;
  std::string_view commands = {};  // that have the flag, separated by spaces
  std::string_view group = {};     // the heading it stands under in --help
  std::string_view initial = {};   // the default
  std::string_view least = {};     // integer, bytes, duration: bounds; empty: none
  std::string_view most = {};
  std::string_view zero = {};  // what 0 means ("no limit"); then 0 is accepted whatever `least` says
  std::string_view choices =
      {};  // "auto video": the words, separated by spaces; "warning=warn": with other spellings
  std::string_view placeholder = {};  // in help; empty: by type
  std::string_view help = {};         // one line, at most 80 columns with the flag's column
  std::string_view more = {};         // whole sentences for the reference page
  std::string_view implies =
      {};               // a boolean's: "log.level=trace log.format=text", when true and those are not set
  bool in_file = true;  // may stand in the TOML file
  std::array<Alias, 4> aliases{};
};

// A name that is accepted for the sake of old start scripts and does nothing.
struct RetiredName {
  std::string_view name = {};
  ValueType type = ValueType::text;  // what its value must be
  std::string_view commands = {};
  std::string_view note = {};  // said when it is used; empty: nothing is said
  std::string_view was = {};   // what it once meant, for the reference page
};

// Calls visit(word) for each word between separators.
template <class Visit>
constexpr void for_each_word(std::string_view words, char separator, Visit visit) {
  while (!words.empty()) {
    const std::size_t end = words.find(separator);
    if (end != 0) visit(words.substr(0, end));
    words = end == std::string_view::npos ? std::string_view() : words.substr(end + 1);
  }
}

constexpr bool has_word(std::string_view words, std::string_view wanted) {
  bool found = false;
  for_each_word(words, ' ', [&](std::string_view word) { found = found || word == wanted; });
  return found;
}

constexpr std::string_view section_of(const Option& option) {
  const std::size_t dot = option.key.find('.');
  return dot == std::string_view::npos ? std::string_view() : option.key.substr(0, dot);
}
constexpr std::string_view last_part_of(const Option& option) {
  const std::size_t dot = option.key.find('.');
  return dot == std::string_view::npos ? option.key : option.key.substr(dot + 1);
}

constexpr bool is_flag(std::string_view name) { return name.starts_with("--"); }
constexpr bool is_secret(const Option& option) { return option.type == ValueType::secret; }

std::string flag_of(const Option& option);         // "--ping-every"
std::string variable_of(const Option& option);     // "CROSSPOINT_PING_EVERY"
std::string placeholder_of(const Option& option);  // "DURATION"; empty for a boolean

}  // namespace crosspoint::config
