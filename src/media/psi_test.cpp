#include "media/psi.h"

#include <gtest/gtest.h>

#include "media/test_stream.h"

namespace crosspoint::media {
namespace {

// As ffmpeg 5.1 writes them: program 1, PMT on 0x1000; MPEG video on 0x100, MPEG audio on 0x101.
const auto ffmpeg_pat = bytes_of(
    {0x00, 0xb0, 0x0d, 0x00, 0x01, 0xc1, 0x00, 0x00, 0x00, 0x01, 0xf0, 0x00, 0x2a, 0xb1, 0x04, 0xb2});

Pmt full_pmt() {
  Pmt pmt = TestStream::video_and_audio();
  pmt.version = 31;
  pmt.descriptors = bytes_of({0x05, 4, 'H', 'D', 'M', 'V'});
  pmt.streams.push_back(
      {.stream_type = 0x06, .pid = 0x1ffe, .descriptors = bytes_of({0x05, 4, 'O', 'p', 'u', 's'})});
  return pmt;
}

ByteVector with_crc(ByteVector section) {
  const std::uint32_t crc = crc_32(Bytes(section).first(section.size() - 4));
  write_big_endian(crc, MutableBytes(section).last(4));
  return section;
}

TEST(Psi, ReadsAPatThatFfmpegWrote) {
  const auto pat = parse_pat(ffmpeg_pat);

  ASSERT_TRUE(pat);
  EXPECT_EQ(pat->transport_stream_id, 1);
  EXPECT_EQ(pat->version, 0);
  EXPECT_TRUE(pat->current);
  ASSERT_EQ(pat->programs.size(), 1u);
  EXPECT_EQ(pat->programs[0].number, 1);
  EXPECT_EQ(pat->programs[0].pid, 0x1000);
  EXPECT_EQ(*encode_pat(*pat), ffmpeg_pat);
}

TEST(Psi, TheCrcIsThatOfTheStandard) {
  // Annex A's polynomial over the usual check input.
  EXPECT_EQ(crc_32(as_bytes("123456789")), 0x0376e6e7u);
  EXPECT_EQ(crc_32(ffmpeg_pat), 0u);
}

TEST(Psi, WhatIsWrittenReadsTheSame) {
  Pat pat = TestStream::one_program();
  pat.programs.push_back({0, 0x10});
  pat.programs.push_back({0xffff, 0x1ffe});
  pat.version = 17;
  pat.current = false;
  pat.section_number = 1;
  pat.last_section_number = 2;

  EXPECT_EQ(parse_pat(*encode_pat(pat)), pat);
  EXPECT_EQ(parse_pmt(*encode_pmt(full_pmt())), full_pmt());
}

TEST(Psi, RefusesWhatIsNotTheTable) {
  const ByteVector pmt = *encode_pmt(full_pmt());
  const auto changed = [&](std::size_t at, int value) {
    ByteVector bytes = pmt;
    bytes[at] = static_cast<std::byte>(value);
    return bytes;
  };
  const struct {
    const char* why;
    ByteVector section;
    PsiError error;
  } refusals[] = {
      {"nothing", {}, PsiError::cut_short},
      {"a PAT", ffmpeg_pat, PsiError::wrong_table_id},
      {"short syntax", changed(1, 0x30), PsiError::wrong_syntax},
      {"longer than a section may be", changed(1, 0xbf), PsiError::wrong_syntax},
      {"one byte less", to_vector(Bytes(pmt).first(pmt.size() - 1)), PsiError::cut_short},
      {"a changed byte", changed(9, 0x42), PsiError::wrong_crc},
      {"descriptors longer than the section", with_crc(changed(11, 0xff)), PsiError::malformed},
      {"a stream's descriptors longer than the section", with_crc(changed(pmt.size() - 11, 0x40)),
       PsiError::malformed},
      {"half a stream at the end", with_crc(changed(pmt.size() - 11, 0x05)), PsiError::malformed},
  };

  for (const auto& refusal: refusals) {
    SCOPED_TRACE(refusal.why);
    const auto read = parse_pmt(refusal.section);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error(), refusal.error);
  }
  EXPECT_EQ(parse_pat(with_crc(bytes_of({0, 0xb0, 0x0b, 0, 1, 0xc1, 0, 0, 0, 1, 0, 0, 0, 0}))).error(),
            PsiError::malformed);
}

TEST(Psi, EveryChangedBitIsNoticed) {
  const ByteVector pmt = *encode_pmt(full_pmt());
  for (std::size_t bit = 0; bit < pmt.size() * 8; ++bit) {
    ByteVector damaged = pmt;
    damaged[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    EXPECT_FALSE(parse_pmt(damaged)) << "bit " << bit;
  }
}

TEST(Psi, WhatDoesNotFitIntoASectionIsNotWritten) {
  Pat pat;
  while (pat.programs.size() < 253) pat.programs.push_back({1, 0x20});
  EXPECT_EQ(encode_pat(pat)->size(), section_bytes_max);
  pat.programs.push_back({1, 0x20});
  EXPECT_EQ(encode_pat(pat).error(), PsiError::too_long);

  Pmt pmt = full_pmt();
  pmt.descriptors.resize(4096 + 6);  // as the length field would have it: 6
  EXPECT_EQ(encode_pmt(pmt).error(), PsiError::too_long);
}

TEST(Psi, NamesCodecsByTypeAndDescriptor) {
  const auto codec = [](std::uint8_t type, ByteVector descriptors = {}) {
    return codec_of({.stream_type = type, .pid = 0x100, .descriptors = std::move(descriptors)});
  };

  EXPECT_EQ(codec(0x1b), Codec::h264);
  EXPECT_EQ(codec(0x24), Codec::h265);
  EXPECT_EQ(codec(0x0f), Codec::aac);
  EXPECT_EQ(codec(0x03), Codec::mpeg_audio);
  EXPECT_EQ(codec(0x06), Codec::unknown);
  EXPECT_EQ(codec(0x06, bytes_of({0x52, 1, 7, 0x05, 4, 'O', 'p', 'u', 's'})), Codec::opus);
  EXPECT_EQ(codec(0x06, bytes_of({0x6a, 1, 0})), Codec::ac3);
  EXPECT_EQ(codec(0x06, bytes_of({0x52, 200, 'O'})), Codec::unknown);
  EXPECT_EQ(codec(0x99), Codec::unknown);
  EXPECT_EQ(stream_type_name(0x1b), "H.264 video");
  EXPECT_EQ(stream_type_name(0x99), "reserved or unknown");
}

// ---- sections from packets ----

std::vector<ByteVector> assemble(Bytes packets) {
  SectionAssembler assembler;
  std::vector<ByteVector> sections;
  for (std::size_t at = 0; at < packets.size(); at += packet_bytes) {
    const PacketView packet = packet_at(packets, at);
    assembler.feed(packet.payload_unit_start(), packet.payload());
    while (const auto section = assembler.next()) sections.push_back(to_vector(*section));
  }
  return sections;
}

ByteVector long_section() {
  Pat pat;
  for (std::uint16_t i = 1; i <= 200; ++i) pat.programs.push_back({i, static_cast<Pid>(0x1000 + i)});
  return *encode_pat(pat);
}

TEST(SectionAssembler, PutsTogetherWhatWasSpreadOverPackets) {
  const ByteVector section = long_section();
  ByteVector packets;
  std::uint8_t counter = 14;

  append_section_packets(section, pid_pat, counter, packets);

  EXPECT_EQ(packets.size() / packet_bytes, section_packets(section.size()));
  EXPECT_EQ(counter, (14 + section_packets(section.size())) & 0x0f);
  EXPECT_TRUE(continuity_complaints(packets).empty());
  EXPECT_EQ(assemble(packets), std::vector<ByteVector>{section});
}

TEST(SectionAssembler, EverySizeOfSectionComesThrough) {
  for (std::size_t programs = 0; programs <= 253; ++programs) {
    Pat pat;
    pat.programs.resize(programs, {1, 0x20});
    const ByteVector section = *encode_pat(pat);
    ByteVector packets;
    std::uint8_t counter = 0;

    append_section_packets(section, pid_pat, counter, packets);

    EXPECT_EQ(assemble(packets), std::vector<ByteVector>{section}) << programs;
    EXPECT_EQ(packets.size() / packet_bytes, section_packets(section.size())) << programs;
  }
}

TEST(SectionAssembler, ReadsTheSameSectionsHoweverTheBytesAreCut) {
  // Two sections back to back, the second one cut over payloads: pointer_field says where a new one begins.
  const ByteVector first = ffmpeg_pat;
  const ByteVector second = long_section();
  ByteVector both = first;
  append(both, second);
  for (std::size_t cut = 1; cut < both.size(); ++cut) {
    SCOPED_TRACE(cut);
    SectionAssembler assembler;
    std::vector<ByteVector> sections;
    const auto drain = [&] {
      while (const auto section = assembler.next()) sections.push_back(to_vector(*section));
    };
    ByteVector beginning = bytes_of({0});
    append(beginning, Bytes(both).first(cut));

    assembler.feed(true, beginning);
    drain();
    assembler.feed(false, Bytes(both).subspan(cut));
    drain();

    EXPECT_EQ(sections, (std::vector<ByteVector>{first, second}));
  }
}

TEST(SectionAssembler, ThePointerFieldEndsOneSectionAndBeginsTheNext) {
  SectionAssembler assembler;
  ByteVector payload = bytes_of({0});
  append(payload, Bytes(ffmpeg_pat).first(10));
  assembler.feed(true, payload);
  EXPECT_FALSE(assembler.next());

  payload = bytes_of({6});
  append(payload, Bytes(ffmpeg_pat).subspan(10));
  append(payload, ffmpeg_pat);
  assembler.feed(true, payload);

  EXPECT_EQ(to_vector(*assembler.next()), ffmpeg_pat);
  EXPECT_EQ(to_vector(*assembler.next()), ffmpeg_pat);
  EXPECT_FALSE(assembler.next());
  EXPECT_TRUE(assembler.empty());
}

TEST(SectionAssembler, NothingIsReadBeforeAStart) {
  SectionAssembler assembler;

  assembler.feed(false, ffmpeg_pat);

  EXPECT_FALSE(assembler.next());
  EXPECT_TRUE(assembler.empty());
}

TEST(SectionAssembler, AnUnfinishedSectionIsGivenUpWhenTheNextBegins) {
  SectionAssembler assembler;
  ByteVector payload = bytes_of({0});
  append(payload, Bytes(ffmpeg_pat).first(10));
  assembler.feed(true, payload);

  payload = bytes_of({0});
  append(payload, ffmpeg_pat);
  assembler.feed(true, payload);

  EXPECT_EQ(to_vector(*assembler.next()), ffmpeg_pat);
  EXPECT_FALSE(assembler.next());
}

TEST(SectionAssembler, WhatNobodyCouldHaveWrittenIsDroppedUntilTheNextStart) {
  for (const auto& payload: {bytes_of({200, 0, 0}), bytes_of({}), bytes_of({0, 0x42, 0xff, 0xff, 1, 2, 3})}) {
    SectionAssembler assembler;
    assembler.feed(true, payload);
    EXPECT_FALSE(assembler.next());
    assembler.feed(false, ffmpeg_pat);
    EXPECT_FALSE(assembler.next());
  }
}

TEST(SectionAssembler, MemoryIsBoundedEvenWhenNothingIsTaken) {
  SectionAssembler assembler;
  const ByteVector payload(184, std::byte{0});
  assembler.feed(true, payload);
  for (int i = 0; i < 1000; ++i) assembler.feed(false, payload);

  std::size_t taken = 0;
  while (const auto section = assembler.next()) taken += section->size();

  EXPECT_LE(taken, 2 * section_bytes_max + payload.size());
}

}  // namespace
}  // namespace crosspoint::media
