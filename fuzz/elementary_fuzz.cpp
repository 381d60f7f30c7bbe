// Headers of pictures and sound, and the search for pictures to begin at: the same verdict however the bytes
// are cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "media/elementary.h"
#include "media/random_access.h"

using namespace crosspoint;
using namespace crosspoint::media;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  for (const Codec codec: {Codec::unknown, Codec::mpeg1_video, Codec::h264, Codec::h265}) {
    AccessScanner whole;
    whole.begin(codec);
    whole.feed(bytes);
    AccessScanner bytewise;
    bytewise.begin(codec);
    for (const std::byte& byte: bytes) bytewise.feed(Bytes(&byte, 1));
    CROSSPOINT_ASSERT(whole.verdict() == bytewise.verdict() && whole.codec() == bytewise.codec());
    CROSSPOINT_ASSERT(whole.promising() == bytewise.promising());

    if (const auto format = find_video_format(codec, bytes)) {
      CROSSPOINT_ASSERT(format->width > 0 && format->height > 0 && format->frames_per_second >= 0);
    }
  }
  for (const Codec codec: {Codec::unknown, Codec::mpeg_audio, Codec::aac, Codec::opus}) {
    if (const auto format = find_audio_format(codec, bytes)) {
      CROSSPOINT_ASSERT(format->sample_hz >= 7350 && format->sample_hz <= 96000);
    }
  }
  find_picture_type(bytes);
  return 0;
}
