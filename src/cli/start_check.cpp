#include "cli/start_check.h"

#include <fmt/core.h>

#include <algorithm>

#include "cli/access_parts.h"
#include "cli/tls_settings.h"
#include "cli/wamp_parts.h"
#include "wamp/auth/setting_tables.h"

namespace crosspoint::cli {
namespace {

// A sentence about settings, with the place of the first one that it names, where that stands in the file.
std::string placed(const std::string& path, const config::Settings& settings, const std::string& sentence) {
  std::size_t first = sentence.size();
  std::string place = path;
  for (std::size_t index = 0; index < config::options.size(); ++index) {
    const auto at = sentence.find(config::options[index].key);
    if (at >= first || settings.source_at(index).layer != config::Layer::file) continue;
    first = at;
    place = settings.source_at(index).text;
  }
  return fmt::format("{}: {}", place, sentence);
}

bool is_secret_row(std::string_view key) {
  for (const auto& table: wamp::auth::setting_tables) {
    for (const auto& row: table.rows)
      if (row.type == config::ValueType::secret && row.key == key) return true;
  }
  return false;
}

// As deep as read_toml() lets a file be nested.
bool has_secret(const config::FileTable& table) {
  return std::ranges::any_of(table.entries, [](const config::FileEntry& entry) {
    return (!entry.is_table && is_secret_row(entry.key)) || std::ranges::any_of(entry.tables, has_secret);
  });
}

bool has_secret(const config::Settings& settings) {
  for (std::size_t index = 0; index < config::options.size(); ++index) {
    if (config::options[index].type != config::ValueType::secret) continue;
    if (settings.source_at(index).layer == config::Layer::file) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> open_secrets(const Files& files, const std::string& path,
                                        const config::Settings& settings,
                                        const std::vector<config::SectionText>& sections) {
  const bool secrets = has_secret(settings) || std::ranges::any_of(sections, [](const auto& section) {
                         return has_secret(section.table);
                       });
  if (path.empty() || !secrets) return std::nullopt;
  const auto read = files.read(path, {.privacy = FilePrivacy::closed_to_others});
  if (read || read.error().cause != FileError::Cause::open_to_everybody) return std::nullopt;
  return fmt::format(
      "{0}: there are secrets in this file, and it is open to everybody on this machine: chmod o= {0}", path);
}

config::Foresee foreseeing(const Files& files) {
  return [&files](const std::string& path, const config::Settings& settings,
                  const std::vector<config::SectionText>& sections) {
    config::Foresight foresight;
    const bool has_access = wants_token_topics(settings);
    if (has_access) {
      if (auto access = check_access(files, settings); !access)
        foresight.problems.push_back(placed(path, settings, access.error()));
    }
    if (auto tls = tls_settings(files, settings, wants_client_certificates(sections)); !tls)
      foresight.problems.push_back(placed(path, settings, tls.error()));
    for (auto& problem: wamp_start_problems(files, sections, has_access))
      foresight.problems.push_back(std::move(problem));
    if (auto warning = open_secrets(files, path, settings, sections))
      foresight.warnings.push_back(std::move(*warning));
    return foresight;
  };
}

}  // namespace crosspoint::cli
