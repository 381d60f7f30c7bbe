#pragma once
// The bytes of one message body, by length, in chunks, or until the connection ends (RFC 9112 sections 6 and
// 7). Body bytes are handed out where they lie; nothing is collected but size lines and trailers that were
// cut.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>

#include "base/bytes.h"
#include "base/result.h"
#include "http/framing.h"
#include "http/line_reader.h"
#include "http/parse_error.h"

namespace crosspoint::http {

struct BodyBytes {
  Bytes bytes;  // at least one; a view of what was fed
};
// All bytes of a chunk have been handed out (told before its CR LF has come: live media must not wait for
// that).
struct ChunkEnd {};
struct MessageEnd {};

using BodyEvent = std::variant<BodyBytes, ChunkEnd, MessageEnd>;

class BodyDecoder {
 public:
  static constexpr std::size_t chunk_extension_bytes_max = 128;         // of one chunk
  static constexpr std::size_t chunk_extension_bytes_total_max = 4096;  // of one body
  static constexpr std::size_t trailer_bytes_max = 1024;
  static constexpr std::size_t trailer_fields_max = 16;

  explicit BodyDecoder(BodyFraming framing = {}) { begin(framing); }

  // Forgets the previous body.
  void begin(BodyFraming framing);

  // The next event, moving `input` behind what it took; nothing when more input is needed. After MessageEnd
  // it takes nothing more; what is left belongs to the next message. An error repeats itself.
  Result<std::optional<BodyEvent>, ParseError> next(Bytes& input);

  // The connection has ended: MessageEnd for a body that lasts until then, `truncated` inside any other,
  // nothing if MessageEnd has been told already.
  Result<std::optional<BodyEvent>, ParseError> finish();

  bool done() const { return state_ == State::done; }

 private:
  enum class State : std::uint8_t {
    sized,
    until_close,
    chunk_size,
    chunk_data,
    data_cr,
    data_lf,
    trailer,
    done,
    broken
  };
  using Step = Result<std::optional<BodyEvent>, ParseError>;

  Step take_data(Bytes& input);
  Step take_chunk_size(Bytes& input);
  Step take_chunk_ending(Bytes& input);
  Step take_trailer(Bytes& input);
  Step end();
  Step refuse(ParseError error);
  std::optional<ParseError> parse_chunk_size(std::string_view line);

  State state_ = State::done;
  ParseError error_{};
  std::uint16_t trailer_fields_ = 0;
  std::uint32_t extension_bytes_ = 0;
  std::uint64_t left_ = 0;  // of the body (sized) or the chunk
  LineReader lines_;
};

}  // namespace crosspoint::http
