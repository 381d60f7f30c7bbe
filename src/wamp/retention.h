#pragma once
// The last events of topics, for who subscribes later (wamp-router 7.5): of each topic the newest that
// everybody may see, and those after it that only some may see.

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "wamp/broker_settings.h"
#include "wamp/kept_event.h"
#include "wamp/options.h"

namespace crosspoint::wamp {

class Retention {
 public:
  explicit Retention(const BrokerSettings& settings) : settings_(settings) {}

  // Takes the place of what it makes superfluous. False: there is no room, and everything is as it was.
  bool keep(SharedKeptEvent event);
  void clear(std::string_view topic);

  // The newest event that `who` may see of each topic the pattern means, in the order of topics' names.
  std::vector<SharedKeptEvent> select(std::string_view pattern, Match match, const Participant& who) const;

  std::size_t topics() const { return topics_.size(); }
  std::size_t bytes() const { return bytes_; }

 private:
  using Events = std::vector<SharedKeptEvent>;  // the oldest first; at most the first is for everybody
  using Topics = std::map<std::string, Events, std::less<>>;

  Events remaining_beside(const Events& events, const KeptEvent& added) const;

  const BrokerSettings& settings_;
  Topics topics_;
  std::size_t bytes_ = 0;
};

}  // namespace crosspoint::wamp
