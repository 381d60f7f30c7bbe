#include "http/body_decoder.h"

#include <algorithm>

#include "http/characters.h"

namespace crosspoint::http {
namespace {

constexpr std::size_t chunk_size_digits_max = 16;
constexpr std::uint64_t chunk_bytes_max = INT64_MAX;

}  // namespace

void BodyDecoder::begin(BodyFraming framing) {
  extension_bytes_ = 0;
  trailer_fields_ = 0;
  left_ = framing.bytes;
  lines_.reset();
  switch (framing.kind) {
    case BodyKind::none:
      left_ = 0;
      state_ = State::sized;
      break;
    case BodyKind::sized: state_ = State::sized; break;
    case BodyKind::chunked: state_ = State::chunk_size; break;
    case BodyKind::until_close: state_ = State::until_close; break;
  }
}

BodyDecoder::Step BodyDecoder::next(Bytes& input) {
  while (true) {
    const bool starved = input.empty();
    switch (state_) {
      case State::sized:
        if (left_ == 0) return end();
        [[fallthrough]];
      case State::until_close:
        if (starved) return Step{};
        return take_data(input);
      case State::chunk_data:
        if (left_ == 0) {
          state_ = State::data_cr;
          return Step{ChunkEnd{}};
        }
        if (starved) return Step{};
        return take_data(input);
      case State::chunk_size:
      case State::data_cr:
      case State::data_lf:
      case State::trailer: {
        if (starved) return Step{};
        auto step = state_ == State::chunk_size ? take_chunk_size(input)
                    : state_ == State::trailer  ? take_trailer(input)
                                                : take_chunk_ending(input);
        if (!step || *step) return step;
        continue;
      }
      case State::done: return Step{};
      case State::broken: return fail(error_);
    }
  }
}

BodyDecoder::Step BodyDecoder::finish() {
  switch (state_) {
    case State::until_close: return end();
    case State::done: return Step{};
    case State::broken: return fail(error_);
    case State::sized:
      if (left_ == 0) return end();
      return refuse(ParseError::truncated);
    case State::chunk_size:
    case State::chunk_data:
    case State::data_cr:
    case State::data_lf:
    case State::trailer: return refuse(ParseError::truncated);
  }
  return refuse(ParseError::truncated);
}

BodyDecoder::Step BodyDecoder::take_data(Bytes& input) {
  std::size_t take = input.size();
  if (state_ != State::until_close) {
    take = static_cast<std::size_t>(std::min<std::uint64_t>(take, left_));
    left_ -= take;
  }
  const Bytes bytes = input.first(take);
  input = input.subspan(take);
  return Step{BodyBytes{bytes}};
}

BodyDecoder::Step BodyDecoder::take_chunk_size(Bytes& input) {
  constexpr std::size_t line_bytes_max = chunk_size_digits_max + chunk_extension_bytes_max + 2;
  const auto line = lines_.take(input, line_bytes_max);
  if (!line) {
    return refuse(line.error() == LineError::too_long ? ParseError::bad_chunk_size
                                                      : ParseError::bad_line_ending);
  }
  if (!*line) return Step{};
  if (const auto error = parse_chunk_size(**line)) return refuse(*error);
  state_ = left_ == 0 ? State::trailer : State::chunk_data;
  lines_.reset();
  return Step{};
}

// chunk-size [ ";" anything printable ]. Extensions mean nothing to us, so their inner grammar is not looked
// at.
std::optional<ParseError> BodyDecoder::parse_chunk_size(std::string_view line) {
  std::size_t digits = 0;
  std::uint64_t size = 0;
  for (; digits < line.size() && hex_value(line[digits]) >= 0; ++digits) {
    if (digits == chunk_size_digits_max) return ParseError::bad_chunk_size;
    size = size << 4 | static_cast<std::uint64_t>(hex_value(line[digits]));
  }
  const auto extension = line.substr(digits);
  if (digits == 0 || size > chunk_bytes_max) return ParseError::bad_chunk_size;
  if (!extension.empty() && (extension.front() != ';' || extension.size() > chunk_extension_bytes_max ||
                             !is_field_value(extension))) {
    return ParseError::bad_chunk_size;
  }
  extension_bytes_ += static_cast<std::uint32_t>(extension.size());
  if (extension_bytes_ > chunk_extension_bytes_total_max) return ParseError::too_many_chunk_extensions;
  left_ = size;
  return std::nullopt;
}

BodyDecoder::Step BodyDecoder::take_chunk_ending(Bytes& input) {
  const bool wants_cr = state_ == State::data_cr;
  if (static_cast<char>(input.front()) != (wants_cr ? '\r' : '\n')) return refuse(ParseError::bad_chunk_end);
  input = input.subspan(1);
  state_ = wants_cr ? State::data_lf : State::chunk_size;
  return Step{};
}

// Trailers are checked and thrown away: merging them into the head is a way to smuggle fields past whoever
// read the head.
BodyDecoder::Step BodyDecoder::take_trailer(Bytes& input) {
  const auto line = lines_.take(input, trailer_bytes_max - lines_.bytes_of_lines());
  if (!line) {
    return refuse(line.error() == LineError::too_long ? ParseError::bad_trailer
                                                      : ParseError::bad_line_ending);
  }
  if (!*line) return Step{};
  if ((*line)->empty()) return end();
  if (const auto field = parse_field(**line); !field) return refuse(field.error());
  if (++trailer_fields_ > trailer_fields_max) return refuse(ParseError::bad_trailer);
  return Step{};
}

BodyDecoder::Step BodyDecoder::end() {
  state_ = State::done;
  lines_.reset();
  return Step{MessageEnd{}};
}

BodyDecoder::Step BodyDecoder::refuse(ParseError error) {
  state_ = State::broken;
  error_ = error;
  lines_.reset();
  return fail(error);
}

}  // namespace crosspoint::http
