#include "media/ts_looper.h"

#include <algorithm>
#include <map>

#include "base/assert.h"

namespace crosspoint::media {
namespace {

constexpr std::int64_t ticks_max = 3600 * timestamp_hz;

Duration duration_of(std::uint64_t rounds, std::int64_t period, std::int64_t ticks) {
  // In two steps, since ticks of 90 kHz are no whole number of nanoseconds: 100'000 / 9.
  const std::int64_t total = static_cast<std::int64_t>(rounds) * period + ticks;
  return Duration(total / 9 * 100'000 + total % 9 * 100'000 / 9);
}

// The time at which the PES packet that this packet begins is to be decoded.
std::optional<Timestamp> start_time(const PacketView& packet) {
  if (!packet.payload_unit_start() || packet.scrambled()) return std::nullopt;
  const auto header = parse_pes_header(packet.payload());
  return header ? header->decode_time() : std::nullopt;
}

bool begins_section(const PacketView& packet) {
  if (!packet.payload_unit_start() || packet.payload().empty()) return false;
  const auto header = parse_pes_header(packet.payload());
  return !header && header.error() == PesError::no_start_code;
}

// Of one PID.
struct Course {
  Timestamp first = 0;
  std::int64_t last = 0;  // ticks since the first
  std::int64_t starts = 0;
};

}  // namespace

Result<TsLooper, LooperError> TsLooper::make(ByteVector clip) {
  if (clip.empty() || clip.size() % packet_bytes != 0) return fail(LooperError::not_packets);
  for (std::size_t at = 0; at < clip.size(); at += packet_bytes) {
    if (clip[at] != sync_byte) return fail(LooperError::not_packets);
  }
  TsLooper looper(std::move(clip));
  const auto period = looper.measure();
  if (!period) return fail(period.error());
  looper.period_ticks_ = *period;
  looper.cut_pieces();
  return looper;
}

// A round lasts as long as the longest of its streams: from its first start to its last, and one step more.
Result<std::int64_t, LooperError> TsLooper::measure() {
  std::map<Pid, Course> courses;
  for (std::size_t at = 0; at < clip_.size(); at += packet_bytes) {
    const PacketView packet{PacketBytes(clip_.data() + at, packet_bytes)};
    const auto time = start_time(packet);
    if (!time) continue;
    Course& course = courses[packet.pid()];
    if (course.starts++ == 0) course.first = *time;
    course.last = std::max(course.last, timestamp_difference(*time, course.first));
  }
  std::int64_t longest = 0;
  for (const auto& [pid, course]: courses) {
    if (course.starts < 2) continue;
    longest = std::max(longest, course.last + course.last / (course.starts - 1));
  }
  if (longest == 0) return fail(LooperError::no_timestamps);
  if (longest > ticks_max) return fail(LooperError::too_long);
  return longest;
}

// A piece begins with a PES packet that has a time, or with the tables directly before it. It is due at that
// time, but never before the piece in front of it.
void TsLooper::cut_pieces() {
  std::optional<Timestamp> origin;
  std::size_t tables_begin = 0;
  pieces_.push_back({.begin = 0, .end = 0, .ticks = 0});
  for (std::size_t at = 0; at < clip_.size(); at += packet_bytes) {
    const PacketView packet{PacketBytes(clip_.data() + at, packet_bytes)};
    const bool has_section = begins_section(packet);
    const auto time = start_time(packet);
    if (time) {
      if (!origin) origin = time;
      const std::int64_t ticks = std::max(pieces_.back().ticks, timestamp_difference(*time, *origin));
      if (tables_begin > pieces_.back().begin)
        pieces_.push_back({.begin = tables_begin, .end = 0, .ticks = ticks});
    }
    if (!has_section) tables_begin = at + packet_bytes;
  }
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    pieces_[i].end = i + 1 < pieces_.size() ? pieces_[i + 1].begin : clip_.size();
  }
}

std::optional<Bytes> TsLooper::next(Duration elapsed) {
  if (due() > elapsed) return std::nullopt;
  const Piece& piece = pieces_[next_];
  piece_.assign(clip_.begin() + static_cast<std::ptrdiff_t>(piece.begin),
                clip_.begin() + static_cast<std::ptrdiff_t>(piece.end));
  for (std::size_t at = 0; at < piece_.size(); at += packet_bytes) {
    rewrite(MutablePacketBytes(piece_.data() + at, packet_bytes));
  }
  if (++next_ == pieces_.size()) {
    next_ = 0;
    ++round_;
  }
  return Bytes(piece_);
}

Duration TsLooper::due() const { return duration_of(round_, period_ticks_, pieces_[next_].ticks); }

Duration TsLooper::period() const { return duration_of(1, period_ticks_, 0); }

void TsLooper::rewrite(MutablePacketBytes bytes) {
  const PacketView packet{bytes};
  if (packet.pid() != pid_null) {
    std::uint8_t& counter = counters_[packet.pid()];
    if (counter == counter_unset) {
      counter = packet.continuity_counter();
    } else if (packet.has_payload()) {
      counter = (counter + 1) & 0x0f;
    }
    set_continuity_counter(bytes, counter);
  }
  if (round_ == 0) return;
  const std::int64_t shift =
      static_cast<std::int64_t>(round_) * period_ticks_ % static_cast<std::int64_t>(timestamp_modulus);
  if (const auto pcr = packet.pcr()) set_pcr(bytes, *pcr + static_cast<Pcr>(shift) * 300);
  if (start_time(packet)) {
    const Bytes payload = packet.payload();
    shift_pes_timestamps(bytes.last(payload.size()), shift);
  }
}

}  // namespace crosspoint::media
