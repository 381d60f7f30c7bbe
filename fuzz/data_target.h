#pragma once
// What must hold for any bytes in one spelling; data_json, data_msgpack, data_cbor and data_ubjson are this.
// Compiled once for them all: the other implementation is dear.

#include "base/bytes.h"
#include "data/format.h"

namespace crosspoint::fuzz {

// Passing over a value, taking it apart and turning it into another spelling agree on what is a value;
// another implementation, where it reads the bytes too, reads the same from them. Of JSON both take the same
// texts, but for a byte order mark, which the other skips, a zero byte, where it ends, numbers that no double
// holds, and what is nested too deep for ours.
void read_value(data::Format format, Bytes bytes);

}  // namespace crosspoint::fuzz
