#pragma once
// A topic: what its publishers say, framed once, and everybody who listens.
//
// Lives on one loop, its owner. The payload is opaque, but a topic that carries an MPEG transport stream is
// recognised (media/ts_observer.h), and then knows where a viewer can come in: who joins gets the tables and
// the pictures since the last access point, who falls behind goes on at the next one. A topic with many
// receivers has copies on other loops (topic_copy.h), fed once a turn.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "fanout/audience.h"
#include "fanout/frame_log.h"
#include "media/ts_observer.h"
#include "websocket/message.h"

namespace crosspoint::relay {

enum class SlowViewer : std::uint8_t {
  automatic,
  video,
  latest,
  reliable
};  // automatic: video for MPEG-TS, else reliable
enum class LateJoin : std::uint8_t { automatic, burst, wait };
enum class TextOnVideo : std::uint8_t { drop, deliver };

struct TopicSettings {
  fanout::Bounds bounds;
  SlowViewer slow_viewer = SlowViewer::automatic;
  LateJoin late_join = LateJoin::automatic;
  TextOnVideo text_on_video = TextOnVideo::drop;
  // What is kept since the newest access point; past either the topic keeps nothing until the next one.
  std::size_t kept_bytes_max = 4 * 1024 * 1024;
  Duration kept_age_max = 10s;
  // LateJoin::automatic sends what is kept at once only up to here, else the viewer waits for the next access
  // point.
  std::size_t burst_bytes_max = 512 * 1024;
  Duration burst_age_max = 2s;
};

// What the owner's turn brought, for the copies on other loops. Immutable once posted; bytes are shared, not
// copied.
struct Handover {
  fanout::FrameBatch batch;
  fanout::SlowPolicy policy = fanout::SlowPolicy::reliable;
  std::optional<fanout::AccessPoint> access_point;  // as it now is
  std::optional<fanout::Position> restarted_at;     // everybody goes on at an access point from here on
  bool no_longer_ts = false;                        // nobody waits for an access point any more
  fanout::Position keep_from = 0;
};

// Where a copy lives, as the owner sees it.
class CopyLink {
 public:
  virtual void hand_over(std::shared_ptr<const Handover> handover) = 0;

 protected:
  ~CopyLink() = default;
};

struct TopicCounters {
  std::uint64_t messages = 0;
  std::uint64_t payload_bytes = 0;
  std::uint64_t text_dropped = 0;  // text messages on a topic that carries MPEG-TS
};

enum class Publication { accepted, text_on_video };

class Topic {
 public:
  // `settings` outlives the topic.
  Topic(std::string name, const TopicSettings& settings);
  Topic(const Topic&) = delete;
  Topic& operator=(const Topic&) = delete;

  const std::string& name() const { return name_; }

  // Queues a message for everybody but its publisher. Nothing is written before the turn ends.
  Publication publish(websocket::MessageType type, Bytes payload, fanout::PublisherId publisher,
                      MonotonicTime now);
  // At the end of a turn in which something was published or somebody joined.
  void end_turn(MonotonicTime now);
  bool turn_is_over() const { return audience_.up_to_date() && !restarted_at_; }

  // Where somebody who joins now begins; `wish` is what it asked for, if it did.
  fanout::Start start_for(std::optional<LateJoin> wish, MonotonicTime now) const;
  fanout::Audience& audience() { return audience_; }
  const fanout::Audience& audience() const { return audience_; }

  // The link is handed what is kept at once, then each turn's frames, until it is removed. It outlives its
  // stay here.
  void add_copy(CopyLink& link);
  void remove_copy(CopyLink& link);

  // Gives back memory kept for speed, once a topic has been silent for a while.
  void rest(MonotonicTime now);

  bool carries_ts() const { return observer_.is_ts(); }
  media::StreamDescription describe(MonotonicTime now) const { return observer_.describe(now); }
  // "mpeg1video 640x480 25 fps + mp2 44100 Hz"; empty while nothing is known.
  std::string media_text(MonotonicTime now) const;
  const TopicCounters& counters() const { return counters_; }
  std::size_t memory_bytes() const { return log_.memory_bytes(); }

 private:
  void observe(Bytes payload, MonotonicTime now, media::MessageReport& report);
  void note_access_point(const fanout::FrameRecord& record, Bytes payload,
                         const media::MessageReport& report);
  Span frame_alone(Bytes payload) const;
  fanout::SlowPolicy effective_policy() const;
  fanout::Position keep_from(MonotonicTime now) const;
  std::shared_ptr<const Handover> handover_from(fanout::Position from) const;

  const std::string name_;
  const TopicSettings& settings_;
  fanout::FrameLog log_;
  fanout::Audience audience_;
  media::TsObserver observer_;
  MonotonicTime ts_since_{};
  MonotonicTime last_published_{};
  MonotonicTime last_restart_{};
  bool aligned_ = false;
  bool mixed_ = false;  // several transport streams run through each other: no access point can be trusted
  std::optional<fanout::Position> restarted_at_;
  bool no_longer_ts_ = false;
  std::vector<CopyLink*> copies_;
  TopicCounters counters_;
};

// The rule behind Topic::start_for, shared with copies.
fanout::Start choose_start(fanout::SlowPolicy policy, const std::optional<fanout::AccessPoint>& newest,
                           fanout::Position log_end, LateJoin mode, const TopicSettings& settings,
                           MonotonicTime now);

}  // namespace crosspoint::relay
