#include "media/ts_packet.h"

#include <algorithm>

#include "base/assert.h"

namespace crosspoint::media {
namespace {

constexpr std::size_t header_bytes = 4;
constexpr std::size_t pcr_bytes = 6;
constexpr std::size_t pcr_at = header_bytes + 2;  // after adaptation_field_length and the flags

Pcr read_pcr(Bytes bytes) {
  const std::uint64_t raw = read_big_endian(bytes.first(pcr_bytes));
  return ((raw >> 15) * 300 + (raw & 0x1ff)) % pcr_modulus;  // an extension over 299 is the sender's mistake
}

void write_pcr(Pcr pcr, MutableBytes out) {
  const std::uint64_t base = pcr / 300 & 0x1'ffff'ffff;
  write_big_endian(base << 15 | 0x3full << 9 | pcr % 300,
                   out.first(pcr_bytes));  // six reserved bits are ones
}

std::byte byte_of(unsigned value) { return static_cast<std::byte>(value & 0xff); }

}  // namespace

std::int64_t pcr_difference(Pcr later, Pcr earlier) {
  const Pcr ahead = (later % pcr_modulus + pcr_modulus - earlier % pcr_modulus) % pcr_modulus;
  return ahead < pcr_modulus / 2 ? static_cast<std::int64_t>(ahead)
                                 : -static_cast<std::int64_t>(pcr_modulus - ahead);
}

std::optional<Pcr> PacketView::pcr() const {
  if ((adaptation_flags() & 0x10) == 0 || at(4) < 1 + pcr_bytes) return std::nullopt;
  return read_pcr(bytes().subspan(pcr_at));
}

Bytes PacketView::payload() const {
  if (!has_payload()) return {};
  if (!has_adaptation()) return bytes().subspan(header_bytes);
  const std::size_t begin = header_bytes + 1 + at(4);
  if (begin >= packet_bytes) return {};
  return bytes().subspan(begin);
}

Result<PacketView, PacketError> check_packet(Bytes bytes) {
  if (bytes.size() != packet_bytes) return fail(PacketError::wrong_size);
  const PacketView packet{PacketBytes(bytes)};
  if (!packet.has_sync()) return fail(PacketError::no_sync_byte);
  if (!packet.has_adaptation() && !packet.has_payload()) return fail(PacketError::reserved_control);
  if (!packet.has_adaptation()) return packet;

  // With a payload at least one byte of it must follow (section 2.4.3.5); without one the field may fill the
  // packet.
  const std::size_t length = to_u8(bytes[header_bytes]);
  const std::size_t length_max = packet_bytes - header_bytes - 1 - (packet.has_payload() ? 1 : 0);
  if (length > length_max) return fail(PacketError::adaptation_too_long);
  const bool pcr_flag = length > 0 && (to_u8(bytes[header_bytes + 1]) & 0x10) != 0;
  if (pcr_flag && length < 1 + pcr_bytes) return fail(PacketError::pcr_cut_short);
  return packet;
}

std::size_t write_packet(const PacketHeader& header, Bytes payload, MutablePacketBytes out) {
  const bool flags = header.discontinuity || header.random_access || header.pcr;
  const std::size_t wanted = flags ? 2 + (header.pcr ? pcr_bytes : 0) : 0;
  const std::size_t taken = std::min(payload.size(), packet_bytes - header_bytes - wanted);
  const std::size_t adaptation = packet_bytes - header_bytes - taken;

  out[0] = sync_byte;
  out[1] = byte_of((header.payload_unit_start ? 0x40u : 0u) | (header.pid >> 8 & 0x1fu));
  out[2] = byte_of(header.pid);
  out[3] =
      byte_of((adaptation > 0 ? 0x20u : 0u) | (taken > 0 ? 0x10u : 0u) | (header.continuity_counter & 0x0fu));
  if (adaptation > 0) {
    std::fill(out.begin() + header_bytes,
              out.begin() + header_bytes + static_cast<std::ptrdiff_t>(adaptation), std::byte{0xff});
    out[header_bytes] = byte_of(static_cast<unsigned>(adaptation - 1));
  }
  if (adaptation > 1) {
    out[header_bytes + 1] = byte_of((header.discontinuity ? 0x80u : 0u) |
                                    (header.random_access ? 0x40u : 0u) | (header.pcr ? 0x10u : 0u));
  }
  if (header.pcr) write_pcr(*header.pcr, out.subspan(pcr_at));
  std::copy_n(payload.begin(), taken, out.end() - static_cast<std::ptrdiff_t>(taken));
  return taken;
}

Packet discontinuity_packet(Pid pid, std::uint8_t continuity_counter) {
  Packet packet;
  write_packet({.pid = pid, .continuity_counter = continuity_counter, .discontinuity = true}, {}, packet);
  return packet;
}

void set_pid(MutablePacketBytes packet, Pid pid) {
  packet[1] = (packet[1] & std::byte{0xe0}) | byte_of(pid >> 8 & 0x1fu);
  packet[2] = byte_of(pid);
}

void set_continuity_counter(MutablePacketBytes packet, std::uint8_t counter) {
  packet[3] = (packet[3] & std::byte{0xf0}) | byte_of(counter & 0x0fu);
}

bool set_discontinuity(MutablePacketBytes packet) {
  const bool has_flags = (packet[3] & std::byte{0x20}) != std::byte{0} && to_u8(packet[4]) > 0 &&
                         to_u8(packet[4]) <= packet_bytes - 5;
  if (has_flags) packet[5] |= std::byte{0x80};
  return has_flags;
}

bool set_pcr(MutablePacketBytes packet, Pcr pcr) {
  if (!PacketView(packet).pcr()) return false;
  write_pcr(pcr % pcr_modulus, packet.subspan(pcr_at));
  return true;
}

}  // namespace crosspoint::media
