#include "config/resolve.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "config/nearest_name.h"
#include "config/toml_file.h"

namespace crosspoint::config {
namespace {

// One thing that was written about one option, and could be read.
struct Given {
  std::size_t option;
  Reading reading;
  bool old_name;
  Value value;
  Source source;
};

class Resolver {
 public:
  explicit Resolver(const std::vector<Section>& known) : known_(known) {}
  void add_file(const std::string& name, std::string_view text);
  void add_environment(std::string_view command, const Environment& environment);
  void add_flags(const std::vector<FlagUse>& flags);
  void problem(Layer layer, std::string sentence) { out_.problems.push_back({layer, std::move(sentence)}); }
  Resolution finish();

 private:
  void add_named(Layer layer, std::string_view kind, const KnownName& name, std::string_view text);
  void add_retired(Layer layer, const KnownName& name, std::string_view text);
  void add_entry(const std::string& file, const FileEntry& entry);
  bool add_to_section(const std::string& file, const FileEntry& entry);
  void check_sections();
  void report_unknown(const std::string& place, const FileEntry& entry);
  void add(Given given) { given_.push_back(std::move(given)); }
  void note_conflicts();
  void apply(const Given& given);
  void apply_implications();

  const std::vector<Section>& known_;
  Resolution out_;
  std::vector<Given> given_;
  std::set<std::string, std::less<>> unknown_sections_;
};

std::vector<std::string> keys_in_files() {
  std::vector<std::string> keys;
  for (const Option& option: options) {
    if (option.in_file) keys.emplace_back(option.key);
  }
  return keys;
}

std::vector<std::string> sections_in_files(const std::vector<Section>& known) {
  std::vector<std::string> sections;
  for (const Section& section: known) sections.emplace_back(section.name);
  for (const Option& option: options) {
    const auto section = section_of(option);
    if (option.in_file && std::find(sections.begin(), sections.end(), section) == sections.end()) {
      sections.emplace_back(section);
    }
  }
  return sections;
}

std::string replaced_port(const std::string& endpoint, std::int64_t port, std::string_view fallback) {
  const auto parts = split_endpoint(endpoint.starts_with("unix:") ? fallback : std::string_view(endpoint));
  return fmt::format("{}:{}", parts ? parts->host : "", port);
}

std::string replaced_host(const std::string& endpoint, std::string host, std::string_view fallback) {
  const auto parts = split_endpoint(endpoint.starts_with("unix:") ? fallback : std::string_view(endpoint));
  if (host.find(':') != std::string::npos && !host.starts_with('[')) host = fmt::format("[{}]", host);
  return fmt::format("{}:{}", host, parts ? parts->port : "0");
}

// A part of an endpoint is read as what it is.
Result<Value, std::string> read_by(const Option& option, Reading reading, std::string_view text) {
  switch (reading) {
    case Reading::whole: return read_text(option, text);
    case Reading::port:
    case Reading::port_everywhere: {
      static constexpr Option port{.key = "port", .type = ValueType::integer, .least = "0", .most = "65535"};
      return read_text(port, text);
    }
    case Reading::address: {
      const std::string endpoint = replaced_host("x:0", std::string(text), "x:0");
      auto whole = read_text(option, endpoint);
      if (!whole) return whole;
      return Value(std::string(text));
    }
    case Reading::seconds: {
      const bool number = text.find_first_not_of("0123456789") == std::string_view::npos;
      return read_text(option, number ? std::string(text) + "s" : std::string(text));
    }
  }
  return fail(std::string("cannot be read"));
}

// --- what was written
// ------------------------------------------------------------------------------------------

void Resolver::add_retired(Layer layer, const KnownName& name, std::string_view text) {
  const Option shape{.key = name.retired->name, .type = name.retired->type};
  const auto value = read_text(shape, text);
  if (!value) return problem(layer, fmt::format("{}: {}", name.name, value.error()));
  if (!name.retired->note.empty()) out_.notes.push_back(fmt::format("{} {}", name.name, name.retired->note));
}

void Resolver::add_named(Layer layer, std::string_view kind, const KnownName& name, std::string_view text) {
  if (name.retired != nullptr) return add_retired(layer, name, text);
  const Option& option = options[name.option];
  const Reading reading = name.alias == nullptr ? Reading::whole : name.alias->reading;
  auto value = read_by(option, reading, text);
  if (!value && name.alias != nullptr && !name.alias->otherwise.empty()) {
    out_.notes.push_back(fmt::format("{}: {}; taken as {}", name.name, value.error(), name.alias->otherwise));
    value = read_by(option, reading, name.alias->otherwise);
  }
  if (!value) return problem(layer, fmt::format("{}: {}", name.name, value.error()));
  if (name.negated) value = Value(!std::get<bool>(*value));
  add({name.option,
       reading,
       name.alias != nullptr,
       std::move(*value),
       {layer, fmt::format("{} {}", kind, name.name)}});
}

void Resolver::add_flags(const std::vector<FlagUse>& flags) {
  for (const FlagUse& flag: flags) {
    add_named(Layer::flags, "flag", flag.name, flag.value);
    if (flag.name.option == no_option || !is_secret(options[flag.name.option])) continue;
    out_.notes.push_back(
        fmt::format("{} can be read by every user of this machine in the list of processes; {} is safer",
                    flag.name.name, variable_of(options[flag.name.option])));
  }
}

void Resolver::add_environment(std::string_view command, const Environment& environment) {
  const auto known = variables_of_command(command);
  for (const auto& [name, text]: environment) {
    if (const KnownName* found = find_name(known, name)) {
      if (!text.empty()) add_named(Layer::environment, "environment", *found, text);
    } else if (name.starts_with("CROSSPOINT_") && !is_service_link(name)) {
      problem(Layer::environment,
              fmt::format("{}: no such setting{}", name, hint(name, current_names(known))));
    }
  }
}

void Resolver::add_file(const std::string& name, std::string_view text) {
  const auto entries = read_toml(text);
  if (!entries) {
    const auto& error = entries.error();
    return problem(Layer::file,
                   fmt::format("{}:{}:{}: {}", name, error.at.line, error.at.column, error.sentence));
  }
  for (const FileEntry& entry: *entries) {
    if (!add_to_section(name, entry)) add_entry(name, entry);
  }
  check_sections();
}

bool Resolver::add_to_section(const std::string& file, const FileEntry& entry) {
  const auto dot = std::min(entry.key.find('.'), entry.key.size());
  const auto known = std::find_if(known_.begin(), known_.end(), [&](const Section& section) {
    return std::string_view(entry.key).substr(0, dot) == section.name;
  });
  if (known == known_.end()) return false;
  if (dot == entry.key.size() && !entry.is_table) return false;  // "wamp = 3"
  auto present = std::find_if(out_.sections.begin(), out_.sections.end(),
                              [&](const SectionText& text) { return text.name == known->name; });
  if (present == out_.sections.end()) {
    present = out_.sections.insert(present, {std::string(known->name), file, {entry.key_at, {}}});
  }
  if (dot == entry.key.size()) return true;  // "[wamp]" with nothing under it
  FileEntry inner = entry;
  inner.key = entry.key.substr(dot + 1);
  present->table.entries.push_back(std::move(inner));
  return true;
}

void Resolver::check_sections() {
  for (const SectionText& text: out_.sections) {
    for (const Section& section: known_) {
      if (section.name != text.name) continue;
      for (auto& sentence: section.check(text)) problem(Layer::file, std::move(sentence));
    }
  }
}

void Resolver::add_entry(const std::string& file, const FileEntry& entry) {
  const auto place = [&file](Position at) { return fmt::format("{}:{}:{}", file, at.line, at.column); };
  const std::size_t index = find_option(entry.key);
  if (index == no_option || !options[index].in_file) return report_unknown(place(entry.key_at), entry);
  auto value = read_value(options[index], entry.value);
  if (!value) {
    return problem(Layer::file, fmt::format("{}: {}: {}", place(entry.value_at), entry.key, value.error()));
  }
  add({index, Reading::whole, false, std::move(*value), {Layer::file, place(entry.value_at)}});
}

void Resolver::report_unknown(const std::string& place, const FileEntry& entry) {
  const auto sections = sections_in_files(known_);
  const auto dot = entry.key.find('.');
  const std::string section = entry.key.substr(0, dot);
  const bool known_section = std::find(sections.begin(), sections.end(), section) != sections.end();
  if (entry.is_table && dot == std::string::npos && known_section) return;  // "[serve]" with nothing under it
  if (known_section && dot != std::string::npos) {
    return problem(Layer::file, fmt::format("{}: {}: no such setting{}", place, printable(entry.key),
                                            hint(entry.key, keys_in_files())));
  }
  if (known_section && !entry.is_table) {
    return problem(Layer::file, fmt::format("{0}: {1} is a section; write [{1}] and its settings under it",
                                            place, section));
  }
  if (dot == std::string::npos && !entry.is_table) {
    // "listen = …" before any section.
    std::vector<std::string> same;
    for (const auto& key: keys_in_files()) {
      if (key.ends_with("." + entry.key)) same.push_back(key);
    }
    const std::string meant =
        same.empty() ? hint(entry.key, keys_in_files()) : fmt::format("; did you mean {}?", same[0]);
    return problem(Layer::file, fmt::format("{}: {}: no such setting{}", place, printable(entry.key), meant));
  }
  if (!unknown_sections_.insert(section).second) return;  // once is enough
  problem(Layer::file,
          fmt::format("{}: {}: no such section{}", place, printable(section), hint(section, sections)));
}

// --- what it comes to
// ------------------------------------------------------------------------------------------

void Resolver::note_conflicts() {
  for (const Given& old: given_) {
    if (!old.old_name) continue;
    const auto newer = std::find_if(given_.begin(), given_.end(), [&old](const Given& other) {
      return !other.old_name && other.option == old.option && other.source.layer == old.source.layer;
    });
    if (newer == given_.end()) continue;
    out_.notes.push_back(fmt::format("{} is overruled by {}", old.source.text, newer->source.text));
  }
}

void Resolver::apply(const Given& given) {
  const Option& option = options[given.option];
  const Value& present = out_.settings.value_at(given.option);
  Value next = given.value;
  switch (given.reading) {
    case Reading::whole:
    case Reading::seconds: break;
    case Reading::port:
      next =
          replaced_port(std::get<std::string>(present), std::get<std::int64_t>(given.value), option.initial);
      break;
    case Reading::port_everywhere: next = fmt::format(":{}", std::get<std::int64_t>(given.value)); break;
    case Reading::address:
      next =
          replaced_host(std::get<std::string>(present), std::get<std::string>(given.value), option.initial);
      break;
  }
  // A repeated flag adds to its list.
  const bool repeated = given.source.layer == Layer::flags && option.type == ValueType::list &&
                        out_.settings.source_at(given.option).layer == Layer::flags;
  if (repeated) {
    auto list = std::get<std::vector<std::string>>(present);
    const auto& more = std::get<std::vector<std::string>>(given.value);
    list.insert(list.end(), more.begin(), more.end());
    next = std::move(list);
  }
  Source source = given.source;
  // A part leaves the rest as it was: "node.toml:2:10, environment VW_PORT".
  const bool is_part = given.reading == Reading::port || given.reading == Reading::address;
  if (is_part && out_.settings.source_at(given.option).layer != Layer::initial) {
    source.text = fmt::format("{}, {}", out_.settings.source_at(given.option).text, source.text);
  }
  out_.settings.set(given.option, std::move(next), std::move(source));
}

void Resolver::apply_implications() {
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (options[i].implies.empty() || !std::get<bool>(out_.settings.value_at(i))) continue;
    const Source cause = out_.settings.source_at(i);
    for_each_word(options[i].implies, ' ', [&](std::string_view implied) {
      const std::size_t equals = implied.find('=');
      const std::size_t target = find_option(implied.substr(0, equals));
      if (out_.settings.source_at(target).layer >= cause.layer) return;
      out_.settings.set(target, *read_text(options[target], implied.substr(equals + 1)), cause);
    });
  }
}

Resolution Resolver::finish() {
  note_conflicts();
  // What is applied later wins; within one layer the older names come first, otherwise the order of writing
  // stays.
  for (const Layer layer: {Layer::file, Layer::environment, Layer::flags}) {
    for (const bool old_names: {true, false}) {
      for (const Given& given: given_) {
        if (given.source.layer == layer && given.old_name == old_names) apply(given);
      }
    }
  }
  apply_implications();
  return std::move(out_);
}

// The configuration file's path, and what named it.
std::pair<std::string, std::string> find_config_path(const std::vector<FlagUse>& flags,
                                                     const Environment& environment) {
  constexpr std::size_t config = option_index("config");
  for (auto flag = flags.rbegin(); flag != flags.rend(); ++flag) {
    if (flag->name.option == config) return {flag->value, flag->name.name};
  }
  const std::string variable = variable_of(options[config]);
  const auto found = environment.find(variable);
  return found == environment.end() ? std::pair<std::string, std::string>()
                                    : std::pair(found->second, variable);
}

}  // namespace

Resolution resolve(std::string_view command, const std::vector<FlagUse>& flags,
                   const Environment& environment, const ReadFile& read_file,
                   const std::vector<Section>& known) {
  Resolver resolver(known);
  if (const auto [path, named_by] = find_config_path(flags, environment); !path.empty()) {
    if (const auto text = read_file(path)) {
      resolver.add_file(path, *text);
    } else {
      resolver.problem(Layer::file, fmt::format("{}: cannot read {}: {}", named_by, path, text.error()));
    }
  }
  resolver.add_environment(command, environment);
  resolver.add_flags(flags);
  return resolver.finish();
}

Resolution resolve_file(const std::string& name, std::string_view text, const std::vector<Section>& known) {
  Resolver resolver(known);
  resolver.add_file(name, text);
  return resolver.finish();
}

}  // namespace crosspoint::config
