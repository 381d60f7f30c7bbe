#include "wamp/auth/read_topic.h"

#include <algorithm>

#include "config/table_reader.h"
#include "wamp/auth/rule.h"
#include "wamp/auth/setting_rows.h"

namespace crosspoint::wamp::auth {
namespace {

using config::TableReader;

void read_topic_uri(TableReader& reader, const RealmSettings& realm, KeptTopic& topic) {
  const std::string written = reader.text(rows::topic_uri);
  auto [uri, match] = rule_uri(written, find_match(reader.text(rows::topic_match)));
  topic.uri = std::move(uri);
  topic.match = match;
  if (!reader.has("uri")) return reader.problem("uri", "is missing; \"*\" means every topic");
  if (!is_pattern(topic.uri, match, realm.uri_check)) {
    reader.problem("uri", match == Match::exact
                              ? "is no URI; a pattern needs match = \"prefix\" or \"wildcard\""
                              : "is no such pattern");
  }
  const bool twice = std::ranges::any_of(realm.topics, [&](const KeptTopic& other) {
    return other.uri == topic.uri && other.match == topic.match;
  });
  if (twice) reader.problem("uri", "is there twice");
}

void check_store(TableReader& reader, bool has_database, const RealmSettings& realm, const KeptTopic& topic) {
  if (topic.history.events_max == 0 && !topic.retain) {
    reader.problem("history-events-max", "is 0, and retain is false: nothing would be kept");
  }
  if (!topic.in_database) return;
  if (!has_database) {
    reader.problem("history-store", "is database, and [wamp] names none: history-database is missing");
  } else if (realm.is_template) {
    reader.problem("history-store", "may not be database in a realm that comes and goes (name-pattern)");
  }
}

}  // namespace

void read_topic(const std::string& file, const config::FileTable& table, bool has_database,
                RealmSettings& realm, std::vector<std::string>& problems) {
  TableReader reader(file, "wamp.realm.topic", table, problems);
  KeptTopic topic;
  read_topic_uri(reader, realm, topic);
  topic.history.events_max = static_cast<std::size_t>(reader.integer(rows::history_events_max));
  topic.history.bytes_max = static_cast<std::size_t>(reader.bytes(rows::history_bytes_max));
  topic.history.age_max = reader.duration(rows::history_age_max);
  topic.in_database = reader.text(rows::history_store) == "database";
  topic.retain = reader.boolean(rows::retain);
  check_store(reader, has_database, realm, topic);
  reader.finish();
  realm.topics.push_back(std::move(topic));
}

}  // namespace crosspoint::wamp::auth
