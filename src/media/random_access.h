#pragma once
// Is this a picture at which decoding can begin? Answered from the elementary data of one PES packet, for
// streams whose packets do not say so themselves (random_access_indicator).
//
//   MPEG-1, MPEG-2  an I picture with a sequence header before it     ISO/IEC 11172-2 section 2.4.2, 13818-2
//   section 6.2 H.264           an IDR slice, or a slice after a recovery point SEI, with a sequence
//   parameter set before it H.265           an IRAP slice (BLA, IDR, CRA) with a sequence parameter set
//   before it
//
// "Before it" means in the same PES packet: a viewer that comes in has nothing from earlier.

#include <cstdint>

#include "base/bytes.h"
#include "media/codec.h"

namespace crosspoint::media {

class AccessScanner {
 public:
  enum class Verdict : std::uint8_t { undecided, access_point, other_picture };

  // A PES packet begins. An unknown codec is guessed from the first start code.
  void begin(Codec codec);
  // Its elementary data, cut anywhere. Nothing is looked at once there is a verdict.
  Verdict feed(Bytes elementary);
  Verdict verdict() const { return verdict_; }

  // Undecided so far, but what encoders send before an access point only has been seen: a sequence header or
  // a sequence parameter set.
  bool promising() const { return verdict_ == Verdict::undecided && has_sequence_; }
  Codec codec() const { return codec_; }

 private:
  void on_start_code(std::uint8_t code);
  void on_mpeg_code(std::uint8_t code);
  void on_h264_unit(std::uint8_t header);
  void on_h265_unit(std::uint8_t header);
  void on_picture_header(std::uint8_t byte);
  void on_sei_byte(std::uint8_t byte);
  void decide(bool access_point) { verdict_ = access_point ? Verdict::access_point : Verdict::other_picture; }

  enum class Inside : std::uint8_t { nothing, picture_header, sei_type, sei_size, sei_body };
  std::uint32_t last_bytes_ = 0xffffffff;  // the last four; so a start code may straddle packets
  std::uint32_t sei_type_ = 0;
  std::uint32_t sei_left_ = 0;
  std::uint8_t picture_bytes_ = 0;
  Codec codec_ = Codec::unknown;
  Inside inside_ = Inside::nothing;
  Verdict verdict_ = Verdict::undecided;
  bool has_sequence_ = false;
  bool has_recovery_point_ = false;
};

}  // namespace crosspoint::media
