#pragma once
// What an application says to another: Args and Kwargs of a message, as the bytes that spelt them. The router
// checks that they are well-formed, once, when they come in, and does not look inside: to a peer of the same
// format they are copied, for another they are transcoded (data/transcode.h).
//
// Views: of the message they came in, good until the call that brought it returns. Who keeps a payload keeps
// a KeptPayload.

#include <string_view>

#include "base/bytes.h"
#include "data/format.h"

namespace crosspoint::wamp {

struct Payload {
  data::Format format = data::Format::json;
  Bytes args;    // the list, with its brackets; empty: the message has none. Or one binary element: see
                 // PassThrough
  Bytes kwargs;  // the map; empty: the message has none

  bool empty() const { return args.empty() && kwargs.empty(); }
  std::size_t bytes() const { return args.size() + kwargs.size(); }
};

class KeptPayload {
 public:
  KeptPayload() = default;
  explicit KeptPayload(const Payload& payload) : format_(payload.format), args_bytes_(payload.args.size()) {
    bytes_.reserve(payload.bytes());
    append(bytes_, payload.args);
    append(bytes_, payload.kwargs);
  }
  Payload view() const {
    const Bytes all(bytes_);
    return {format_, all.first(args_bytes_), all.subspan(args_bytes_)};
  }
  std::size_t bytes() const { return bytes_.size(); }

 private:
  data::Format format_ = data::Format::json;
  std::size_t args_bytes_ = 0;
  ByteVector bytes_;
};

// Keys of Options that say how to read a payload which the router is not to read; copied to Details as they
// are. Two dialects: `ppt_*` of the specification (the payload is one binary in a list of one), and
// Autobahn's older `enc_*` (one binary stands in the place of Args). Empty views: the key is absent.
struct PassThrough {
  enum class Dialect : unsigned char { none, ppt, enc };
  Dialect dialect = Dialect::none;
  std::string_view scheme;      // ppt_scheme, or enc_algo
  std::string_view serializer;  // ppt_serializer, or enc_serializer
  std::string_view cipher;      // ppt_cipher
  std::string_view keyid;       // ppt_keyid, or enc_key

  explicit operator bool() const { return dialect != Dialect::none; }
};

}  // namespace crosspoint::wamp
