#pragma once
// Program tables: ISO/IEC 13818-1 section 2.4.4. PAT and PMT sections read and written, and sections put
// together from the packets that carry them. Other tables (SDT, EIT, …) are let through by others and read by
// nobody here.
//
// A section is everything from table_id to CRC_32. The functions below take and give whole sections.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "media/codec.h"
#include "media/ts_packet.h"

namespace crosspoint::media {

inline constexpr std::size_t section_bytes_max = 1024;  // PAT and PMT: section_length at most 1021

enum class PsiError {
  cut_short,       // fewer bytes than the section announces, or more
  wrong_table_id,  // not the table that was asked for
  wrong_syntax,    // section_syntax_indicator is not set, or section_length is over 1021
  wrong_crc,
  malformed,  // a loop or a descriptor list passes the end of its section
  too_long,   // writing: does not fit into one section
};

struct Pat {
  struct Program {
    std::uint16_t number = 0;  // 0: `pid` is the network PID, not a program map PID
    Pid pid = 0;
    bool operator==(const Program&) const = default;
  };
  std::uint16_t transport_stream_id = 1;
  std::uint8_t version = 0;  // 5 bits
  bool current = true;       // false: not valid yet, it will be next
  std::uint8_t section_number = 0;
  std::uint8_t last_section_number = 0;
  std::vector<Program> programs;
  bool operator==(const Pat&) const = default;
};

struct Pmt {
  struct Stream {
    std::uint8_t stream_type = 0;
    Pid pid = 0;
    ByteVector descriptors;
    bool operator==(const Stream&) const = default;
  };
  std::uint16_t program_number = 1;
  std::uint8_t version = 0;
  bool current = true;
  Pid pcr_pid = pid_null;  // pid_null: the program has no clock
  ByteVector descriptors;
  std::vector<Stream> streams;
  bool operator==(const Pmt&) const = default;
};

Result<Pat, PsiError> parse_pat(Bytes section);
Result<Pmt, PsiError> parse_pmt(Bytes section);
Result<ByteVector, PsiError> encode_pat(const Pat& pat);
Result<ByteVector, PsiError> encode_pmt(const Pmt& pmt);

// Appends the packets that carry one section. `continuity_counter` is that of the first; afterwards, of the
// next.
void append_section_packets(Bytes section, Pid pid, std::uint8_t& continuity_counter, ByteVector& out);
constexpr std::size_t section_packets(std::size_t section_bytes) { return (1 + section_bytes + 183) / 184; }

// CRC_32 of Annex A: polynomial 0x04c11db7, all ones at first, not reflected. Over a whole good section it is
// 0.
std::uint32_t crc_32(Bytes bytes);

// stream_type 0x02 is called mpeg2_video: ffmpeg uses it for MPEG-1 as well, which only the sequence header
// tells.
Codec codec_of(const Pmt::Stream& stream);
// What the standard calls a stream_type: "H.264 video", "private PES"; "reserved or unknown" otherwise.
std::string_view stream_type_name(std::uint8_t stream_type);

// Packets of one PID in, whole sections out. Holds at most one unfinished section.
class SectionAssembler {
 public:
  void feed(bool payload_unit_start, Bytes payload);
  // The next whole section, not checked for its CRC; valid until the next feed(). To be called until there is
  // nothing.
  std::optional<Bytes> next();
  // Nothing unfinished is held.
  bool empty() const { return taken_ == buffer_.size(); }
  // Packets were lost: the unfinished section is given up.
  void reset();

 private:
  std::optional<std::size_t> section_bytes_at(std::size_t offset) const;
  void drop_unfinished();

  ByteVector buffer_;
  std::size_t taken_ = 0;
  bool in_step_ = false;  // we know where sections begin
};

}  // namespace crosspoint::media
