#include "fanout/audience.h"

#include <algorithm>
#include <array>

namespace crosspoint::fanout {

Member::Member(Audience& audience, Outbox& outbox, MemberEvents& events, PublisherId id, bool receives,
               Start start)
    : audience_(audience),
      outbox_(outbox),
      events_(events),
      next_(audience.log_.end()),
      resume_from_(start == Start::newest_access_point ? 0 : audience.log_.end()),
      place_(static_cast<std::uint32_t>(audience.members_.size())),
      id_(id),
      receives_(receives),
      state_(start == Start::next_frame ? State::following : State::awaiting_access_point) {
  audience.members_.push_back(this);
  if (state_ == State::awaiting_access_point) audience.somebody_joined_ = true;
}

Member::~Member() {
  auto& members = audience_.members_;
  members[place_] = members.back();
  members[place_]->place_ = place_;
  members.pop_back();
}

struct Audience::Turn {
  Position from = 0;
  Position to = 0;
  std::uint64_t frames = 0;
  std::uint64_t payload_bytes = 0;
  MonotonicTime now{};
  // Whose frames these are, as far as a few names tell; `many` when there are more.
  std::array<PublisherId, 4> publishers{};
  std::size_t publisher_count = 0;
  bool many = false;

  void add(const FrameRecord& record) {
    ++frames;
    payload_bytes += record.bytes - record.header_bytes;
    if (many || may_hold(record.publisher)) return;
    if (publisher_count < publishers.size()) {
      publishers[publisher_count++] = record.publisher;
    } else {
      many = true;
    }
  }
  bool may_hold(PublisherId id) const {
    return many || std::find(publishers.begin(), publishers.begin() + publisher_count, id) !=
                       publishers.begin() + publisher_count;
  }
};

void Audience::distribute(MonotonicTime now) {
  // A copy's log begins where its owner's was when it was made.
  Turn turn{.from = std::max(distributed_, log_.begin()), .to = log_.end(), .now = now};
  turn_spans_.clear();
  log_.spans(turn.from, turn.to, turn_spans_);
  const auto& records = log_.records();
  for (std::size_t i = log_.index_of(turn.from); i < records.size(); ++i) turn.add(records[i]);

  for (Member* member: members_) {
    if (!member->receives_) continue;
    if (!member->outbox_.empty() && over_bounds(*member, now)) apply_policy(*member, turn);
    switch (member->state_) {
      case Member::State::following: hand_turn(*member, turn); break;
      case Member::State::awaiting_access_point: hand_from_access_point(*member, turn); break;
      case Member::State::overflowed: break;
    }
  }
  distributed_ = turn.to;
  somebody_joined_ = false;
  turn_spans_.clear();  // spans kept here would keep segments shared
}

void Audience::require_access_point(Position from) {
  for (Member* member: members_) {
    if (member->state_ == Member::State::overflowed) continue;
    // What was published before the change still goes out first.
    if (member->receives_ && member->state_ == Member::State::following && member->next_ < from) {
      push_range(*member, member->next_, from, Turn{.now = log_.records().back().at});
    }
    member->skipped_ = member->skipped_ || member->state_ == Member::State::following;
    member->state_ = Member::State::awaiting_access_point;
    member->resume_from_ = std::max(member->resume_from_, from);
  }
}

void Audience::stop_awaiting() {
  for (Member* member: members_) {
    if (member->state_ != Member::State::awaiting_access_point) continue;
    member->state_ = Member::State::following;
    member->next_ = std::max(member->next_, distributed_);
  }
}

bool Audience::over_bounds(const Member& member, MonotonicTime now) const {
  return member.outbox_.bytes() > bounds_.bytes_max || now - member.outbox_.oldest() > bounds_.age_max;
}

void Audience::apply_policy(Member& member, const Turn& turn) {
  if (member.state_ == Member::State::overflowed) return;
  const auto dropped = member.outbox_.drop_unwritten();
  if (dropped.frames == 0) return;  // all that waits is the rest of one frame: there is nothing to drop
  member.counters_.frames_dropped += dropped.frames;
  member.counters_.frames -= std::min<std::uint64_t>(member.counters_.frames, dropped.frames);
  frames_dropped_ += dropped.frames;
  ++member.counters_.skips;
  ++skips_;
  switch (policy_) {
    case SlowPolicy::video:
      member.state_ = Member::State::awaiting_access_point;
      member.skipped_ = true;
      // Never back in time: only an access point that it has not been sent yet.
      member.resume_from_ = turn.from - std::min<Position>(turn.from, dropped.bytes);
      break;
    case SlowPolicy::latest:
      if (turn.frames > 0) member.next_ = std::max(member.next_, log_.records().back().begin);
      break;
    case SlowPolicy::reliable:
      member.state_ = Member::State::overflowed;
      member.events_.on_overflow();
      break;
  }
}

void Audience::hand_turn(Member& member, const Turn& turn) {
  if (turn.frames == 0) return;
  if (member.next_ != turn.from || turn.may_hold(member.id_)) return hand_from_records(member, turn);
  for (const Span& span: turn_spans_) member.outbox_.push(span, turn.now);
  member.next_ = turn.to;
  member.counters_.frames += turn.frames;
  member.counters_.payload_bytes += turn.payload_bytes;
  member.counters_.last = turn.now;
  member.events_.on_delivered();
}

void Audience::hand_from_records(Member& member, const Turn& turn) {
  push_range(member, member.next_, turn.to, turn);
  member.next_ = turn.to;
}

bool Audience::is_own(const Member& member, Position frame) const {
  const auto at = log_.index_of(frame);
  return at < log_.records().size() && log_.records()[at].begin == frame &&
         log_.records()[at].publisher == member.id_;
}

void Audience::hand_from_access_point(Member& member, const Turn& turn) {
  if (!access_point_ || access_point_->begin < member.resume_from_) return;
  // Nobody hears himself: whoever publishes the pictures goes on with what others say.
  if (!is_own(member, access_point_->begin)) {
    member.outbox_.push(member.skipped_ ? access_point_->skip : access_point_->join, turn.now);
    ++member.counters_.frames;
    member.counters_.last = turn.now;
    member.events_.on_delivered();
  }
  push_range(member, access_point_->end, turn.to, turn);
  member.next_ = turn.to;
  member.state_ = Member::State::following;
}

void Audience::push_range(Member& member, Position from, Position to, const Turn& turn) {
  const auto& records = log_.records();
  std::size_t i = log_.index_of(from);
  bool delivered = false;
  while (i < records.size() && records[i].begin < to) {
    if (records[i].publisher == member.id_) {
      ++i;
      continue;
    }
    // A run of frames that are not the member's own goes out as one.
    const Position run_begin = records[i].begin;
    Position run_end = run_begin;
    for (; i < records.size() && records[i].begin < to && records[i].publisher != member.id_; ++i) {
      run_end = records[i].end();
      ++member.counters_.frames;
      member.counters_.payload_bytes += records[i].bytes - records[i].header_bytes;
    }
    scratch_spans_.clear();
    log_.spans(run_begin, run_end, scratch_spans_);
    for (const Span& span: scratch_spans_) member.outbox_.push(span, turn.now);
    delivered = true;
  }
  scratch_spans_.clear();
  if (!delivered) return;
  member.counters_.last = turn.now;
  member.events_.on_delivered();
}

}  // namespace crosspoint::fanout
