#include "media/codec.h"

namespace crosspoint::media {

std::string_view to_string(Codec codec) {
  switch (codec) {
    case Codec::none: return "";
    case Codec::unknown: return "unknown";
    case Codec::mpeg1_video: return "mpeg1video";
    case Codec::mpeg2_video: return "mpeg2video";
    case Codec::h264: return "h264";
    case Codec::h265: return "hevc";
    case Codec::h266: return "vvc";
    case Codec::av1: return "av1";
    case Codec::mpeg_audio: return "mpegaudio";
    case Codec::mp1: return "mp1";
    case Codec::mp2: return "mp2";
    case Codec::mp3: return "mp3";
    case Codec::aac: return "aac";
    case Codec::aac_latm: return "aac_latm";
    case Codec::ac3: return "ac3";
    case Codec::eac3: return "eac3";
    case Codec::opus: return "opus";
  }
  return "unknown";
}

}  // namespace crosspoint::media
