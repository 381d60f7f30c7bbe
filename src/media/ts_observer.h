#pragma once
// What a topic learns from the messages that pass: whether they are MPEG-TS, where in them a viewer may come
// in, and what they carry. Opaque payload is only looked at, never changed or kept.
//
// Called once per published binary message, on the path that all data takes: a few nanoseconds per packet,
// and no allocation once a stream is known. A topic that carries something else costs a look at a few bytes
// per message. Memory is bounded whatever is sent: 64 PIDs, 8 programs, tables of 1024 bytes.
//
// Messages may hold whole packets (aligned: what crosspoint host sends) or be cut anywhere; then the phase is
// carried from message to message. A publisher may leave and another come at any message.

#include <cstdint>
#include <memory>
#include <optional>

#include "base/bytes.h"
#include "base/time.h"
#include "media/entry_point.h"
#include "media/stream_counters.h"
#include "media/stream_description.h"

namespace crosspoint::media {

struct MessageReport {
  // Where in this message a viewer may come in: the offset of the tables that directly precede the picture,
  // else of the picture's first packet. The last such place when there are several. What is needed beside the
  // bytes themselves is in TsObserver::access_point() until the next report that has one.
  std::optional<std::uint32_t> access_point;
  bool is_ts = false;    // the message is part of an MPEG transport stream
  bool aligned = false;  // it begins with a packet and holds whole packets
  // Another stream begins in this message (the publisher was replaced or started again): what is kept of the
  // messages before it must not be sent to anybody who comes in now.
  bool restarted = false;
  // So many bytes (0 to 187) at the end belong to a packet that goes on in the next message.
  std::uint8_t tail_bytes = 0;
};

class TsObserver {
 public:
  TsObserver();
  ~TsObserver();
  TsObserver(const TsObserver&) = delete;
  TsObserver& operator=(const TsObserver&) = delete;

  MessageReport observe(Bytes message, MonotonicTime now);

  // True from when enough was seen to be sure, until enough other messages came to be sure of the contrary.
  bool is_ts() const { return stream_ != nullptr; }
  // Of the last report that had one. Empty before the first, and after a restart.
  const AccessPoint& access_point() const;

  const StreamCounters& counters() const { return counters_; }
  // For pages and stats; allocates.
  StreamDescription describe(MonotonicTime now) const;

 private:
  class Detector;
  class Stream;
  MessageReport begin_stream(Bytes message, MonotonicTime now);

  std::unique_ptr<Detector> detector_;  // exists while the topic is not known to carry TS
  std::unique_ptr<Stream> stream_;      // exists from when TS was recognised
  StreamCounters counters_;
};

}  // namespace crosspoint::media
