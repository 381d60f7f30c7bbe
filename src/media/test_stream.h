#pragma once
// For the tests of this room: a small multiplexer, so that a test says what a stream looks like in a few
// words.

#include <initializer_list>
#include <map>
#include <random>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "media/pes.h"
#include "media/psi.h"
#include "media/ts_packet.h"

namespace crosspoint::media {

inline ByteVector bytes_of(std::initializer_list<int> values) {
  ByteVector out;
  for (const int value: values) out.push_back(static_cast<std::byte>(value));
  return out;
}

inline PacketView packet_at(Bytes bytes, std::size_t offset) {
  return PacketView(PacketBytes(bytes.subspan(offset).first<packet_bytes>()));
}

// Bytes that are no stream; the same for the same seed.
inline ByteVector noise(std::size_t size, unsigned seed = 1) {
  std::mt19937 random(seed);
  ByteVector out(size);
  for (std::byte& byte: out) byte = static_cast<std::byte>(random() & 0xff);
  return out;
}

// What encoders put at the beginning of a picture, short enough to be read.
namespace picture {
// 320x240, 25 per second.
inline ByteVector mpeg_sequence() {
  return bytes_of({0, 0, 1, 0xb3, 0x14, 0x00, 0xf0, 0x13, 0xff, 0xff, 0xe0, 0x18});
}
inline ByteVector mpeg2_extension() { return bytes_of({0, 0, 1, 0xb5, 0x14, 0x8a, 0x00, 0x01, 0x00, 0x00}); }
// type: 1 I, 2 P, 3 B
inline ByteVector mpeg(int type) {
  return bytes_of({0, 0, 1, 0x00, 0x00, type << 3 | 0x07, 0xff, 0xf8, 0, 0, 1, 0x01, 0x22});
}
inline ByteVector mpeg_key() {
  ByteVector out = mpeg_sequence();
  append(out, mpeg(1));
  return out;
}
}  // namespace picture

class TestStream {
 public:
  struct Frame {
    Pid pid = 0x100;
    std::uint8_t stream_id = 0xe0;
    bool random_access = false;
    std::optional<Timestamp> pts = std::nullopt;
    std::optional<Pcr> pcr = std::nullopt;
    bool bounded = false;  // packet_length says how long it is
  };

  ByteVector out;

  static Pmt video_and_audio() {
    return Pmt{.program_number = 1,
               .version = 0,
               .current = true,
               .pcr_pid = 0x100,
               .descriptors = {},
               .streams = {{.stream_type = 0x02, .pid = 0x100, .descriptors = {}},
                           {.stream_type = 0x03, .pid = 0x101, .descriptors = {}}}};
  }
  static Pat one_program(Pid pmt_pid = 0x1000) {
    Pat pat;
    pat.programs.push_back({1, pmt_pid});
    return pat;
  }

  void tables(const Pmt& pmt = video_and_audio(), Pid pmt_pid = 0x1000) {
    append_section_packets(*encode_pat(one_program(pmt_pid)), pid_pat, counters_[pid_pat], out);
    append_section_packets(*encode_pmt(pmt), pmt_pid, counters_[pmt_pid], out);
  }

  // One PES packet; `elementary` is filled up to `elementary_bytes` with bytes that mean nothing.
  void frame(const Frame& frame, ByteVector elementary, std::size_t elementary_bytes = 500) {
    if (elementary.size() < elementary_bytes) elementary.resize(elementary_bytes, std::byte{0x55});
    ByteVector pes;
    const PesHeader header{.stream_id = frame.stream_id, .pts = frame.pts};
    append_pes_header(header, frame.bounded ? elementary.size() : 1 << 16, pes);
    append(pes, elementary);
    Bytes rest = pes;
    bool first = true;
    while (!rest.empty()) {
      PacketHeader packet{
          .pid = frame.pid, .continuity_counter = counters_[frame.pid], .payload_unit_start = first};
      packet.random_access = first && frame.random_access;
      if (first) packet.pcr = frame.pcr;
      rest = rest.subspan(add(packet, rest));
      first = false;
    }
  }
  void key_frame(std::optional<Timestamp> pts = std::nullopt, std::size_t elementary_bytes = 500) {
    frame({.random_access = true, .pts = pts, .pcr = pts ? std::optional<Pcr>(*pts * 300) : std::nullopt},
          picture::mpeg_key(), elementary_bytes);
  }
  void other_frame(std::optional<Timestamp> pts = std::nullopt, std::size_t elementary_bytes = 500) {
    frame({.pts = pts}, picture::mpeg(2), elementary_bytes);
  }
  void sound(std::optional<Timestamp> pts = std::nullopt, std::size_t elementary_bytes = 100) {
    frame({.pid = 0x101, .stream_id = 0xc0, .random_access = true, .pts = pts, .bounded = true},
          bytes_of({0xff, 0xfd, 0x84, 0xc0}), elementary_bytes);  // layer II, 48 kHz
  }

  // One packet; returns how much of the payload it took.
  std::size_t add(const PacketHeader& header, Bytes payload) {
    Packet packet;
    const std::size_t taken = write_packet(header, payload, packet);
    append(out, packet);
    if (taken > 0) counters_[header.pid] = (header.continuity_counter + 1) & 0x0f;
    return taken;
  }
  std::uint8_t next_counter(Pid pid) { return counters_[pid]; }
  void set_next_counter(Pid pid, std::uint8_t counter) { counters_[pid] = counter; }

  ByteVector take() { return std::exchange(out, {}); }

 private:
  std::map<Pid, std::uint8_t> counters_;
};

// What a strict receiver finds wrong with a run of packets, in words; nothing when all is well.
inline std::vector<std::string> continuity_complaints(Bytes stream) {
  std::vector<std::string> complaints;
  std::map<Pid, std::uint8_t> counters;
  if (stream.size() % packet_bytes != 0) complaints.push_back("not whole packets");
  for (std::size_t at = 0; at + packet_bytes <= stream.size(); at += packet_bytes) {
    const auto packet = check_packet(stream.subspan(at, packet_bytes));
    if (!packet) {
      complaints.push_back("no packet at " + std::to_string(at));
      continue;
    }
    const Pid pid = packet->pid();
    if (pid == pid_null) continue;
    const auto before = counters.find(pid);
    if (before != counters.end() && !packet->discontinuity()) {
      const unsigned expected = (before->second + (packet->has_payload() ? 1u : 0u)) & 0x0f;
      if (packet->continuity_counter() != expected) {
        complaints.push_back("PID " + std::to_string(pid) + " jumps at " + std::to_string(at));
      }
    }
    counters[pid] = packet->continuity_counter();
  }
  return complaints;
}

}  // namespace crosspoint::media
