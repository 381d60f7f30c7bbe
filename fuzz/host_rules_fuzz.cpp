// Rules as they are posted: what is accepted keeps its limits, and what is written out reads back as the same
// rule.

#include <algorithm>
#include <string>

#include "host/name.h"
#include "host/rules.h"
#include "require.h"

using namespace crosspoint;
using namespace crosspoint::host;

namespace {

constexpr RuleLimits limits{.rules_max = 4, .feeds_max = 8, .name_bytes_max = 64, .url_bytes_max = 256};
// Reading back adds a slash to every name, since reading takes one away.
constexpr RuleLimits limits_with_slash{
    .rules_max = 4, .feeds_max = 8, .name_bytes_max = 65, .url_bytes_max = 256};

void check_stream(std::string_view text) {
  auto rule = parse_stream_rule(text, limits);
  if (!rule) {
    REQUIRE(!rule.error().empty());
    return;
  }
  REQUIRE(!rule->stream.empty() && rule->stream.size() <= limits.name_bytes_max);
  REQUIRE(rule->stream != "all" && rule->stream != "deleteAll");
  auto posted = *rule;
  posted.stream.insert(0, "/");
  if (posted.feeds) {
    REQUIRE(posted.feeds->size() <= limits.feeds_max);
    for (auto& feed: *posted.feeds) {
      REQUIRE(std::ranges::count(*rule->feeds, feed) == 1);
      feed.insert(0, "/");
    }
  }
  const auto again = parse_stream_rule(to_json(posted), limits_with_slash);
  REQUIRE(again && *again == *rule);
}

void check_destination(std::string_view text) {
  auto rule = parse_destination_rule(text, limits);
  if (!rule) {
    REQUIRE(!rule.error().empty());
    return;
  }
  REQUIRE(!rule->id.empty() && !rule->stream.empty());
  const auto url = http::parse_url(rule->destination);
  REQUIRE(url && (rule->wants_token() || url->scheme == "ws" || url->scheme == "wss"));
  REQUIRE(rule->token.size() <= limits.token_bytes_max);
  REQUIRE(rule->token_file.find('/') == std::string::npos);
  if (!rule->token.empty()) {
    // What is written out is the same whatever the token is, and is no rule to post again.
    auto other = *rule;
    other.token = "another";
    REQUIRE(to_json(*rule) == to_json(other));
    REQUIRE(!parse_destination_rule(to_json(*rule), limits_with_slash));
    return;
  }
  auto posted = *rule;
  posted.stream.insert(0, "/");
  const auto again = parse_destination_rule(to_json(posted), limits_with_slash);
  REQUIRE(again && *again == *rule);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_stream(text);
  check_destination(text);
  return 0;
}
