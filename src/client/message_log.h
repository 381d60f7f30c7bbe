#pragma once
// Messages of a topic as a file of lines, as the older relay's recorder wrote them, or as they are:
//
//   text    [2026-11-21T00:01:40.123456789Z] content     binary messages in base64; a message may hold line
//   ends binary  the payloads, text and binary alike, without anything between them
//
// Times are RFC 3339 with nanoseconds, Go's way: zeros at the end of the fraction are left out. Pure: the
// time is given, and how far local time is from UTC.

#include <string>

#include "base/bytes.h"
#include "base/time.h"

namespace crosspoint::client {

enum class MessageKind : bool { text, binary };

// "2026-11-21T01:01:40.5+01:00", "…Z" where local time is UTC.
std::string local_time_text(WallTime at, Duration east_of_utc);
// With the line end.
std::string log_line(MessageKind kind, Bytes payload, WallTime at, Duration east_of_utc);

}  // namespace crosspoint::client
