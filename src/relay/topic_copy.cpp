#include "relay/topic_copy.h"

#include <utility>

namespace crosspoint::relay {

TopicCopy::TopicCopy(std::string name, const TopicSettings& settings)
    : name_(std::move(name)), settings_(settings), audience_(log_, settings.bounds) {}

void TopicCopy::feed(const Handover& handover, MonotonicTime now) {
  log_.append_shared(handover.batch);
  audience_.set_policy(handover.policy);
  audience_.set_access_point(handover.access_point);
  if (handover.restarted_at) audience_.require_access_point(*handover.restarted_at);
  if (handover.no_longer_ts) audience_.stop_awaiting();
  audience_.distribute(now);
  log_.trim_before(handover.keep_from);
}

fanout::Start TopicCopy::start_for(std::optional<LateJoin> wish, MonotonicTime now) const {
  return choose_start(audience_.policy(), audience_.access_point(), log_.end(),
                      wish.value_or(settings_.late_join), settings_, now);
}

}  // namespace crosspoint::relay
