#include "host/gate.h"

#include <algorithm>

namespace crosspoint::host {
namespace {

// Far more feeds than a stream may list: only rules that change for ever get a gate here, and what is
// forgotten costs one wait for an access point.
constexpr std::size_t feeds_followed_max = 256;

}  // namespace

Gate::Followed& Gate::follow(const MessageFacts& facts) {
  const auto found = std::ranges::find(feeds_, facts.feed, &Followed::feed);
  if (found != feeds_.end()) return *found;
  if (feeds_.size() == feeds_followed_max) feeds_.erase(feeds_.begin());
  Followed followed;
  followed.feed = facts.feed;
  followed.waiting_since = facts.at;
  return feeds_.emplace_back(followed);
}

bool Gate::is_full_for_pictures(const QueueState& queue) const {
  const auto& bounds = settings_.bounds;
  return queue.bytes >= bounds.bytes_max || (queue.bytes > 0 && queue.oldest_age > bounds.picture_age_max);
}

Gate::Ruling Gate::judge(const MessageFacts& facts, websocket::MessageType type, Bytes payload,
                         const QueueState& queue, ByteVector& out) {
  const bool is_text = type == websocket::MessageType::text;
  if (is_text && facts.feed_is_ts && settings_.text == TextAmongPictures::withhold)
    return {Verdict::withhold};
  if (is_text || !facts.report.is_ts)
    return {queue.bytes < settings_.bounds.bytes_max ? Verdict::give : Verdict::overflow};

  Ruling ruling;
  auto& followed = follow(facts);
  if (is_full_for_pictures(queue)) {
    // Messages that end inside a packet must not be thrown away: only the receiver of the last of them knows
    // how to go on. They are few (nothing that came through /ts), and what waits of them is bounded as well.
    ruling.drop_waiting = facts.report.aligned && followed.tail_bytes == 0;
    for (auto& each: feeds_) {
      if (each.flowing) each.waiting_since = facts.at;
      each.flowing = false;
    }
    if (!ruling.drop_waiting) {
      ruling.verdict = Verdict::withhold;
      return ruling;
    }
  }
  ruling.verdict = judge_picture(followed, facts, payload, out);
  return ruling;
}

Gate::Verdict Gate::judge_picture(Followed& followed, const MessageFacts& facts, Bytes payload,
                                  ByteVector& out) const {
  const auto& report = facts.report;
  const bool missed_nothing =
      followed.flowing && followed.next_sequence == facts.sequence && !report.restarted;
  if (followed.flowing && !missed_nothing) {
    followed.flowing = false;
    followed.waiting_since = facts.at;
  }
  const bool is_its_first = !followed.seen && facts.begins_stream;
  const bool waited_enough = facts.at - followed.waiting_since > settings_.access_wait_max;

  auto verdict = Verdict::withhold;
  if (missed_nothing || is_its_first) {
    verdict = Verdict::give;
  } else if (facts.access_point != nullptr && report.access_point) {
    const auto rest = payload.subspan(*report.access_point);
    if (followed.seen) {
      media::append_skip(*facts.access_point, followed.tail_bytes, rest, out);
    } else {
      media::append_join(*facts.access_point, rest, out);
    }
    verdict = Verdict::rewrite;
  } else if (waited_enough && report.aligned) {
    verdict = Verdict::give;
  }
  if (verdict == Verdict::withhold) return verdict;
  followed.flowing = true;
  followed.seen = true;
  followed.next_sequence = facts.sequence + 1;
  followed.tail_bytes = report.tail_bytes;
  return verdict;
}

}  // namespace crosspoint::host
