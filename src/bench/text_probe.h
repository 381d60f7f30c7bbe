#pragma once
// A probe (probe.h) that is text, for what is carried by serializers: a JSON string holds it as it is, and so
// does every other one. Numbers are digits to the base of 64, the highest first.
//
//   characters  0      "x"
//               1–5    length of the whole text
//               6–16   sequence number
//              17–27   when it was due (MonotonicTime, nanoseconds)
//              28–31   who sent it, below 2^24
//              32–     body

#include <string>

#include "bench/probe.h"

namespace crosspoint::bench {

// A text of `bytes` (at least probe_bytes_min) into `out`, which it replaces.
void encode_text_probe(const Probe& probe, std::size_t bytes, std::string& out);
Verdict read_text_probe(std::string_view text, bool whole_body);

}  // namespace crosspoint::bench
