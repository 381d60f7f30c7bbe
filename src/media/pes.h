#pragma once
// The head of a PES packet: ISO/IEC 13818-1 section 2.4.3.6. What follows it is elementary data.

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"

namespace crosspoint::media {

// Ticks of 90 kHz, modulo 2^33.
using Timestamp = std::uint64_t;
inline constexpr Timestamp timestamp_modulus = std::uint64_t{1} << 33;
inline constexpr std::int64_t timestamp_hz = 90'000;
// How far `later` is ahead of `earlier`, the shorter way round; negative when it lies behind.
std::int64_t timestamp_difference(Timestamp later, Timestamp earlier);

inline constexpr std::uint8_t stream_id_private_1 = 0xbd;
constexpr bool is_video_stream_id(std::uint8_t id) { return id >= 0xe0 && id <= 0xef; }
constexpr bool is_audio_stream_id(std::uint8_t id) { return id >= 0xc0 && id <= 0xdf; }

enum class PesError {
  need_more,      // the head goes on in the next packet
  no_start_code,  // does not begin with 00 00 01
  malformed,      // marker bits are wrong, or the announced timestamps do not fit the announced length
};

struct PesHeader {
  std::uint8_t stream_id = 0;
  std::uint16_t packet_length = 0;  // bytes after this field; 0 for video: until the next PES packet
  bool data_alignment = false;      // an access unit begins with the first byte of elementary data
  std::optional<Timestamp> pts = std::nullopt;
  std::optional<Timestamp> dts = std::nullopt;  // present only where it differs from the PTS
  std::size_t header_bytes = 0;                 // elementary data begins here

  std::optional<Timestamp> decode_time() const { return dts ? dts : pts; }
};

// `payload` is that of a packet with payload_unit_start, or more.
Result<PesHeader, PesError> parse_pes_header(Bytes payload);

// Appends a head for `elementary_bytes` bytes to follow; unbounded (packet_length 0) when they are too many
// for the field.
void append_pes_header(const PesHeader& header, std::size_t elementary_bytes, ByteVector& out);

// Moves the timestamps that the head has by `ticks`, in place. False, and nothing changed: the head is
// refused by parse_pes_header().
bool shift_pes_timestamps(MutableBytes payload, std::int64_t ticks);

}  // namespace crosspoint::media
