#include "media/pes.h"

#include "base/assert.h"

namespace crosspoint::media {
namespace {

constexpr std::size_t fixed_bytes = 6;     // start code, stream_id, length
constexpr std::size_t extended_bytes = 9;  // with the two flag bytes and PES_header_data_length
constexpr std::size_t timestamp_bytes = 5;

// Section 2.4.3.7: these carry no flags and no timestamps.
constexpr bool has_plain_head(std::uint8_t id) {
  return id == 0xbc || id == 0xbe || id == 0xbf || id == 0xf0 || id == 0xf1 || id == 0xf2 || id == 0xf8 ||
         id == 0xff;
}

// Five bytes: prefix(4) 32..30 1, 29..15 1, 14..0 1.
std::optional<Timestamp> read_timestamp(Bytes bytes) {
  const std::uint64_t raw = read_big_endian(bytes.first(timestamp_bytes));
  if ((raw & 0x01'0001'0001) != 0x01'0001'0001) return std::nullopt;
  return (raw >> 33 & 0x7) << 30 | (raw >> 17 & 0x7fff) << 15 | (raw >> 1 & 0x7fff);
}

void write_timestamp(Timestamp time, std::uint8_t prefix, MutableBytes out) {
  const std::uint64_t raw = std::uint64_t{prefix} << 36 | (time >> 30 & 0x7) << 33 |
                            (time >> 15 & 0x7fff) << 17 | (time & 0x7fff) << 1 | 0x01'0001'0001;
  write_big_endian(raw, out.first(timestamp_bytes));
}

Result<PesHeader, PesError> parse_extended(Bytes payload, PesHeader header) {
  if (payload.size() < extended_bytes) return fail(PesError::need_more);
  if ((to_u8(payload[6]) & 0xc0) != 0x80) return fail(PesError::malformed);
  const unsigned stamps = to_u8(payload[7]) >> 6;  // 10 PTS, 11 PTS and DTS, 01 forbidden
  const std::size_t data = to_u8(payload[8]);
  const std::size_t wanted = stamps == 3 ? 2 * timestamp_bytes : stamps == 2 ? timestamp_bytes : 0;
  if (stamps == 1 || data < wanted) return fail(PesError::malformed);
  header.data_alignment = (to_u8(payload[6]) & 0x04) != 0;
  header.header_bytes = extended_bytes + data;
  if (payload.size() < header.header_bytes) return fail(PesError::need_more);

  if (stamps >= 2) {
    header.pts = read_timestamp(payload.subspan(extended_bytes));
    if (!header.pts) return fail(PesError::malformed);
  }
  if (stamps == 3) {
    header.dts = read_timestamp(payload.subspan(extended_bytes + timestamp_bytes));
    if (!header.dts) return fail(PesError::malformed);
  }
  return header;
}

Timestamp shifted(Timestamp time, std::int64_t ticks) {
  const auto modulus = static_cast<std::int64_t>(timestamp_modulus);
  return (time + static_cast<Timestamp>((ticks % modulus + modulus) % modulus)) % timestamp_modulus;
}

}  // namespace

std::int64_t timestamp_difference(Timestamp later, Timestamp earlier) {
  const auto ahead = static_cast<std::int64_t>((later - earlier) & (timestamp_modulus - 1));
  const auto modulus = static_cast<std::int64_t>(timestamp_modulus);
  return ahead < modulus / 2 ? ahead : ahead - modulus;
}

Result<PesHeader, PesError> parse_pes_header(Bytes payload) {
  constexpr std::byte start_code[] = {std::byte{0}, std::byte{0}, std::byte{1}};
  for (std::size_t i = 0; i < 3 && i < payload.size(); ++i) {
    if (payload[i] != start_code[i]) return fail(PesError::no_start_code);
  }
  if (payload.size() < fixed_bytes) return fail(PesError::need_more);
  PesHeader header;
  header.stream_id = to_u8(payload[3]);
  header.packet_length = static_cast<std::uint16_t>(read_big_endian(payload.subspan(4, 2)));
  header.header_bytes = fixed_bytes;
  if (has_plain_head(header.stream_id)) return header;
  return parse_extended(payload, header);
}

void append_pes_header(const PesHeader& header, std::size_t elementary_bytes, ByteVector& out) {
  const bool plain = has_plain_head(header.stream_id);
  const std::size_t stamps = !header.pts ? 0 : header.dts ? 2 : 1;
  const std::size_t data = stamps * timestamp_bytes;
  const std::size_t length = elementary_bytes + (plain ? 0 : 3 + data);
  const std::size_t begin = out.size();
  out.resize(begin + (plain ? fixed_bytes : extended_bytes + data));
  const MutableBytes head = MutableBytes(out).subspan(begin);

  write_big_endian(0x000001u << 8 | header.stream_id, head.first(4));
  write_big_endian(length > 0xffff ? 0 : length, head.subspan(4, 2));
  if (plain) return;
  head[6] = header.data_alignment ? std::byte{0x84} : std::byte{0x80};
  head[7] = stamps == 2 ? std::byte{0xc0} : stamps == 1 ? std::byte{0x80} : std::byte{0};
  head[8] = static_cast<std::byte>(data);
  if (stamps >= 1) write_timestamp(*header.pts, stamps == 2 ? 3 : 2, head.subspan(extended_bytes));
  if (stamps == 2) write_timestamp(*header.dts, 1, head.subspan(extended_bytes + timestamp_bytes));
}

bool shift_pes_timestamps(MutableBytes payload, std::int64_t ticks) {
  const auto header = parse_pes_header(payload);
  if (!header) return false;
  if (header->pts) {
    write_timestamp(shifted(*header->pts, ticks), header->dts ? 3 : 2, payload.subspan(extended_bytes));
  }
  if (header->dts) {
    write_timestamp(shifted(*header->dts, ticks), 1, payload.subspan(extended_bytes + timestamp_bytes));
  }
  return true;
}

}  // namespace crosspoint::media
