#pragma once
// What an elementary stream says of itself: size and rate of pictures, layer and rate of sound. Read from its
// first bytes, without decoding anything.
//
//   MPEG-1, MPEG-2  sequence header (ISO/IEC 11172-2 section 2.4.2.3), sequence extension (13818-2
//   section 6.2.2.3) H.264           sequence parameter set (ISO/IEC 14496-10 section 7.3.2.1) H.265 sequence
//   parameter set (ISO/IEC 23008-2 section 7.3.2.2) MPEG audio      frame header (ISO/IEC 11172-3
//   section 2.4.1.3); AAC: ADTS header (13818-7 section 6.2)

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "media/codec.h"

namespace crosspoint::media {

struct VideoFormat {
  Codec codec = Codec::unknown;  // tells MPEG-1 from MPEG-2, whatever the tables call it
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  double frames_per_second =
      0;  // as the encoder says; 0: it does not, or says it where this does not look (H.265)
  bool operator==(const VideoFormat&) const = default;
};

struct AudioFormat {
  Codec codec = Codec::unknown;
  std::uint32_t sample_hz = 0;
  bool operator==(const AudioFormat&) const = default;
};

// From the beginning of an access point's elementary data; a few hundred bytes are enough. Nothing when the
// header is not in there, not whole, or makes no sense. `codec` may be unknown.
std::optional<VideoFormat> find_video_format(Codec codec, Bytes elementary);

// From the beginning of a PES packet of sound, which need not begin with a frame: the first header is
// searched in its first bytes.
std::optional<AudioFormat> find_audio_format(Codec codec, Bytes elementary);

enum class PictureType : std::uint8_t { unknown, i, p, b };
// MPEG-1 and MPEG-2: of the first picture that begins in these bytes.
PictureType find_picture_type(Bytes elementary);

}  // namespace crosspoint::media
