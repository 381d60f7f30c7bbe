#include "media/elementary.h"

#include <algorithm>
#include <array>

#include "media/random_access.h"

namespace crosspoint::media {
namespace {

constexpr std::size_t picture_side_max = 16384;

// The unit (start code value and what follows it) that begins first at or after `from`; empty when there is
// none.
Bytes find_unit(Bytes bytes, std::size_t& from) {
  for (std::size_t at = from; at + 3 < bytes.size(); ++at) {
    if (bytes[at] == std::byte{0} && bytes[at + 1] == std::byte{0} && bytes[at + 2] == std::byte{1}) {
      from = at + 3;
      return bytes.subspan(at + 3);
    }
  }
  from = bytes.size();
  return {};
}

// Bits of a NAL unit, its emulation prevention bytes left out. Past the end it reads zeros and says so.
class BitReader {
 public:
  explicit BitReader(Bytes bytes) : bytes_(bytes) {}

  std::uint32_t bits(unsigned count) {
    std::uint32_t value = 0;
    while (count-- > 0) value = value << 1 | bit();
    return value;
  }
  bool flag() { return bit() != 0; }
  // ue(v), section 9.1 of H.264.
  std::uint32_t unsigned_golomb() {
    unsigned zeros = 0;
    while (!overrun_ && bit() == 0) ++zeros;
    if (zeros > 31) overrun_ = true;
    if (overrun_) return 0;
    return (1u << zeros) - 1 + bits(zeros);
  }
  // se(v): 0, 1, -1, 2, -2, …
  std::int32_t signed_golomb() {
    const std::uint32_t code = unsigned_golomb();
    const auto half = static_cast<std::int32_t>(code / 2);
    return code % 2 == 1 ? half + 1 : -half;
  }
  void skip(unsigned count) {
    while (count-- > 0) bit();
  }
  bool overrun() const { return overrun_; }

 private:
  std::uint32_t bit() {
    if (left_ == 0 && !next_byte()) return 0;
    return current_ >> --left_ & 1u;
  }
  bool next_byte() {
    if (zeros_ >= 2 && at_ < bytes_.size() && bytes_[at_] == std::byte{3}) {
      ++at_;
      zeros_ = 0;
    }
    if (at_ == bytes_.size()) {
      overrun_ = true;
      return false;
    }
    current_ = to_u8(bytes_[at_++]);
    zeros_ = current_ == 0 ? zeros_ + 1 : 0;
    left_ = 8;
    return true;
  }

  Bytes bytes_;
  std::size_t at_ = 0;
  unsigned zeros_ = 0;
  unsigned left_ = 0;
  std::uint8_t current_ = 0;
  bool overrun_ = false;
};

std::optional<VideoFormat> checked(const VideoFormat& format) {
  if (format.width == 0 || format.height == 0) return std::nullopt;
  return format;
}

// ---- MPEG-1 and MPEG-2 ----

constexpr std::array<double, 9> mpeg_rates{0,  24000 / 1001.0, 24, 25, 30000 / 1001.0, 30,
                                           50, 60000 / 1001.0, 60};

std::optional<VideoFormat> read_sequence_header(Bytes elementary) {
  std::size_t at = 0;
  Bytes unit = find_unit(elementary, at);
  while (!unit.empty() && to_u8(unit[0]) != 0xb3) unit = find_unit(elementary, at);
  if (unit.size() < 9) return std::nullopt;
  const std::uint64_t head = read_big_endian(unit.subspan(1, 4));  // width 12, height 12, aspect 4, rate 4
  const auto rate = static_cast<std::size_t>(head & 0x0f);
  VideoFormat format{.codec = Codec::mpeg1_video,
                     .width = static_cast<std::uint16_t>(head >> 20 & 0xfff),
                     .height = static_cast<std::uint16_t>(head >> 8 & 0xfff),
                     .frames_per_second = rate < mpeg_rates.size() ? mpeg_rates[rate] : 0};

  const Bytes next = find_unit(elementary, at);
  if (next.empty()) return std::nullopt;  // what follows decides between MPEG-1 and MPEG-2
  if (to_u8(next[0]) != 0xb5) return checked(format);
  format.codec = Codec::mpeg2_video;
  BitReader bits(next.subspan(1));
  if (bits.bits(4) != 1) return checked(format);  // not a sequence extension
  bits.skip(8 + 1 + 2);                           // profile and level, progressive, chroma
  const std::uint32_t wide = bits.bits(2);
  const std::uint32_t high = bits.bits(2);
  format.width = static_cast<std::uint16_t>(format.width | wide << 12);
  format.height = static_cast<std::uint16_t>(format.height | high << 12);
  return checked(format);
}

// ---- H.264 ----

// Profiles whose parameter sets tell the chroma format (section 7.3.2.1.1).
bool has_chroma_format(std::uint32_t profile) {
  constexpr std::array<std::uint32_t, 13> profiles{100, 110, 122, 244, 44,  83, 86,
                                                   118, 128, 138, 139, 134, 135};
  return std::find(profiles.begin(), profiles.end(), profile) != profiles.end();
}

// False: a delta_scale out of its range (section 7.4.2.1.1.1), so this is no parameter set.
bool skip_scaling_list(BitReader& bits, int size) {
  std::int32_t last = 8;
  std::int32_t next = 8;
  for (int i = 0; i < size && next != 0; ++i) {
    const std::int32_t delta = bits.signed_golomb();
    if (bits.overrun() || delta < -128 || delta > 127) return false;
    next = (last + delta + 256) % 256;
    last = next;
  }
  return true;
}

bool skip_scaling_lists(BitReader& bits, int count) {
  for (int list = 0; list < count; ++list) {
    if (bits.flag() && !skip_scaling_list(bits, list < 6 ? 16 : 64)) return false;
  }
  return true;
}

double read_h264_rate(BitReader& bits) {
  if (!bits.flag()) return 0;                             // vui_parameters_present_flag
  if (bits.flag() && bits.bits(8) == 255) bits.skip(32);  // aspect_ratio
  if (bits.flag()) bits.skip(1);                          // overscan
  if (bits.flag()) {                                      // video_signal_type
    bits.skip(4);
    if (bits.flag()) bits.skip(24);
  }
  if (bits.flag()) {  // chroma_loc_info
    bits.unsigned_golomb();
    bits.unsigned_golomb();
  }
  if (!bits.flag()) return 0;  // timing_info_present_flag
  const std::uint32_t units = bits.bits(32);
  const std::uint32_t scale = bits.bits(32);
  if (bits.overrun() || units == 0) return 0;
  return scale / (2.0 * units);  // a unit is a field
}

struct Crop {
  std::uint32_t left = 0, right = 0, top = 0, bottom = 0;
};
Crop read_crop(BitReader& bits) {
  if (!bits.flag()) return {};
  Crop crop;
  crop.left = bits.unsigned_golomb();
  crop.right = bits.unsigned_golomb();
  crop.top = bits.unsigned_golomb();
  crop.bottom = bits.unsigned_golomb();
  return crop;
}

// Nothing when no picture has such a size.
std::optional<std::uint16_t> side(std::uint64_t coded, std::uint64_t cropped) {
  if (coded == 0 || coded > picture_side_max || cropped >= coded) return std::nullopt;
  return static_cast<std::uint16_t>(coded - cropped);
}

std::optional<VideoFormat> sized(Codec codec, std::uint64_t coded_width, std::uint64_t coded_height,
                                 const Crop& crop, std::uint32_t unit_x, std::uint32_t unit_y) {
  const auto width = side(coded_width, (std::uint64_t{crop.left} + crop.right) * unit_x);
  const auto height = side(coded_height, (std::uint64_t{crop.top} + crop.bottom) * unit_y);
  if (!width || !height) return std::nullopt;
  return VideoFormat{.codec = codec, .width = *width, .height = *height, .frames_per_second = 0};
}

void skip_h264_order_count(BitReader& bits) {
  const std::uint32_t type = bits.unsigned_golomb();
  if (type == 0) bits.unsigned_golomb();
  if (type != 1) return;
  bits.skip(1);
  bits.signed_golomb();
  bits.signed_golomb();
  std::uint32_t cycle = bits.unsigned_golomb();
  while (cycle-- > 0 && !bits.overrun()) bits.signed_golomb();
}

std::optional<VideoFormat> read_h264_parameters(Bytes unit) {
  BitReader bits(unit.subspan(1));
  const std::uint32_t profile = bits.bits(8);
  bits.skip(16);  // constraints, level
  bits.unsigned_golomb();
  std::uint32_t chroma = 1;
  if (has_chroma_format(profile)) {
    chroma = bits.unsigned_golomb();
    if (chroma == 3) bits.skip(1);
    bits.unsigned_golomb();
    bits.unsigned_golomb();
    bits.skip(1);
    if (bits.flag() && !skip_scaling_lists(bits, chroma == 3 ? 12 : 8)) return std::nullopt;
  }
  bits.unsigned_golomb();  // log2_max_frame_num
  skip_h264_order_count(bits);
  bits.unsigned_golomb();  // max_num_ref_frames
  bits.skip(1);
  const std::uint64_t width = (std::uint64_t{bits.unsigned_golomb()} + 1) * 16;
  const std::uint64_t map_height = (std::uint64_t{bits.unsigned_golomb()} + 1) * 16;
  const bool frames_only = bits.flag();
  if (!frames_only) bits.skip(1);
  bits.skip(1);
  const Crop crop = read_crop(bits);
  if (bits.overrun() || chroma > 3) return std::nullopt;

  const std::uint32_t fields = frames_only ? 1 : 2;
  const std::uint32_t unit_x = chroma == 1 || chroma == 2 ? 2 : 1;
  const std::uint32_t unit_y = (chroma == 1 ? 2 : 1) * fields;
  auto format = sized(Codec::h264, width, map_height * fields, crop, unit_x, unit_y);
  if (format) format->frames_per_second = read_h264_rate(bits);
  return format;
}

// ---- H.265 ----

void skip_profile_tier_level(BitReader& bits, std::uint32_t sub_layers_minus_1) {
  bits.skip(88 + 8);
  std::uint32_t profiles = 0;
  std::uint32_t levels = 0;
  for (std::uint32_t i = 0; i < sub_layers_minus_1; ++i) {
    profiles += bits.bits(1);
    levels += bits.bits(1);
  }
  if (sub_layers_minus_1 > 0) bits.skip(2 * (8 - sub_layers_minus_1));
  bits.skip(profiles * 88 + levels * 8);
}

std::optional<VideoFormat> read_h265_parameters(Bytes unit) {
  if (unit.size() < 2) return std::nullopt;
  BitReader bits(unit.subspan(2));
  bits.skip(4);
  const std::uint32_t sub_layers_minus_1 = bits.bits(3);
  if (sub_layers_minus_1 > 6) return std::nullopt;
  bits.skip(1);
  skip_profile_tier_level(bits, sub_layers_minus_1);
  bits.unsigned_golomb();  // sps_seq_parameter_set_id
  const std::uint32_t chroma = bits.unsigned_golomb();
  if (chroma == 3) bits.skip(1);
  const std::uint64_t width = bits.unsigned_golomb();
  const std::uint64_t height = bits.unsigned_golomb();
  const Crop crop = read_crop(bits);
  if (bits.overrun() || chroma > 3) return std::nullopt;
  return sized(Codec::h265, width, height, crop, chroma == 1 || chroma == 2 ? 2 : 1, chroma == 1 ? 2 : 1);
}

Codec guess_codec(Bytes elementary) {
  AccessScanner scanner;
  scanner.begin(Codec::unknown);
  scanner.feed(elementary);
  return scanner.codec();
}

template <class IsParameterSet, class Read>
std::optional<VideoFormat> first_parameter_set(Bytes elementary, IsParameterSet is_parameter_set, Read read) {
  std::size_t at = 0;
  for (Bytes unit = find_unit(elementary, at); !unit.empty(); unit = find_unit(elementary, at)) {
    if (is_parameter_set(to_u8(unit[0]))) return read(unit);
  }
  return std::nullopt;
}

// ---- sound ----

constexpr std::array<std::uint32_t, 3> mpeg1_rates{44100, 48000, 32000};
constexpr std::array<std::uint32_t, 13> aac_rates{96000, 88200, 64000, 48000, 44100, 32000, 24000,
                                                  22050, 16000, 12000, 11025, 8000,  7350};

std::optional<AudioFormat> read_mpeg_audio(std::uint32_t head) {
  const unsigned version = head >> 19 & 3;  // 3: MPEG-1, 2: MPEG-2, 0: the unofficial 2.5
  const unsigned layer = head >> 17 & 3;    // 3: I, 2: II, 1: III
  const unsigned rate = head >> 10 & 3;
  const bool bit_rate_valid = (head >> 12 & 0xf) != 0xf;
  if (head >> 21 != 0x7ff || version == 1 || layer == 0 || rate == 3 || !bit_rate_valid) return std::nullopt;
  const std::uint32_t divisor = version == 3 ? 1 : version == 2 ? 2 : 4;
  const Codec codec = layer == 3 ? Codec::mp1 : layer == 2 ? Codec::mp2 : Codec::mp3;
  return AudioFormat{.codec = codec, .sample_hz = mpeg1_rates[rate] / divisor};
}

std::optional<AudioFormat> read_adts(std::uint32_t head) {
  const std::size_t rate = head >> 10 & 0xf;
  const bool layer_is_zero = (head >> 17 & 3) == 0;
  if (head >> 20 != 0xfff || !layer_is_zero || rate >= aac_rates.size()) return std::nullopt;
  return AudioFormat{.codec = Codec::aac, .sample_hz = aac_rates[rate]};
}

}  // namespace

std::optional<VideoFormat> find_video_format(Codec codec, Bytes elementary) {
  if (codec == Codec::unknown) codec = guess_codec(elementary);
  switch (codec) {
    case Codec::mpeg1_video:
    case Codec::mpeg2_video: return read_sequence_header(elementary);
    case Codec::h264:
      return first_parameter_set(
          elementary, [](unsigned header) { return (header & 0x1f) == 7; }, read_h264_parameters);
    case Codec::h265:
      return first_parameter_set(
          elementary, [](unsigned header) { return (header >> 1 & 0x3f) == 33; }, read_h265_parameters);
    default: return std::nullopt;
  }
}

std::optional<AudioFormat> find_audio_format(Codec codec, Bytes elementary) {
  constexpr std::size_t searched_max = 2048;
  const bool adts = codec == Codec::aac || codec == Codec::unknown;
  const bool mpeg = codec == Codec::mpeg_audio || codec == Codec::unknown;
  for (std::size_t at = 0; at + 4 <= std::min(elementary.size(), searched_max); ++at) {
    if (elementary[at] != std::byte{0xff}) continue;
    const auto head = static_cast<std::uint32_t>(read_big_endian(elementary.subspan(at, 4)));
    if (const auto format = adts ? read_adts(head) : std::nullopt) return format;
    if (const auto format = mpeg ? read_mpeg_audio(head) : std::nullopt) return format;
  }
  return std::nullopt;
}

PictureType find_picture_type(Bytes elementary) {
  std::size_t at = 0;
  for (Bytes unit = find_unit(elementary, at); !unit.empty(); unit = find_unit(elementary, at)) {
    if (to_u8(unit[0]) != 0 || unit.size() < 3) continue;
    const unsigned type = to_u8(unit[2]) >> 3 & 7;
    return type == 1   ? PictureType::i
           : type == 2 ? PictureType::p
           : type == 3 ? PictureType::b
                       : PictureType::unknown;
  }
  return PictureType::unknown;
}

}  // namespace crosspoint::media
