#include "wamp/auth/read_delivery.h"

#include <algorithm>
#include <utility>

#include "config/table_reader.h"
#include "wamp/auth/rule.h"
#include "wamp/auth/setting_rows.h"

namespace crosspoint::wamp::auth {

SlowSubscriber slow_subscriber_of(std::string_view word) {
  return word == "drop" ? SlowSubscriber::drop : SlowSubscriber::close;
}

void read_delivery(const std::string& file, const config::FileTable& table, RealmSettings& realm,
                   std::vector<std::string>& problems) {
  config::TableReader reader(file, "wamp.realm.delivery", table, problems);
  const std::string written = reader.text(rows::delivery_uri);
  auto [uri, match] = rule_uri(written, find_match(reader.text(rows::delivery_match)));
  if (!reader.has("uri")) {
    reader.problem("uri", "is missing; \"*\" means every topic");
  } else if (!is_pattern(uri, match, realm.uri_check)) {
    reader.problem("uri", match == Match::exact
                              ? "is no URI; a pattern needs match = \"prefix\" or \"wildcard\""
                              : "is no such pattern");
  }
  DeliveryRule rule{std::move(uri), match,
                    slow_subscriber_of(reader.required_text(rows::slow_subscriber_of_topics))};
  reader.finish();
  auto& rules = realm.deliveries.rules;
  const bool twice = std::ranges::any_of(
      rules, [&](const DeliveryRule& other) { return other.uri == rule.uri && other.match == rule.match; });
  if (twice) return reader.problem("uri", "is there twice");
  rules.push_back(std::move(rule));
}

}  // namespace crosspoint::wamp::auth
