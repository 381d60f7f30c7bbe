#pragma once
// A topic's stand-in on a loop that does not own it: the same frames at the same positions, the bytes shared
// with the owner, an audience of its own. Only receivers live here; whoever may publish stays with the owner.

#include <memory>
#include <string>

#include "fanout/audience.h"
#include "fanout/frame_log.h"
#include "relay/topic.h"

namespace crosspoint::relay {

class TopicCopy {
 public:
  // `settings` outlives the copy.
  TopicCopy(std::string name, const TopicSettings& settings);
  TopicCopy(const TopicCopy&) = delete;
  TopicCopy& operator=(const TopicCopy&) = delete;

  const std::string& name() const { return name_; }

  // One turn of the owner, in order. Hands it out; the members' connections write at the end of this loop's
  // turn.
  void feed(const Handover& handover, MonotonicTime now);
  // Somebody joined since the last feed: give it what is kept.
  void catch_up(MonotonicTime now) { audience_.distribute(now); }

  fanout::Start start_for(std::optional<LateJoin> wish, MonotonicTime now) const;
  fanout::Audience& audience() { return audience_; }
  const fanout::Audience& audience() const { return audience_; }

 private:
  const std::string name_;
  const TopicSettings& settings_;
  fanout::FrameLog log_;
  fanout::Audience audience_;
};

}  // namespace crosspoint::relay
