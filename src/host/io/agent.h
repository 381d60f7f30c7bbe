#pragma once
// The rules at work: the one place where a rule is set or removed, whoever asks for it. What may be asked is
// in commands.h: REST does, and procedures in a WAMP realm; commands that come in over a relay topic (the
// feed "api" of the older agent) would be another front.
//
// A destination that is removed or replaced says goodbye with 1000, on its own, while the rest goes on.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/feeds.h"
#include "host/io/destination.h"
#include "host/rules.h"
#include "host/status.h"

namespace crosspoint::host {

struct AgentSettings {
  RuleLimits rules;
  std::size_t names_max = 1024;  // of feeds and streams in use
  DestinationSettings destination;
};

class Agent {
 public:
  // Everything referred to outlives the agent. `files`: where the tokens of rules are.
  Agent(net::Loop& loop, net::Network& network, const Files& files, Random& random, AgentSettings settings);
  ~Agent();
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  // Adds or replaces. The error is a sentence: a limit is reached.
  Result<void, std::string> set(StreamRule rule);
  // A destination is dialled anew even if nothing changed: so an operator restarts one.
  Result<void, std::string> set(DestinationRule rule);
  // What is not there is removed already. Destinations of a removed stream stay connected, and go on when it
  // is set again.
  void remove_stream(std::string_view name);
  void remove_destination(std::string_view id);
  void remove_all_streams();
  void remove_all_destinations();

  const Rules& rules() const { return rules_; }
  Feeds& feeds() { return feeds_; }
  StatusReport status() const;

  // Removes every destination for good; later rules are kept but not acted on.
  void stop();
  // Destinations that still say goodbye.
  std::size_t leaving() const { return leaving_.size(); }

 private:
  void start_destination(const DestinationRule& rule, http::Url url);
  void let_go(std::unique_ptr<Destination> destination);
  FeedReport report_of(const Feed& feed) const;
  static DestinationReport report_of(const Destination& destination);

  net::Loop& loop_;
  net::Network& network_;
  const Files& files_;
  Random& random_;
  AgentSettings settings_;
  Rules rules_;
  Feeds feeds_;
  bool stopped_ = false;
  std::map<std::string, std::unique_ptr<Destination>, std::less<>> destinations_;
  std::vector<std::unique_ptr<Destination>> leaving_;  // oldest first
};

}  // namespace crosspoint::host
