#include "media/psi.h"

#include <algorithm>
#include <array>

#include "base/assert.h"

namespace crosspoint::media {
namespace {

constexpr std::uint8_t table_id_pat = 0x00;
constexpr std::uint8_t table_id_pmt = 0x02;
constexpr std::uint8_t table_id_stuffing = 0xff;
constexpr std::size_t length_end = 3;  // table_id and section_length
constexpr std::size_t header_end = 8;  // up to and with last_section_number
constexpr std::size_t crc_bytes = 4;
constexpr std::size_t section_length_max = 1021;

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i << 24;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x80000000u) != 0 ? crc << 1 ^ 0x04c11db7u : crc << 1;
    table[i] = crc;
  }
  return table;
}
constexpr auto crc_table = make_crc_table();

std::uint16_t read_u16(Bytes bytes, std::size_t at) {
  return static_cast<std::uint16_t>(to_u8(bytes[at]) << 8 | to_u8(bytes[at + 1]));
}
Pid read_pid(Bytes bytes, std::size_t at) { return read_u16(bytes, at) & 0x1fff; }

void append_u8(ByteVector& out, unsigned value) { out.push_back(static_cast<std::byte>(value & 0xff)); }
void append_u16(ByteVector& out, unsigned value) {
  append_u8(out, value >> 8);
  append_u8(out, value);
}

// What follows the common header, CRC excluded.
Result<Bytes, PsiError> open_section(Bytes section, std::uint8_t table_id) {
  if (section.size() < header_end + crc_bytes) return fail(PsiError::cut_short);
  if (to_u8(section[0]) != table_id) return fail(PsiError::wrong_table_id);
  const std::size_t length = read_u16(section, 1) & 0x0fff;
  if ((to_u8(section[1]) & 0x80) == 0 || length > section_length_max) return fail(PsiError::wrong_syntax);
  if (section.size() != length_end + length) return fail(PsiError::cut_short);
  if (crc_32(section) != 0) return fail(PsiError::wrong_crc);
  return section.subspan(header_end, section.size() - header_end - crc_bytes);
}

template <class Table>
void read_version(Bytes section, Table& table) {
  table.version = to_u8(section[5]) >> 1 & 0x1f;
  table.current = (to_u8(section[5]) & 0x01) != 0;
}

ByteVector begin_section(std::uint8_t table_id, std::uint16_t extension, std::uint8_t version, bool current) {
  ByteVector out;
  append_u8(out, table_id);
  append_u16(out, 0);  // section_length, known at the end
  append_u16(out, extension);
  append_u8(out, 0xc0u | (version & 0x1fu) << 1 | (current ? 1u : 0u));
  return out;
}

Result<ByteVector, PsiError> finish_section(ByteVector section) {
  const std::size_t length = section.size() - length_end + crc_bytes;
  if (length > section_length_max) return fail(PsiError::too_long);
  write_big_endian(0xb000u | length,
                   MutableBytes(section).subspan(1, 2));  // syntax indicator and reserved bits
  const std::uint32_t crc = crc_32(section);
  append_u16(section, crc >> 16);
  append_u16(section, crc);
  return section;
}

// A descriptor that carries `tag`, or for tag 5 (registration) the given format identifier.
bool has_descriptor(Bytes descriptors, std::uint8_t tag, std::string_view identifier = {}) {
  while (descriptors.size() >= 2) {
    const std::size_t length = std::min<std::size_t>(to_u8(descriptors[1]), descriptors.size() - 2);
    const auto body = as_text(descriptors.subspan(2, length));
    if (to_u8(descriptors[0]) == tag && body.starts_with(identifier)) return true;
    descriptors = descriptors.subspan(2 + length);
  }
  return false;
}

constexpr std::uint8_t tag_registration = 0x05;

Codec codec_of_private(Bytes descriptors) {
  if (has_descriptor(descriptors, tag_registration, "HEVC")) return Codec::h265;
  if (has_descriptor(descriptors, tag_registration, "AV01")) return Codec::av1;
  if (has_descriptor(descriptors, tag_registration, "Opus")) return Codec::opus;
  if (has_descriptor(descriptors, tag_registration, "AC-3") || has_descriptor(descriptors, 0x6a))
    return Codec::ac3;
  if (has_descriptor(descriptors, tag_registration, "EAC3") || has_descriptor(descriptors, 0x7a))
    return Codec::eac3;
  return Codec::unknown;
}

}  // namespace

std::uint32_t crc_32(Bytes bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const std::byte byte: bytes) crc = crc << 8 ^ crc_table[(crc >> 24 ^ to_u8(byte)) & 0xff];
  return crc;
}

Result<Pat, PsiError> parse_pat(Bytes section) {
  const auto body = open_section(section, table_id_pat);
  if (!body) return fail(body.error());
  if (body->size() % 4 != 0) return fail(PsiError::malformed);

  Pat pat;
  pat.transport_stream_id = read_u16(section, 3);
  read_version(section, pat);
  pat.section_number = to_u8(section[6]);
  pat.last_section_number = to_u8(section[7]);
  for (std::size_t at = 0; at < body->size(); at += 4) {
    pat.programs.push_back({read_u16(*body, at), read_pid(*body, at + 2)});
  }
  return pat;
}

Result<Pmt, PsiError> parse_pmt(Bytes section) {
  const auto opened = open_section(section, table_id_pmt);
  if (!opened) return fail(opened.error());
  const Bytes body = *opened;
  if (body.size() < 4) return fail(PsiError::malformed);

  Pmt pmt;
  pmt.program_number = read_u16(section, 3);
  read_version(section, pmt);
  pmt.pcr_pid = read_pid(body, 0);
  std::size_t at = 4;
  const std::size_t info = read_u16(body, 2) & 0x0fff;
  if (info > body.size() - at) return fail(PsiError::malformed);
  pmt.descriptors = to_vector(body.subspan(at, info));
  at += info;
  while (at < body.size()) {
    if (body.size() - at < 5) return fail(PsiError::malformed);
    Pmt::Stream stream{.stream_type = to_u8(body[at]), .pid = read_pid(body, at + 1), .descriptors = {}};
    const std::size_t length = read_u16(body, at + 3) & 0x0fff;
    at += 5;
    if (length > body.size() - at) return fail(PsiError::malformed);
    stream.descriptors = to_vector(body.subspan(at, length));
    at += length;
    pmt.streams.push_back(std::move(stream));
  }
  return pmt;
}

Result<ByteVector, PsiError> encode_pat(const Pat& pat) {
  ByteVector out = begin_section(table_id_pat, pat.transport_stream_id, pat.version, pat.current);
  append_u8(out, pat.section_number);
  append_u8(out, pat.last_section_number);
  for (const auto& program: pat.programs) {
    append_u16(out, program.number);
    append_u16(out, 0xe000u | (program.pid & 0x1fffu));
  }
  return finish_section(std::move(out));
}

Result<ByteVector, PsiError> encode_pmt(const Pmt& pmt) {
  ByteVector out = begin_section(table_id_pmt, pmt.program_number, pmt.version, pmt.current);
  append_u16(out, 0);  // section_number and last_section_number: a PMT is one section
  append_u16(out, 0xe000u | (pmt.pcr_pid & 0x1fffu));
  // A length that does not fit its field cannot fit the section either: finish_section() refuses both.
  append_u16(out, 0xf000u | (static_cast<unsigned>(pmt.descriptors.size()) & 0x0fffu));
  append(out, pmt.descriptors);
  for (const auto& stream: pmt.streams) {
    append_u8(out, stream.stream_type);
    append_u16(out, 0xe000u | (stream.pid & 0x1fffu));
    append_u16(out, 0xf000u | (static_cast<unsigned>(stream.descriptors.size()) & 0x0fffu));
    append(out, stream.descriptors);
  }
  return finish_section(std::move(out));
}

void append_section_packets(Bytes section, Pid pid, std::uint8_t& continuity_counter, ByteVector& out) {
  constexpr std::size_t payload_max = packet_bytes - 4;
  bool first = true;
  while (first || !section.empty()) {
    // Tables are stuffed after the section, not before it: 0xff where a table_id would be.
    std::array<std::byte, payload_max> payload;
    payload.fill(std::byte{table_id_stuffing});
    const std::size_t pointer_bytes = first ? 1 : 0;
    if (first) payload[0] = std::byte{0};
    const std::size_t taken = std::min(section.size(), payload_max - pointer_bytes);
    std::copy_n(section.begin(), taken, payload.begin() + static_cast<std::ptrdiff_t>(pointer_bytes));

    Packet packet;
    write_packet({.pid = pid, .continuity_counter = continuity_counter, .payload_unit_start = first}, payload,
                 packet);
    append(out, packet);
    continuity_counter = (continuity_counter + 1) & 0x0f;
    section = section.subspan(taken);
    first = false;
  }
}

Codec codec_of(const Pmt::Stream& stream) {
  switch (stream.stream_type) {
    case 0x01: return Codec::mpeg1_video;
    case 0x02: return Codec::mpeg2_video;
    case 0x03:
    case 0x04: return Codec::mpeg_audio;
    case 0x06: return codec_of_private(stream.descriptors);
    case 0x0f: return Codec::aac;
    case 0x11: return Codec::aac_latm;
    case 0x1b: return Codec::h264;
    case 0x24: return Codec::h265;
    case 0x33: return Codec::h266;
    case 0x81: return Codec::ac3;
    case 0x87: return Codec::eac3;
    default: return Codec::unknown;
  }
}

std::string_view stream_type_name(std::uint8_t stream_type) {
  switch (stream_type) {
    case 0x01: return "MPEG-1 video";
    case 0x02: return "MPEG-2 or MPEG-1 video";
    case 0x03: return "MPEG-1 audio";
    case 0x04: return "MPEG-2 audio";
    case 0x05: return "private sections";
    case 0x06: return "private PES";
    case 0x0f: return "AAC audio (ADTS)";
    case 0x10: return "MPEG-4 video";
    case 0x11: return "AAC audio (LATM)";
    case 0x15: return "metadata";
    case 0x1b: return "H.264 video";
    case 0x24: return "H.265 video";
    case 0x33: return "H.266 video";
    case 0x81: return "AC-3 audio";
    case 0x87: return "E-AC-3 audio";
    default: return "reserved or unknown";
  }
}

// ---- sections from packets ----

void SectionAssembler::reset() {
  buffer_.clear();
  taken_ = 0;
  in_step_ = false;
}

// The size that the section at `offset` announces; nothing while its first three bytes have not come.
std::optional<std::size_t> SectionAssembler::section_bytes_at(std::size_t offset) const {
  if (buffer_.size() - offset < length_end) return std::nullopt;
  return length_end + (read_u16(buffer_, offset + 1) & 0x0fffu);
}

void SectionAssembler::drop_unfinished() {
  std::size_t end = taken_;
  while (auto bytes = section_bytes_at(end)) {
    if (buffer_.size() - end < *bytes) break;
    end += *bytes;
  }
  buffer_.resize(end);
}

void SectionAssembler::feed(bool payload_unit_start, Bytes payload) {
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(taken_));
  taken_ = 0;
  // next() takes what is whole, so more than this can only come from someone who never calls it.
  if (buffer_.size() > 2 * section_bytes_max) reset();

  if (!payload_unit_start) {
    if (in_step_) append(buffer_, payload);
    return;
  }
  const std::size_t pointer = payload.empty() ? 0 : to_u8(payload[0]);
  if (payload.size() < 1 + pointer) return reset();
  if (in_step_) append(buffer_, payload.subspan(1, pointer));
  drop_unfinished();
  append(buffer_, payload.subspan(1 + pointer));
  in_step_ = true;
}

std::optional<Bytes> SectionAssembler::next() {
  if (taken_ < buffer_.size() &&
      to_u8(buffer_[taken_]) == table_id_stuffing) {  // nothing more until the next start
    taken_ = buffer_.size();
    in_step_ = false;
  }
  const auto bytes = section_bytes_at(taken_);
  if (!bytes) return std::nullopt;
  if (*bytes > section_bytes_max) {
    reset();
    return std::nullopt;
  }
  if (buffer_.size() - taken_ < *bytes) return std::nullopt;
  const Bytes section = Bytes(buffer_).subspan(taken_, *bytes);
  taken_ += *bytes;
  return section;
}

}  // namespace crosspoint::media
