#pragma once
// What a stream carries, in words for pages, stats and logs. Made on demand (TsObserver::describe), never on
// the path that data takes.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "media/codec.h"

namespace crosspoint::media {

enum class Container : std::uint8_t {
  unknown,  // nothing came yet, or not enough to tell
  mpeg_ts,
  other,
};

std::string_view to_string(Container container);  // "mpegts", "other", "unknown"

// Which of the browser's players can show the stream.
enum class Player : std::uint8_t {
  none,
  jsmpeg,  // MPEG-1 video, MP2 audio
  mpegts,  // mpegts.js: H.264, H.265, AAC, …
};
std::string_view to_string(Player player);  // "", "jsmpeg", "mpegts"

struct StreamDescription {
  Container container = Container::unknown;
  Codec video = Codec::none;
  Codec audio = Codec::none;
  std::uint16_t width = 0;  // 0: not known
  std::uint16_t height = 0;
  double frames_per_second = 0;       // 0: not known. Measured where possible, else what the encoder says
  std::uint32_t audio_sample_hz = 0;  // 0: not known
  bool has_tables = false;            // PAT and PMT have been seen
  Player player = Player::none;
  std::size_t largest_frame_bytes = 0;  // of video, measured in packets; jsmpeg's buffer must hold it
  double key_frame_seconds = 0;         // between the last two access points; 0: not known
  std::vector<std::string> warnings;    // sentences for the person who runs the encoder
};

}  // namespace crosspoint::media
