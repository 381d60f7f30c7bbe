// Sections: what is read is what would be written, and assembling gives the same sections however the
// payloads are cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/assert.h"
#include "media/psi.h"
#include "media/table_watch.h"

using namespace crosspoint;
using namespace crosspoint::media;

namespace {

void read_and_write(Bytes section) {
  if (const auto pat = parse_pat(section)) {
    const auto written = encode_pat(*pat);
    CROSSPOINT_ASSERT(written && parse_pat(*written) == *pat);
  }
  if (const auto pmt = parse_pmt(section)) {
    const auto written = encode_pmt(*pmt);
    CROSSPOINT_ASSERT(written && parse_pmt(*written) == *pmt);
    for (const auto& stream: pmt->streams) codec_of(stream);
  }
}

void check_section(Bytes bytes) {
  read_and_write(bytes);
  // The same with the length and the check sum put right, so that what lies behind them is reached.
  if (bytes.size() < 12 || bytes.size() > section_bytes_max) return;
  ByteVector mended = to_vector(bytes);
  write_big_endian(0xb000 | (mended.size() - 3), MutableBytes(mended).subspan(1, 2));
  write_big_endian(crc_32(Bytes(mended).first(mended.size() - 4)), MutableBytes(mended).last(4));
  read_and_write(mended);
  ByteVector packets;
  std::uint8_t counter = 0;
  append_section_packets(mended, 0x20, counter, packets);
  SectionAssembler assembler;
  for (std::size_t at = 0; at < packets.size(); at += packet_bytes) {
    const PacketView packet{PacketBytes(packets.data() + at, packet_bytes)};
    assembler.feed(packet.payload_unit_start(), packet.payload());
  }
  // A section whose table_id is that of stuffing is stuffing.
  const auto section = assembler.next();
  CROSSPOINT_ASSERT(mended[0] == std::byte{0xff} || (section && std::ranges::equal(*section, mended)));
}

std::vector<ByteVector> assemble(Bytes bytes, std::size_t piece) {
  std::vector<ByteVector> sections;
  SectionAssembler assembler;
  const auto drain = [&] {
    while (const auto section = assembler.next()) {
      CROSSPOINT_ASSERT(section->size() <= section_bytes_max && section->size() >= 3);
      sections.push_back(to_vector(*section));
    }
  };
  ByteVector first{std::byte{0}};
  append(first, bytes.first(std::min(piece, bytes.size())));
  assembler.feed(true, first);
  drain();
  for (std::size_t at = std::min(piece, bytes.size()); at < bytes.size(); at += piece) {
    assembler.feed(false, bytes.subspan(at, std::min(piece, bytes.size() - at)));
    drain();
  }
  return sections;
}

void watch(Bytes bytes) {
  TableWatch tables;
  for (std::size_t at = 0; at + packet_bytes <= bytes.size(); at += packet_bytes) {
    const PacketView packet{PacketBytes(bytes.data() + at, packet_bytes)};
    if (tables.is_table(packet.pid())) tables.on_packet(packet);
  }
  ByteVector out;
  tables.append_packets(out);
  CROSSPOINT_ASSERT(out.size() <= (1 + TableWatch::programs_max) * 6 * packet_bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  check_section(bytes);
  const auto sections = assemble(bytes, 184);
  CROSSPOINT_ASSERT(sections == assemble(bytes, 7));
  CROSSPOINT_ASSERT(sections == assemble(bytes, 183));
  watch(bytes);
  return 0;
}
