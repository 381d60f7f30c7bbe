#pragma once
// Who follows a log, and handing each of them what is new.
//
// An audience and its members live on one loop, so nothing locks. Handing out only queues: spans go into
// outboxes at the end of a turn, one for the whole turn, and nobody is called back in a way that could join
// or leave while it goes round.
//
// A member that does not keep up meets a bound, by bytes and by age, and what then happens is the audience's
// policy. The publisher never waits, and the others never notice.

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "fanout/frame_log.h"
#include "fanout/outbox.h"

namespace crosspoint::fanout {

enum class SlowPolicy : std::uint8_t {
  video,     // throw away what waits and go on at the newest random access point
  latest,    // throw away what waits and go on with the newest frame
  reliable,  // nothing may be lost silently: the member is told that it overflowed, and its connection closes
};

struct Bounds {
  std::size_t bytes_max =
      4 * 1024 * 1024;        // waiting in one outbox, not counting what the current turn brings
  Duration age_max = 1500ms;  // of the oldest byte that waits
};

// A frame of the log at which a viewer can begin or go on, with the frames that stand in for it.
struct AccessPoint {
  Position begin = 0;  // of the frame in the log that it stands in for
  Position end = 0;
  MonotonicTime at{};
  Span join;  // for one that has seen nothing yet
  Span skip;  // for one that goes on after a gap
};

// Where a new member begins.
enum class Start : std::uint8_t {
  next_frame,           // with whatever is published next
  newest_access_point,  // with the newest access point that is kept, or the next one
  next_access_point,    // with the next access point
};

class MemberEvents {
 public:
  // The outbox has something new: write it by the end of this turn.
  virtual void on_delivered() = 0;
  // Policy `reliable`, and the bound is passed: what waited is gone, nothing more will come. Close the
  // connection.
  virtual void on_overflow() = 0;

 protected:
  ~MemberEvents() = default;
};

struct MemberCounters {
  std::uint64_t frames = 0;  // handed to the outbox and not dropped since
  std::uint64_t payload_bytes = 0;
  std::uint64_t frames_dropped = 0;
  std::uint32_t skips = 0;  // how often the bound was met
  MonotonicTime last{};     // when something was last handed out; meaningless while frames is 0
};

class Audience;

// Being in an audience. Leaves when destroyed. Audience, outbox and events outlive it.
class Member {
 public:
  // `id` tells this member's own frames, which it never gets. A member with `receives` false gets nothing.
  Member(Audience& audience, Outbox& outbox, MemberEvents& events, PublisherId id, bool receives,
         Start start);
  ~Member();
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;

  PublisherId id() const { return id_; }
  const MemberCounters& counters() const { return counters_; }

 private:
  friend class Audience;
  enum class State : std::uint8_t { following, awaiting_access_point, overflowed };

  Audience& audience_;
  Outbox& outbox_;
  MemberEvents& events_;
  Position next_;         // what it has not been handed yet begins here
  Position resume_from_;  // awaiting: the first access point that will do
  MemberCounters counters_;
  std::uint32_t place_;  // in the audience's list
  PublisherId id_;
  bool receives_;
  bool skipped_ = false;  // there is a gap in what it got
  State state_;
};

class Audience {
 public:
  // `log` outlives the audience.
  Audience(FrameLog& log, const Bounds& bounds) : log_(log), bounds_(bounds), distributed_(log.end()) {}
  Audience(const Audience&) = delete;
  Audience& operator=(const Audience&) = delete;

  void set_policy(SlowPolicy policy) { policy_ = policy; }
  SlowPolicy policy() const { return policy_; }
  // The newest one; forgotten when the log trims it, or by nothing (a new publisher whose pictures do not go
  // on from the old one's).
  void set_access_point(std::optional<AccessPoint> point) { access_point_ = std::move(point); }
  const std::optional<AccessPoint>& access_point() const { return access_point_; }

  // Another stream begins at `from`: everybody goes on at the first access point from there on, after a gap.
  void require_access_point(Position from);
  // There will be no access points, for the stream turned out to be none: who waits for one goes on with what
  // this turn brings.
  void stop_awaiting();

  // To be called at the end of a turn in which the log grew, or somebody joined: hands everybody what is new.
  void distribute(MonotonicTime now);
  // Has everything in the log been handed out?
  bool up_to_date() const { return distributed_ == log_.end() && !somebody_joined_; }
  Position distributed() const { return distributed_; }

  std::size_t members() const { return members_.size(); }
  std::uint64_t frames_dropped() const { return frames_dropped_; }
  std::uint64_t skips() const { return skips_; }

 private:
  friend class Member;
  struct Turn;  // what this turn brings, worked out once for everybody
  bool over_bounds(const Member& member, MonotonicTime now) const;
  bool is_own(const Member& member, Position frame) const;
  void apply_policy(Member& member, const Turn& turn);
  void hand_turn(Member& member, const Turn& turn);
  void hand_from_records(Member& member, const Turn& turn);
  void hand_from_access_point(Member& member, const Turn& turn);
  void push_range(Member& member, Position from, Position to, const Turn& turn);

  FrameLog& log_;
  const Bounds& bounds_;
  SlowPolicy policy_ = SlowPolicy::reliable;
  bool somebody_joined_ = false;
  Position distributed_;  // the log up to here has been handed out
  std::optional<AccessPoint> access_point_;
  std::vector<Member*> members_;
  std::vector<Span> turn_spans_;
  std::vector<Span> scratch_spans_;
  std::uint64_t frames_dropped_ = 0;
  std::uint64_t skips_ = 0;
};

}  // namespace crosspoint::fanout
