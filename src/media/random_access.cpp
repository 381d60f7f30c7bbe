#include "media/random_access.h"

namespace crosspoint::media {
namespace {

constexpr std::uint32_t sei_recovery_point = 6;

Codec guess(std::uint8_t first_code) {
  if (first_code == 0xb3 || first_code == 0xb8 || first_code == 0x00) return Codec::mpeg2_video;
  // Forbidden bit clear, layer 0 in the bit that is seen: delimiter, parameter sets, SEI and the usual slices
  // of H.265 have even values that mean nothing, or something else, at the beginning of an H.264 access unit.
  switch (first_code) {
    case 0x46:
    case 0x40:
    case 0x42:
    case 0x44:
    case 0x4e:
    case 0x26:
    case 0x28:
    case 0x2a:
    case 0x02: return Codec::h265;
    default: return (first_code & 0x80) == 0 ? Codec::h264 : Codec::unknown;
  }
}

}  // namespace

void AccessScanner::begin(Codec codec) {
  *this = AccessScanner();
  codec_ = codec;
}

AccessScanner::Verdict AccessScanner::feed(Bytes elementary) {
  for (const std::byte each: elementary) {
    if (verdict_ != Verdict::undecided) break;
    const std::uint8_t byte = to_u8(each);
    last_bytes_ = last_bytes_ << 8 | byte;
    if ((last_bytes_ & 0xffffff00) == 0x00000100) {
      on_start_code(byte);
    } else if (inside_ == Inside::picture_header) {
      on_picture_header(byte);
    } else if (inside_ != Inside::nothing &&
               (last_bytes_ & 0x00ffffff) != 0x000003) {  // an emulation prevention byte
      on_sei_byte(byte);
    }
  }
  return verdict_;
}

void AccessScanner::on_start_code(std::uint8_t code) {
  inside_ = Inside::nothing;
  if (codec_ == Codec::unknown) codec_ = guess(code);
  switch (codec_) {
    case Codec::mpeg1_video:
    case Codec::mpeg2_video: return on_mpeg_code(code);
    case Codec::h264: return on_h264_unit(code);
    case Codec::h265: return on_h265_unit(code);
    default: return decide(false);
  }
}

void AccessScanner::on_mpeg_code(std::uint8_t code) {
  if (code == 0xb3) {
    has_sequence_ = true;
  } else if (code == 0x00) {
    inside_ = Inside::picture_header;
    picture_bytes_ = 0;
  } else if (code <= 0xaf) {
    decide(false);  // a slice of a picture whose head is not in this PES packet
  }
}

// temporal_reference has 10 bits, picture_coding_type the next 3.
void AccessScanner::on_picture_header(std::uint8_t byte) {
  if (++picture_bytes_ == 2) decide(has_sequence_ && (byte >> 3 & 7) == 1);
}

void AccessScanner::on_h264_unit(std::uint8_t header) {
  switch (header & 0x1f) {
    case 7: has_sequence_ = true; break;
    case 5: decide(has_sequence_); break;
    case 1:
    case 2: decide(has_sequence_ && has_recovery_point_); break;
    case 6:
      inside_ = Inside::sei_type;
      sei_type_ = 0;
      break;
    default: break;
  }
}

void AccessScanner::on_h265_unit(std::uint8_t header) {
  const unsigned type = header >> 1 & 0x3f;
  if (type == 33) has_sequence_ = true;
  if (type <= 31) decide(has_sequence_ && type >= 16 && type <= 21);
}

// ISO/IEC 14496-10 section 7.3.2.3.1: type and size are each a run of 0xff and a last byte.
void AccessScanner::on_sei_byte(std::uint8_t byte) {
  if (inside_ == Inside::sei_type) {
    sei_type_ += byte;
    if (byte == 0xff) return;
    if (sei_type_ == sei_recovery_point) has_recovery_point_ = true;
    inside_ = Inside::sei_size;
    sei_left_ = 0;
  } else if (inside_ == Inside::sei_size) {
    sei_left_ += byte;
    if (byte == 0xff) return;
    inside_ = Inside::sei_body;
    if (sei_left_ == 0) {
      inside_ = Inside::sei_type;
      sei_type_ = 0;
    }
  } else if (--sei_left_ == 0) {
    inside_ = Inside::sei_type;
    sei_type_ = 0;
  }
}

}  // namespace crosspoint::media
