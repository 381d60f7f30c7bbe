#pragma once
// How pictures and sound are coded, as far as a transport stream tells.

#include <cstdint>
#include <string_view>

namespace crosspoint::media {

enum class Codec : std::uint8_t {
  none,     // no such stream
  unknown,  // there is one, but of which kind is not known (yet)
  mpeg1_video,
  mpeg2_video,
  h264,
  h265,
  h266,
  av1,
  mpeg_audio,  // layer not known yet
  mp1,         // MPEG audio layers I, II, III
  mp2,
  mp3,
  aac,       // in ADTS
  aac_latm,  // in LATM
  ac3,
  eac3,
  opus,
};

// "mpeg1video", "h264", "mp2", "aac": the names that ffmpeg gives them; "unknown"; "" for none.
std::string_view to_string(Codec codec);

constexpr bool is_video(Codec codec) { return codec >= Codec::mpeg1_video && codec <= Codec::av1; }
constexpr bool is_audio(Codec codec) { return codec >= Codec::mpeg_audio; }
constexpr bool is_mpeg_video(Codec codec) {
  return codec == Codec::mpeg1_video || codec == Codec::mpeg2_video;
}

}  // namespace crosspoint::media
