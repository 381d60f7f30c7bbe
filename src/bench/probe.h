#pragma once
// The messages that a load consists of: each carries its number, the time it was due, and a body that follows
// from the number, so that whoever receives it can tell every wrong byte, gap, repetition and overtaking.
//
//   bytes  0–3   "xpb1"
//          4–7   length of the whole message
//          8–15  sequence number, from 0
//         16–23  when it was due (MonotonicTime, nanoseconds)
//         24–31  who sent it
//         32–    body
// Numbers are big-endian.

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/time.h"

namespace crosspoint::bench {

inline constexpr std::size_t probe_bytes_min = 32;

struct Probe {
  std::uint64_t sequence = 0;
  MonotonicTime due{};
  std::uint64_t source = 0;
};

// A message of `bytes` (at least probe_bytes_min) into `out`, which it replaces.
void encode_probe(const Probe& probe, std::size_t bytes, ByteVector& out);

struct Verdict {
  bool intact = false;  // header and every byte of the body are as they were sent
  Probe probe;
};
Verdict read_probe(Bytes message, bool whole_body);

// What one receiver of one source got so far.
class Receipt {
 public:
  void take(const Verdict& verdict);
  std::uint64_t received() const { return received_; }
  std::uint64_t corrupt() const { return corrupt_; }
  std::uint64_t lost() const { return lost_; }              // sequence numbers passed over
  std::uint64_t out_of_order() const { return disorder_; }  // repeated, or overtaken
  std::uint64_t next() const { return next_; }

 private:
  std::uint64_t next_ = 0;
  std::uint64_t received_ = 0, corrupt_ = 0, lost_ = 0, disorder_ = 0;
};

}  // namespace crosspoint::bench
