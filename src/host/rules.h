#pragma once
// The rules: which feeds make a stream, and which feed or stream goes to which relay. In memory only; an
// operator or a script posts them as JSON, and posts them again to mute a feed or to change a relay while
// ffmpeg runs on.
//
// Here are the values, their JSON in and out exactly as the older agent wrote it, and the container. What a
// rule does when it changes is done elsewhere (feeds.h, io/host.h).

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "client/token_text.h"
#include "http/url.h"

namespace crosspoint::host {

struct StreamRule {
  std::string stream;
  // In the order given, each once. Nothing when the rule named none: JSON null, as the older agent kept it.
  std::optional<std::vector<std::string>> feeds;

  bool operator==(const StreamRule&) const = default;
};

struct DestinationRule {
  std::string id;
  std::string stream;  // a feed or a stream
  // The address as it was posted, "wss://relay.example.org/in/video"; written out again without the tokens
  // and codes of its query.
  std::string destination;
  // What opens the destination: posted, or the name of a file in the agent's token directory. With either, an
  // http or https address is an access service, and a ws or wss one a relay that is shown the token first.
  std::string token;  // never written out again
  std::string token_file;

  bool wants_token() const { return !token.empty() || !token_file.empty(); }

  bool operator==(const DestinationRule&) const = default;
};

// What may be posted. Going over a limit is refused with a sentence.
struct RuleLimits {
  std::size_t rules_max = 1024;  // of each kind
  std::size_t feeds_max = 64;    // in one stream
  std::size_t name_bytes_max = 256;
  std::size_t url_bytes_max = 4096;
  std::size_t token_bytes_max = client::token_bytes_max;
};

// One JSON object. Field names match without regard to case, unknown fields are ignored, one leading slash of
// each name is taken off, a feed listed twice counts once. The error is a sentence for whoever posted it.
Result<StreamRule, std::string> parse_stream_rule(std::string_view json, const RuleLimits& limits = {});
// The same; the address is ws:// or wss://, or with a token http:// or https:// as well, without user info.
// An id may be a whole number, and is its digits then. `file` (a recording) is refused unless empty: this
// agent does not record yet.
Result<DestinationRule, std::string> parse_destination_rule(std::string_view json,
                                                            const RuleLimits& limits = {});

std::string to_json(const StreamRule& rule);
// A token or a code in the address is ***. {"id","stream","destination"}, as the oldest agents answered; with
// a token also "token":"***" and "file":"", as later ones did, and "token_file" where there is one.
std::string to_json(const DestinationRule& rule);
// "video0" with quotes and escapes.
std::string to_json(std::string_view text);
std::string to_json(const std::optional<std::vector<std::string>>& feeds);  // an array, or null

class Rules {
 public:
  explicit Rules(const RuleLimits& limits = {}) : limits_(limits) {}

  // Adds or replaces. False when there are rules_max of that kind already.
  bool put(StreamRule rule);
  bool put(DestinationRule rule);
  bool erase_stream(std::string_view name) { return erase_from(streams_, name); }
  bool erase_destination(std::string_view id) { return erase_from(destinations_, id); }
  void clear_streams() { streams_.clear(); }
  void clear_destinations() { destinations_.clear(); }

  const StreamRule* find_stream(std::string_view name) const { return find_in(streams_, name); }
  const DestinationRule* find_destination(std::string_view id) const { return find_in(destinations_, id); }

  template <class Rule>
  using Table = std::map<std::string, Rule, std::less<>>;
  const Table<StreamRule>& streams() const { return streams_; }
  const Table<DestinationRule>& destinations() const { return destinations_; }
  const RuleLimits& limits() const { return limits_; }

  std::string streams_json() const;       // {"name":["feed",…],…}
  std::string destinations_json() const;  // {"id":{…},…}

 private:
  template <class Rule>
  static bool erase_from(Table<Rule>& table, std::string_view key) {
    const auto found = table.find(key);
    if (found == table.end()) return false;
    table.erase(found);
    return true;
  }
  template <class Rule>
  static const Rule* find_in(const Table<Rule>& table, std::string_view key) {
    const auto found = table.find(key);
    return found == table.end() ? nullptr : &found->second;
  }

  RuleLimits limits_;
  Table<StreamRule> streams_;
  Table<DestinationRule> destinations_;
};

}  // namespace crosspoint::host
