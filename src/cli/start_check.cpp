#include "cli/start_check.h"

#include <fmt/core.h>

#include "cli/access_parts.h"
#include "cli/tls_settings.h"
#include "cli/wamp_parts.h"

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

}  // namespace

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
    return foresight;
  };
}

}  // namespace crosspoint::cli
