#include "cli/wamp_histories.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/counted.h"
#include "base/log.h"

namespace crosspoint::cli {
namespace {

bool outlasts(const wamp::KeptTopic& topic) { return topic.in_database && topic.history.events_max > 0; }

bool any_outlasts(const wamp::auth::RealmSettings& realm) {
  return std::ranges::any_of(realm.topics, outlasts);
}

}  // namespace

Result<std::unique_ptr<wamp::HistoryKeeper>, std::string> open_histories(
    const wamp::auth::WampSettings& settings) {
  if (std::ranges::none_of(settings.realms, any_outlasts)) return nullptr;
  auto file = wamp::open_history_database(settings.history_database);
  if (!file) return fail("wamp.history-database: " + file.error());
  std::vector<wamp::StoredHistory> histories;
  std::size_t events = 0;
  for (const auto& realm: settings.realms) {
    for (const auto& topic: realm.topics) {
      if (!outlasts(topic)) continue;
      auto history = (*file)->load(realm.name, topic);
      if (!history) return fail("wamp.history-database: " + history.error());
      events += history->events.size();
      histories.push_back(std::move(*history));
    }
  }
  log::info("wamp", "histories of {} are kept in {}: {}", counted(histories.size(), "topic"),
            settings.history_database, counted(events, "event"));
  return std::make_unique<wamp::HistoryKeeper>(std::move(*file), std::move(histories));
}

}  // namespace crosspoint::cli
