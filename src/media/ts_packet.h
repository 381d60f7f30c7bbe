#pragma once
// One packet of an MPEG transport stream: ISO/IEC 13818-1 (H.222.0) sections 2.4.3.2 to 2.4.3.5.
//
// A PacketView is 188 bytes seen through the standard's names. It owns nothing, copies nothing, and reads
// nothing outside its 188 bytes whatever they say: a malformed adaptation field gives flags that are false,
// no PCR and an empty payload. Who needs to know that a packet is malformed asks check_packet().
//
// Below are the few things that are ever written: whole packets, and single fields in place.
// What packets carry is said elsewhere: tables in psi.h, PES in pes.h.

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/result.h"

namespace crosspoint::media {

inline constexpr std::size_t packet_bytes = 188;
inline constexpr std::byte sync_byte{0x47};

using PacketBytes = std::span<const std::byte, packet_bytes>;
using MutablePacketBytes = std::span<std::byte, packet_bytes>;
using Packet = std::array<std::byte, packet_bytes>;

using Pid = std::uint16_t;  // 13 bits
inline constexpr Pid pid_pat = 0x0000;
inline constexpr Pid pid_sdt = 0x0011;   // also BAT; see is_service_information()
inline constexpr Pid pid_null = 0x1fff;  // stuffing; its continuity counter has no meaning
inline constexpr std::size_t pid_count = 0x2000;

// 0x0001 to 0x001f: CAT, NIT, SDT, EIT and the rest of what describes services, not pictures or sound.
constexpr bool is_service_information(Pid pid) { return pid >= 0x0001 && pid <= 0x001f; }

// The program clock reference in ticks of 27 MHz: base * 300 + extension, modulo 2^33 * 300.
using Pcr = std::uint64_t;
inline constexpr Pcr pcr_modulus = (std::uint64_t{1} << 33) * 300;
inline constexpr Pcr pcr_hz = 27'000'000;
// How far `later` is ahead of `earlier`, the shorter way round the clock; negative when it lies behind.
std::int64_t pcr_difference(Pcr later, Pcr earlier);

enum class PacketError {
  wrong_size,           // not 188 bytes
  no_sync_byte,         // does not begin with 0x47
  reserved_control,     // adaptation_field_control 00
  adaptation_too_long,  // its length passes the end of the packet, or leaves no payload where one is
                        // announced
  pcr_cut_short,        // PCR_flag in an adaptation field too short for it
};

class PacketView {
 public:
  explicit PacketView(PacketBytes bytes) : bytes_(bytes.data()) {}

  bool has_sync() const { return bytes_[0] == sync_byte; }
  bool transport_error() const { return (at(1) & 0x80) != 0; }
  // A PES packet begins with the payload; or, for tables, a pointer_field and then the first section.
  bool payload_unit_start() const { return (at(1) & 0x40) != 0; }
  Pid pid() const { return static_cast<Pid>((at(1) & 0x1f) << 8 | at(2)); }
  bool scrambled() const { return (at(3) & 0xc0) != 0; }
  bool has_adaptation() const { return (at(3) & 0x20) != 0; }
  bool has_payload() const { return (at(3) & 0x10) != 0; }
  std::uint8_t continuity_counter() const { return at(3) & 0x0f; }

  // Flags of the adaptation field; false where there is none.
  bool discontinuity() const { return (adaptation_flags() & 0x80) != 0; }
  bool random_access() const { return (adaptation_flags() & 0x40) != 0; }
  std::optional<Pcr> pcr() const;

  // Lasts as long as the bytes do.
  Bytes payload() const;
  PacketBytes bytes() const { return PacketBytes(bytes_, packet_bytes); }

 private:
  std::uint8_t at(std::size_t index) const { return to_u8(bytes_[index]); }
  // 0 when there is no adaptation field, or one without room for flags, or one that passes the packet's end.
  std::uint8_t adaptation_flags() const {
    return has_adaptation() && at(4) > 0 && at(4) <= packet_bytes - 5 ? at(5) : std::uint8_t{0};
  }

  const std::byte* bytes_;
};

// The packet, if it is well-formed in every respect that this header reads.
Result<PacketView, PacketError> check_packet(Bytes bytes);

// ---- writing ----

struct PacketHeader {
  Pid pid = pid_null;
  std::uint8_t continuity_counter = 0;
  bool payload_unit_start = false;
  bool discontinuity = false;
  bool random_access = false;
  std::optional<Pcr> pcr = std::nullopt;
};

// A packet with as much of `payload` as fits, stuffed by an adaptation field when that is less than a packet;
// returns how many bytes of the payload went in. An empty payload makes an adaptation-only packet, which does
// not advance the continuity counter.
std::size_t write_packet(const PacketHeader& header, Bytes payload, MutablePacketBytes out);

// The packet that announces a gap: adaptation only, discontinuity_indicator set, carrying the counter of the
// packet that is to be thought of as the previous one of this PID.
Packet discontinuity_packet(Pid pid, std::uint8_t continuity_counter);

void set_pid(MutablePacketBytes packet, Pid pid);
void set_continuity_counter(MutablePacketBytes packet, std::uint8_t counter);
// False, and nothing changed: the packet has no adaptation field with flags to set it in.
bool set_discontinuity(MutablePacketBytes packet);
// False, and nothing changed: the packet has no PCR.
bool set_pcr(MutablePacketBytes packet, Pcr pcr);

}  // namespace crosspoint::media
