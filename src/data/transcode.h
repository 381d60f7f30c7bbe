#pragma once
// One value from one spelling into another, by walking: nothing is built in between, and memory beyond the
// output is eight bytes for each list or map.
//
//   from           to JSON                    MessagePack      CBOR           UBJSON
//   integer        digits                     exact, to 64 bits, in all
//   beyond         digits                     nearest double   bignum         H
//   real           shortest; NaN, ±∞: null    float, double    half … double  float, double
//   binary         "\u0000" + base64          bin              byte string    [$U#
//
// Binary in JSON is a string, and a string that begins with U+0000 and goes on as base64 cannot be told from
// it: it arrives elsewhere as binary. Numbers that no double holds (1e400) are refused where a double would
// have to; of a big integer more than 128 bytes are. MessagePack's extensions become their payload, CBOR's
// tags fall away but for bignums, UBJSON's characters become strings. Maps keep their order and their
// duplicate keys; keys that are no text are refused. A real in JSON or in UBJSON's H that goes on as text
// keeps all its digits.
//
// The output is at most some twelve times as long as the input (a typed array of half floats in JSON).

#include "base/bytes.h"
#include "base/result.h"
#include "data/format.h"
#include "data/limits.h"
#include "data/refusal.h"
#include "data/writer.h"

namespace crosspoint::data {

// `value` is one whole value. Between equal formats it is checked and copied, with all that it holds.
Result<ByteVector, Refusal> transcode(Format from, Bytes value, Format to, Limits limits = {});

// The same into a message that is being written: the value is the next element, or what belongs to the last
// key. After a refusal nothing of it is in the message.
Result<void, Refusal> transcode(Format from, Bytes value, Writer& to, Limits limits = {});

// Is it one well-formed value, and nothing else?
Result<void, Refusal> check(Format format, Bytes value, Limits limits = {});

}  // namespace crosspoint::data
