#pragma once
// Plays a short clip over and over as one stream that never ends: timestamps and clock go on across the seam,
// and so do continuity counters. For the demonstration where no camera and no encoder is at hand.
//
// Pure: it is told how much time has passed since the start, and gives what is due by then, one picture (or
// piece of sound) at a time, with the tables that lie before it.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "media/pes.h"
#include "media/ts_packet.h"

namespace crosspoint::media {

enum class LooperError {
  not_packets,    // not whole packets, or one without its sync byte
  no_timestamps,  // fewer than two timestamps on every PID: nothing says how long the clip is
  too_long,       // spans more than an hour
};

class TsLooper {
 public:
  static Result<TsLooper, LooperError> make(ByteVector clip);

  // The next piece, if it is due; whole packets, valid until the next call. To be called until there is
  // nothing: whoever comes late gets everything that is due by now.
  std::optional<Bytes> next(Duration elapsed);
  // When, since the start, the next piece is due.
  Duration due() const;

  // The length of one round.
  Duration period() const;
  std::uint64_t rounds() const { return round_; }

 private:
  struct Piece {
    std::size_t begin;  // in clip_
    std::size_t end;
    std::int64_t ticks;  // since the beginning of the clip
  };
  explicit TsLooper(ByteVector clip) : clip_(std::move(clip)), counters_(pid_count, counter_unset) {}
  Result<std::int64_t, LooperError> measure();
  void cut_pieces();
  void rewrite(MutablePacketBytes packet);

  static constexpr std::uint8_t counter_unset = 0xff;
  ByteVector clip_;
  std::vector<Piece> pieces_;
  std::int64_t period_ticks_ = 0;
  std::size_t next_ = 0;
  std::uint64_t round_ = 0;
  std::vector<std::uint8_t> counters_;  // of the last packet with payload, by PID
  ByteVector piece_;                    // what next() gave
};

}  // namespace crosspoint::media
