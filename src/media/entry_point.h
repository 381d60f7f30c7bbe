#pragma once
// Coming into a stream that already runs: what a viewer must get before it goes on with the live packets.
//
// A viewer comes in late (join), or something was left out of what it gets (skip: it was too slow, or the
// publisher was replaced). Either way it goes on at an access point: a whole packet, tables first, then a
// picture that needs no earlier one (in audio-only streams, the beginning of a PES packet). Continuity
// counters are made to fit, so that no demuxer reports a loss: ISO/IEC 13818-1 section 2.4.3.4,
// discontinuity_indicator.
//
// The observer (ts_observer.h) finds access points and describes them; this header writes the bytes. The
// relay then sends them as one message, and goes on with the message that follows the one given here.
//
// Every rule in one place:
//   - enter only at a message whose MessageReport has an `access_point`; the observer reports none before it
//   can
//     describe one well enough;
//   - join: append_join(point, message.subspan(*report.access_point), out);
//   - skip: append_skip(point, tail_bytes of the last message the viewer got, the same rest, out);
//   - after a report with `restarted`, what was kept of earlier messages is of another stream: forget it, and
//   send
//     nothing to anybody before the next access point, which for viewers that were there is a skip.

#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "media/ts_packet.h"

namespace crosspoint::media {

// One place where a viewer may come in. Filled by the observer; its buffers are reused.
struct AccessPoint {
  static constexpr std::size_t pids_max = 64;
  struct PidState {
    Pid pid = pid_null;
    std::uint8_t continuity_counter = 0;  // of the PID's last packet with payload before this place
    bool elementary = false;              // carries PES, so a packet may belong to a PES that began before
  };

  // PAT and PMT as whole packets, to go before the rest of the message. Their counters precede those of the
  // tables that come next. Empty when the rest begins with tables of its own, and in streams that have none.
  ByteVector tables;
  // Unaligned messages only: the first bytes of a packet that ends in this message, which the message before
  // it carried; 0 to 187.
  ByteVector head;
  Pid pid = pid_null;  // the elementary stream that can be entered here
  std::array<PidState, pids_max> pids;
  std::uint8_t pids_known = 0;

  std::span<const PidState> known() const { return std::span(pids).first(pids_known); }
  void clear();
};

// Appends what a viewer gets that has seen nothing yet. `rest` is the message from the access point on.
//
// Left out of the rest: packets of other elementary streams that belong to a PES packet whose beginning the
// viewer does not get.
void append_join(const AccessPoint& point, Bytes rest, ByteVector& out);

// Appends what a viewer gets that has seen the stream (or another one) before: for each PID a packet that
// announces the gap, then what a join gets.
//
// `tail_bytes` (MessageReport::tail_bytes of the last message the viewer got whole; 0 when messages are
// aligned): a packet of which it has only so many bytes is filled up first, so that it never loses the
// 188-byte rhythm.
void append_skip(const AccessPoint& point, std::uint8_t tail_bytes, Bytes rest, ByteVector& out);

}  // namespace crosspoint::media
