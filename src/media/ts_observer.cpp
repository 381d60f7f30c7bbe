#include "media/ts_observer.h"

#include <algorithm>

#include "media/stream_report.h"
#include "media/stream_watch.h"
#include "media/sync.h"

namespace crosspoint::media {
namespace {

// So many messages in a row that hold no packet, and the topic carries something else now.
constexpr std::uint32_t foreign_messages_max = 16;

}  // namespace

// Looks at messages of a topic that is not known to carry TS.
class TsObserver::Detector {
 public:
  struct Found {
    std::size_t from = 0;  // the first packet begins here in the message
    ByteVector carried;    // or it began before the message, with these bytes
  };
  std::optional<Found> look(Bytes message);
  Container verdict() const { return verdict_; }

 private:
  // Messages too short to search are joined, for as long as there is hope.
  static constexpr std::size_t searchable_bytes = (sync_packets_searched + 1) * packet_bytes;
  static constexpr std::uint32_t joined_max = 16;
  std::optional<Found> look_joined(Bytes message);

  ByteVector joined_;
  std::uint32_t joined_in_vain_ = 0;
  std::uint32_t packets_in_a_row_ = 0;  // in messages of whole packets
  Container verdict_ = Container::unknown;
};

std::optional<TsObserver::Detector::Found> TsObserver::Detector::look(Bytes message) {
  if (message.empty()) return std::nullopt;
  if (message.size() % packet_bytes == 0) {
    const std::size_t packets = packets_in_sync(message, 0, sync_packets_searched);
    if (packets > 0) {
      packets_in_a_row_ += static_cast<std::uint32_t>(packets);
      joined_.clear();
      if (packets_in_a_row_ >= sync_packets_expected) return Found{};
      return std::nullopt;
    }
  }
  packets_in_a_row_ = 0;
  if (message.size() < searchable_bytes) return look_joined(message);
  joined_.clear();
  if (const auto from = find_sync(message, 0, sync_packets_searched))
    return Found{.from = *from, .carried = {}};
  verdict_ = Container::other;
  return std::nullopt;
}

std::optional<TsObserver::Detector::Found> TsObserver::Detector::look_joined(Bytes message) {
  if (joined_in_vain_ == joined_max) return std::nullopt;
  append(joined_, message);
  if (joined_.size() < searchable_bytes) return std::nullopt;
  if (const auto from = find_sync(joined_, 0, sync_packets_searched)) {
    const std::size_t tail = (joined_.size() - *from) % packet_bytes;
    return Found{.from = message.size(), .carried = to_vector(Bytes(joined_).last(tail))};
  }
  verdict_ = Container::other;
  joined_.clear();
  if (++joined_in_vain_ == joined_max) joined_.shrink_to_fit();
  return std::nullopt;
}

// A topic that carries TS: finds the packets in its messages.
class TsObserver::Stream {
 public:
  Stream(StreamCounters& counters, MonotonicTime now) : counters_(counters), watch_(counters, now) {}

  // The message in which the stream was recognised.
  MessageReport begin(Bytes message, const Detector::Found& found, MonotonicTime now);
  MessageReport observe(Bytes message, MonotonicTime now);
  bool lost() const { return foreign_messages_ >= foreign_messages_max; }

  const AccessPoint& access_point() const { return access_point_; }
  StreamDescription describe(MonotonicTime now) const { return make_description(watch_.facts(now)); }

 private:
  std::optional<std::size_t> find_first(Bytes message) const;
  std::size_t finish_packet(Bytes message);
  void walk(Bytes message, std::size_t from);
  bool resynchronise(Bytes message, std::size_t& at);
  void keep_tail(Bytes tail);
  MessageReport report(Bytes message, std::size_t carried);

  StreamCounters& counters_;
  StreamWatch watch_;
  AccessPoint access_point_;
  Packet partial_;  // a packet that goes on in the next message
  std::size_t partial_bytes_ = 0;
  Packet straddling_;  // the packet that the messages before this one began
  bool in_sync_ = true;
  bool found_packets_ = false;  // in this message
  bool whole_ = false;          // this message: nothing but whole packets so far
  std::uint32_t foreign_messages_ = 0;
};

MessageReport TsObserver::Stream::begin(Bytes message, const Detector::Found& found, MonotonicTime now) {
  watch_.begin_message(now, 0);
  found_packets_ = true;
  whole_ = found.from == 0;
  if (found.carried.empty()) {
    walk(message, found.from);
  } else {
    whole_ = false;
    keep_tail(found.carried);
  }
  return report(message, 0);
}

MessageReport TsObserver::Stream::observe(Bytes message, MonotonicTime now) {
  const std::size_t carried = partial_bytes_;
  watch_.begin_message(now, carried);
  found_packets_ = false;
  whole_ = carried == 0;
  if (!in_sync_) {
    if (const auto first = find_first(message)) {
      in_sync_ = true;
      whole_ = *first == 0;
      walk(message, *first);
    }
    return report(message, 0);
  }
  walk(message, carried == 0 ? 0 : finish_packet(message));
  return report(message, carried);
}

// Where the packets of a message begin when nothing is known from the one before.
std::optional<std::size_t> TsObserver::Stream::find_first(Bytes message) const {
  if (message.size() % packet_bytes == 0 && packets_in_sync(message, 0, sync_packets_searched) > 0) return 0;
  return find_sync(message, 0, sync_packets_expected);
}

// Returns where in the message the next packet begins.
std::size_t TsObserver::Stream::finish_packet(Bytes message) {
  const std::size_t missing = packet_bytes - partial_bytes_;
  const std::size_t taken = std::min(missing, message.size());
  const bool next_fits = taken == message.size() || message[taken] == sync_byte;
  if (!next_fits) {  // these bytes do not belong to it: walk() finds out what they are
    partial_bytes_ = 0;
    return taken;
  }
  std::copy_n(message.begin(), taken, partial_.begin() + static_cast<std::ptrdiff_t>(partial_bytes_));
  found_packets_ = true;
  if (taken < missing) {
    partial_bytes_ += taken;
    return taken;
  }
  straddling_ = partial_;
  watch_.on_packets(straddling_, -static_cast<std::int64_t>(std::exchange(partial_bytes_, 0)));
  return taken;
}

void TsObserver::Stream::walk(Bytes message, std::size_t from) {
  if (from == message.size()) return;
  std::size_t at = from;
  do {
    const std::size_t packets = watch_.on_packets(message.subspan(at), static_cast<std::int64_t>(at));
    at += packets * packet_bytes;
    if (packets > 0) found_packets_ = true;
    const bool cut = at < message.size() && message.size() - at < packet_bytes && message[at] == sync_byte;
    if (cut) {
      keep_tail(message.subspan(at));
      return;
    }
    if (at == message.size()) return;
  } while (resynchronise(message, at));
}

// A packet does not begin at `at`. True: one begins at the new `at`.
bool TsObserver::Stream::resynchronise(Bytes message, std::size_t& at) {
  ++counters_.sync_losses;
  watch_.on_gap();
  whole_ = false;
  if (!found_packets_ && at > 0 && message.size() % packet_bytes == 0 &&
      packets_in_sync(message, 0, sync_packets_searched) > 0) {
    // The packet before was never finished, and the message begins with one: somebody else publishes.
    watch_.restart();
    whole_ = true;
    at = 0;
    return true;
  }
  if (const auto found = find_sync(message, at, sync_packets_expected)) {
    at = *found;
    return true;
  }
  in_sync_ = false;
  return false;
}

void TsObserver::Stream::keep_tail(Bytes tail) {
  std::copy(tail.begin(), tail.end(), partial_.begin());
  partial_bytes_ = tail.size();
  found_packets_ = true;
}

MessageReport TsObserver::Stream::report(Bytes message, std::size_t carried) {
  watch_.end_message();
  foreign_messages_ = found_packets_ ? 0 : foreign_messages_ + 1;
  if (found_packets_) counters_.bytes += message.size();

  MessageReport report;
  report.is_ts = found_packets_;
  report.aligned = whole_ && partial_bytes_ == 0 && found_packets_;
  report.tail_bytes = static_cast<std::uint8_t>(partial_bytes_);
  report.restarted = watch_.restarted();
  if (report.restarted) access_point_.clear();
  if (const auto begin = watch_.access_point()) {
    watch_.describe_access_point(access_point_);
    if (*begin < 0) append(access_point_.head, Bytes(straddling_).first(carried));
    report.access_point = static_cast<std::uint32_t>(std::max<std::int64_t>(*begin, 0));
  }
  return report;
}

// ---- the observer ----

TsObserver::TsObserver() : detector_(std::make_unique<Detector>()) {}
TsObserver::~TsObserver() = default;

MessageReport TsObserver::observe(Bytes message, MonotonicTime now) {
  if (message.empty()) return {};
  if (!stream_) return begin_stream(message, now);
  MessageReport report = stream_->observe(message, now);
  if (stream_->lost()) {
    stream_.reset();
    detector_ = std::make_unique<Detector>();
    report = {};
    report.restarted = true;
  }
  return report;
}

MessageReport TsObserver::begin_stream(Bytes message, MonotonicTime now) {
  const auto found = detector_->look(message);
  if (!found) return {};
  stream_ = std::make_unique<Stream>(counters_, now);
  detector_.reset();
  return stream_->begin(message, *found, now);
}

const AccessPoint& TsObserver::access_point() const {
  static const AccessPoint none;
  return stream_ ? stream_->access_point() : none;
}

StreamDescription TsObserver::describe(MonotonicTime now) const {
  if (stream_) return stream_->describe(now);
  StreamDescription description;
  description.container = detector_->verdict();
  return description;
}

}  // namespace crosspoint::media
