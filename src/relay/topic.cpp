#include "relay/topic.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "media/entry_point.h"
#include "websocket/frame_encoder.h"

namespace crosspoint::relay {
namespace {

// A stream in which no access point ever shows is handed out as it comes.
constexpr Duration patience_for_access_points = 10s;
// Streams that begin anew more often than this run through each other.
constexpr Duration restart_interval_min = 1s;
constexpr Duration mixture_forgotten_after = 10s;
constexpr Duration silence_before_rest = 5s;

}  // namespace

Topic::Topic(std::string name, const TopicSettings& settings)
    : name_(std::move(name)), settings_(settings), audience_(log_, settings.bounds) {}

Publication Topic::publish(websocket::MessageType type, Bytes payload, fanout::PublisherId publisher,
                           MonotonicTime now) {
  media::MessageReport report;
  if (type == websocket::MessageType::binary) {
    observe(payload, now, report);
  } else if (observer_.is_ts() && settings_.text_on_video == TextOnVideo::drop) {
    // Players of transport streams choke on text for good (mpegts.js) or lose sync (jsmpeg).
    ++counters_.text_dropped;
    return Publication::text_on_video;
  }
  const auto opcode = static_cast<websocket::Opcode>(type);
  const auto& record = log_.append(websocket::FrameHeader(opcode, payload.size()), payload, publisher, now);
  ++counters_.messages;
  counters_.payload_bytes += payload.size();
  last_published_ = now;
  if (report.restarted && !observer_.is_ts()) {
    audience_.set_access_point(std::nullopt);
    restarted_at_.reset();
    no_longer_ts_ = true;
  } else if (report.restarted && !mixed_) {
    audience_.set_access_point(std::nullopt);
    restarted_at_ = record.begin;
    no_longer_ts_ = false;
  }
  if (report.access_point && !mixed_) note_access_point(record, payload, report);
  audience_.set_policy(effective_policy());
  return Publication::accepted;
}

void Topic::observe(Bytes payload, MonotonicTime now, media::MessageReport& report) {
  const bool was_ts = observer_.is_ts();
  report = observer_.observe(payload, now);
  if (report.is_ts && !was_ts) ts_since_ = now;
  if (report.is_ts) aligned_ = report.aligned;
  if (!report.restarted) {
    mixed_ = mixed_ && now - last_restart_ < mixture_forgotten_after;
    return;
  }
  mixed_ = counters_.messages > 0 && last_restart_ != MonotonicTime{} &&
           now - last_restart_ < restart_interval_min;
  last_restart_ = now;
  if (mixed_) audience_.set_access_point(std::nullopt);
}

void Topic::note_access_point(const fanout::FrameRecord& record, Bytes payload,
                              const media::MessageReport& report) {
  // What stands in for this message is made now, while the continuity counters it must match are known.
  const auto rest = payload.subspan(*report.access_point);
  ByteVector join;
  media::append_join(observer_.access_point(), rest, join);
  ByteVector skip;
  media::append_skip(observer_.access_point(), 0, rest, skip);
  audience_.set_access_point(
      fanout::AccessPoint{record.begin, record.end(), record.at, frame_alone(join), frame_alone(skip)});
}

Span Topic::frame_alone(Bytes payload) const {
  const websocket::FrameHeader header(websocket::Opcode::binary, payload.size());
  auto segment = Segment::make(static_cast<std::uint32_t>(header.bytes().size() + payload.size()));
  segment->append(header);
  segment->append(payload);
  const std::uint32_t end = segment->size();
  return {std::move(segment), 0, end};
}

fanout::SlowPolicy Topic::effective_policy() const {
  switch (settings_.slow_viewer) {
    case SlowViewer::video: return fanout::SlowPolicy::video;
    case SlowViewer::latest: return fanout::SlowPolicy::latest;
    case SlowViewer::reliable: return fanout::SlowPolicy::reliable;
    case SlowViewer::automatic: break;
  }
  // Messages that cut packets anywhere cannot be left out without breaking the rhythm of 188 bytes.
  const bool can_skip = observer_.is_ts() && aligned_ && !mixed_ && observer_.counters().access_points > 0;
  return can_skip ? fanout::SlowPolicy::video : fanout::SlowPolicy::reliable;
}

void Topic::end_turn(MonotonicTime now) {
  const fanout::Position from = audience_.distributed();
  if (restarted_at_) audience_.require_access_point(*restarted_at_);
  if (no_longer_ts_) audience_.stop_awaiting();
  audience_.distribute(now);
  if (!copies_.empty() && (from != log_.end() || restarted_at_)) {
    const auto handover = handover_from(from);
    for (CopyLink* copy: copies_) copy->hand_over(handover);
  }
  restarted_at_.reset();
  no_longer_ts_ = false;
  const auto keep = keep_from(now);
  if (audience_.access_point() && audience_.access_point()->begin < keep)
    audience_.set_access_point(std::nullopt);
  log_.trim_before(keep);
}

fanout::Position Topic::keep_from(MonotonicTime now) const {
  const auto& point = audience_.access_point();
  if (!point) return log_.end();
  const bool too_much =
      log_.end() - point->begin > settings_.kept_bytes_max || now - point->at > settings_.kept_age_max;
  return too_much ? log_.end() : point->begin;
}

fanout::Start Topic::start_for(std::optional<LateJoin> wish, MonotonicTime now) const {
  const bool none_in_sight = !audience_.access_point() && observer_.counters().access_points == 0 &&
                             now - ts_since_ > patience_for_access_points;
  if (!observer_.is_ts() || mixed_ || none_in_sight) return fanout::Start::next_frame;
  return choose_start(fanout::SlowPolicy::video, audience_.access_point(), log_.end(),
                      wish.value_or(settings_.late_join), settings_, now);
}

fanout::Start choose_start(fanout::SlowPolicy policy, const std::optional<fanout::AccessPoint>& newest,
                           fanout::Position log_end, LateJoin mode, const TopicSettings& settings,
                           MonotonicTime now) {
  if (policy != fanout::SlowPolicy::video) return fanout::Start::next_frame;
  switch (mode) {
    case LateJoin::burst: return fanout::Start::newest_access_point;
    case LateJoin::wait: return fanout::Start::next_access_point;
    case LateJoin::automatic: break;
  }
  const bool short_enough = newest && log_end - newest->begin <= settings.burst_bytes_max &&
                            now - newest->at <= settings.burst_age_max;
  return short_enough ? fanout::Start::newest_access_point : fanout::Start::next_access_point;
}

void Topic::add_copy(CopyLink& link) {
  copies_.push_back(&link);
  const auto& point = audience_.access_point();
  const auto kept_from = point ? std::max(point->begin, log_.begin()) : audience_.distributed();
  // What this turn published so far comes with the turn's own handover.
  link.hand_over(handover_from(std::min(kept_from, audience_.distributed())));
}

void Topic::remove_copy(CopyLink& link) { std::erase(copies_, &link); }

std::shared_ptr<const Handover> Topic::handover_from(fanout::Position from) const {
  auto handover = std::make_shared<Handover>();
  const auto to = audience_.distributed();
  handover->batch.begin = from;
  log_.spans(from, to, handover->batch.spans);
  const auto& records = log_.records();
  for (std::size_t i = log_.index_of(from); i < records.size() && records[i].begin < to; ++i) {
    handover->batch.records.push_back(records[i]);
  }
  handover->policy = audience_.policy();
  handover->access_point = audience_.access_point();
  handover->restarted_at = restarted_at_;
  handover->no_longer_ts = no_longer_ts_;
  handover->keep_from = audience_.access_point() ? audience_.access_point()->begin : to;
  return handover;
}

std::string Topic::media_text(MonotonicTime now) const {
  const auto stream = describe(now);
  std::string text;
  if (stream.video != media::Codec::none) {
    text += media::to_string(stream.video);
    if (stream.width != 0) text += fmt::format(" {}x{}", stream.width, stream.height);
    if (stream.frames_per_second > 0) text += fmt::format(" {:.4g} fps", stream.frames_per_second);
  }
  if (stream.audio != media::Codec::none) {
    text += fmt::format("{}{}", text.empty() ? "" : " + ", media::to_string(stream.audio));
    if (stream.audio_sample_hz != 0) text += fmt::format(" {} Hz", stream.audio_sample_hz);
  }
  return text;
}

void Topic::rest(MonotonicTime now) {
  if (now - last_published_ < silence_before_rest) return;
  // A picture this old helps nobody who joins.
  if (audience_.access_point() && now - audience_.access_point()->at > settings_.kept_age_max) {
    audience_.set_access_point(std::nullopt);
    log_.trim_before(audience_.distributed());
  }
  log_.release_idle_memory();
}

}  // namespace crosspoint::relay
