#pragma once
// A camera as ffmpeg would send it, and the eye that checks what arrived: MPEG-1 video in MPEG-TS, whose
// frames carry their number and a pattern made of it. For tests only.

#include <gtest/gtest.h>

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "media/pes.h"
#include "media/psi.h"
#include "media/ts_packet.h"

namespace crosspoint::host {

class TestCamera {
 public:
  explicit TestCamera(std::uint32_t frames_between_keys = 12, std::size_t frame_bytes = 4000,
                      std::uint32_t first_number = 0)
      : frames_between_keys_(frames_between_keys), frame_bytes_(frame_bytes), number_(first_number) {}

  // The packets of one frame; those of a key frame begin with PAT and PMT.
  ByteVector next_frame() {
    ByteVector out;
    const bool key = frames_ % frames_between_keys_ == 0;
    if (key) append_tables(out);
    ByteVector pes;
    media::append_pes_header({.stream_id = 0xe0, .data_alignment = true, .pts = 90'000 + frames_ * 3600}, 0,
                             pes);
    append(pes, elementary(number_, key, frame_bytes_));
    Bytes rest = pes;
    for (bool start = true; !rest.empty(); start = false) {
      media::Packet packet;
      const media::PacketHeader header{
          .pid = pid,
          .continuity_counter = counter_++,
          .payload_unit_start = start,
          .random_access = start && key,
          .pcr = start ? std::optional<media::Pcr>(frames_ * 1'080'000) : std::nullopt};
      counter_ &= 0x0f;
      rest = rest.subspan(media::write_packet(header, rest, packet));
      append(out, Bytes(packet));
    }
    ++frames_;
    ++number_;
    return out;
  }

  std::uint32_t next_number() const { return number_; }

  static ByteVector elementary(std::uint32_t number, bool key, std::size_t bytes) {
    ByteVector out;
    if (key) {
      // Sequence header: 320x240, 25 pictures a second; group; picture of type I.
      for (const int b: {0x00, 0x00, 0x01, 0xb3, 0x14, 0x00, 0xf0, 0x13, 0xff, 0xff, 0xe0, 0x18, 0x00, 0x00,
                         0x01, 0xb8, 0x00, 0x08, 0x00, 0x40, 0x00, 0x00, 0x01, 0x00, 0x00, 0x0f, 0xff, 0xf8})
        out.push_back(static_cast<std::byte>(b));
    } else {
      for (const int b: {0x00, 0x00, 0x01, 0x00, 0x00, 0x57, 0xff, 0xf9, 0x80})
        out.push_back(static_cast<std::byte>(b));
    }
    append(out, fmt::format("FRAME{:08}{}", number, key ? 'K' : 'p'));
    while (out.size() < bytes)
      out.push_back(static_cast<std::byte>(1 + (number * 7 + out.size() * 13) % 250));
    return out;
  }

  static constexpr media::Pid pid = 0x100;
  static constexpr media::Pid pmt_pid = 0x1000;

 private:
  void append_tables(ByteVector& out) {
    media::Pat pat;
    pat.programs.push_back({.number = 1, .pid = pmt_pid});
    media::Pmt pmt;
    pmt.pcr_pid = pid;
    pmt.streams.push_back({.stream_type = 0x02, .pid = pid, .descriptors = {}});
    media::append_section_packets(*media::encode_pat(pat), media::pid_pat, pat_counter_, out);
    media::append_section_packets(*media::encode_pmt(pmt), pmt_pid, pmt_counter_, out);
  }

  std::uint32_t frames_between_keys_;
  std::size_t frame_bytes_;
  std::uint32_t number_;
  std::uint64_t frames_ = 0;
  std::uint8_t counter_ = 0, pat_counter_ = 0, pmt_counter_ = 0;
};

struct SeenFrame {
  std::uint32_t number = 0;
  bool key = false;
  bool intact = false;  // every byte as the camera made it
};

// What somebody sees who was sent `bytes`: whole packets from the first to the last, and these frames in
// them.
inline std::vector<SeenFrame> frames_in(Bytes bytes) {
  EXPECT_EQ(bytes.size() % media::packet_bytes, 0u) << "not whole packets";
  std::vector<ByteVector> units;
  for (std::size_t at = 0; at + media::packet_bytes <= bytes.size(); at += media::packet_bytes) {
    const media::PacketView packet{media::PacketBytes(bytes.subspan(at).first<media::packet_bytes>())};
    if (!packet.has_sync()) {
      ADD_FAILURE() << "no sync byte at " << at;
      break;
    }
    if (packet.pid() != TestCamera::pid || !packet.has_payload()) continue;
    if (packet.payload_unit_start()) units.emplace_back();
    if (units.empty()) {
      ADD_FAILURE() << "begins inside a frame";
      units.emplace_back();
    }
    append(units.back(), packet.payload());
  }
  std::vector<SeenFrame> frames;
  for (const auto& unit: units) {
    SeenFrame frame;
    if (const auto header = media::parse_pes_header(unit)) {
      const auto elementary = Bytes(unit).subspan(header->header_bytes);
      const auto text = as_text(elementary);
      if (const auto mark = text.find("FRAME"); mark != std::string_view::npos && text.size() > mark + 14) {
        frame.number = static_cast<std::uint32_t>(
            std::strtoul(std::string(text.substr(mark + 5, 8)).c_str(), nullptr, 10));
        frame.key = text[mark + 13] == 'K';
        const auto expected = TestCamera::elementary(frame.number, frame.key, elementary.size());
        frame.intact = std::equal(elementary.begin(), elementary.end(), expected.begin(), expected.end());
      }
    }
    frames.push_back(frame);
  }
  return frames;
}

// Do the first packets hold PAT and PMT?
inline bool begins_with_tables(Bytes bytes) {
  if (bytes.size() < 2 * media::packet_bytes) return false;
  const media::PacketView first{media::PacketBytes(bytes.first<media::packet_bytes>())};
  const media::PacketView second{
      media::PacketBytes(bytes.subspan(media::packet_bytes).first<media::packet_bytes>())};
  return first.pid() == media::pid_pat && second.pid() == TestCamera::pmt_pid;
}

}  // namespace crosspoint::host
