#include "media/table_watch.h"

#include <gtest/gtest.h>

#include <map>

#include "media/test_stream.h"

namespace crosspoint::media {
namespace {

using Change = TableWatch::Change;

// Feeds whole tables, and says what the last packet changed.
class Watched {
 public:
  Change section(Pid pid, const ByteVector& section) {
    ByteVector packets;
    append_section_packets(section, pid, counters_[pid], packets);
    return feed(packets);
  }
  Change pat(const Pat& pat) { return section(pid_pat, *encode_pat(pat)); }
  Change pmt(const Pmt& pmt, Pid pid = 0x1000) { return section(pid, *encode_pmt(pmt)); }

  Change feed(Bytes packets) {
    Change change = Change::none;
    for (std::size_t at = 0; at < packets.size(); at += packet_bytes) {
      const PacketView packet = packet_at(packets, at);
      EXPECT_TRUE(tables.is_table(packet.pid()));
      if (const Change each = tables.on_packet(packet); each != Change::none) change = each;
    }
    return change;
  }

  TableWatch tables;

 private:
  std::map<Pid, std::uint8_t> counters_;
};

Pmt muted(std::uint8_t version) {
  Pmt pmt = TestStream::video_and_audio();
  pmt.streams.pop_back();
  pmt.version = version;
  return pmt;
}

Pmt large_pmt() {
  Pmt pmt = TestStream::video_and_audio();
  pmt.descriptors.resize(500, std::byte{0x80});
  return pmt;
}

TEST(TableWatch, IsCompleteWithAPatAndAPmt) {
  Watched watched;
  EXPECT_FALSE(watched.tables.complete());

  EXPECT_EQ(watched.pat(TestStream::one_program()), Change::first);
  EXPECT_FALSE(watched.tables.complete());
  EXPECT_EQ(watched.tables.program(), nullptr);
  EXPECT_EQ(watched.pmt(TestStream::video_and_audio()), Change::first);

  EXPECT_TRUE(watched.tables.complete());
  EXPECT_EQ(*watched.tables.program(), TestStream::video_and_audio());
}

TEST(TableWatch, ARepeatedTableChangesNothing) {
  Watched watched;
  watched.pat(TestStream::one_program());
  for (const Pmt& pmt: {TestStream::video_and_audio(), large_pmt()}) {
    watched.pmt(pmt);
    EXPECT_EQ(watched.pmt(pmt), Change::none);
    EXPECT_EQ(watched.pmt(pmt), Change::none);
    EXPECT_EQ(*watched.tables.program(), pmt);
  }
  EXPECT_EQ(watched.pat(TestStream::one_program()), Change::none);
  EXPECT_EQ(watched.tables.errors(), 0u);
}

TEST(TableWatch, TellsARevisionFromAReplacementAndFromTwoThatTakeTurns) {
  Watched watched;
  watched.pat(TestStream::one_program());
  watched.pmt(TestStream::video_and_audio());

  EXPECT_EQ(watched.pmt(muted(1)), Change::revised);
  EXPECT_EQ(watched.pmt(TestStream::video_and_audio()), Change::alternates);
  EXPECT_EQ(watched.pmt(muted(0)), Change::replaced);
}

TEST(TableWatch, WhatIsNotValidYetIsNotUsed) {
  Watched watched;
  watched.pat(TestStream::one_program());
  watched.pmt(TestStream::video_and_audio());
  Pmt next = muted(1);
  next.current = false;

  EXPECT_EQ(watched.pmt(next), Change::none);
  EXPECT_EQ(*watched.tables.program(), TestStream::video_and_audio());
  EXPECT_EQ(watched.tables.errors(), 0u);
}

TEST(TableWatch, TablesOfOtherProgramsOnTheSamePidDoNotInterfere) {
  Watched watched;
  Pat pat = TestStream::one_program();
  pat.programs.push_back({2, 0x1000});
  watched.pat(pat);
  watched.pmt(TestStream::video_and_audio());
  Pmt other = muted(0);
  other.program_number = 2;

  EXPECT_EQ(watched.pmt(other), Change::none);
  EXPECT_EQ(watched.pmt(TestStream::video_and_audio()), Change::none);
  EXPECT_EQ(watched.tables.programs(), 1u);
}

TEST(TableWatch, OfAPatInSeveralSectionsTheFirstIsFollowed) {
  Watched watched;
  Pat first = TestStream::one_program();
  first.last_section_number = 1;
  Pat second = TestStream::one_program(0x1001);
  second.section_number = second.last_section_number = 1;

  watched.pat(first);
  EXPECT_EQ(watched.pat(second), Change::none);

  EXPECT_TRUE(watched.tables.is_table(0x1000));
  EXPECT_FALSE(watched.tables.is_table(0x1001));
}

TEST(TableWatch, DamagedTablesAreCountedAndNotUsed) {
  Watched watched;
  watched.pat(TestStream::one_program());
  ByteVector section = *encode_pmt(TestStream::video_and_audio());
  section[10] ^= std::byte{1};

  EXPECT_EQ(watched.section(0x1000, section), Change::none);

  EXPECT_EQ(watched.tables.errors(), 1u);
  EXPECT_FALSE(watched.tables.complete());
  EXPECT_EQ(watched.pmt(TestStream::video_and_audio()), Change::first);
}

TEST(TableWatch, ATableOfAnotherKindOnTheSamePidIsNoError) {
  Watched watched;
  watched.pat(TestStream::one_program());
  EXPECT_EQ(watched.section(0x1000, *encode_pat(TestStream::one_program())), Change::none);
  EXPECT_EQ(watched.tables.errors(), 0u);
}

TEST(TableWatch, TheNetworkPidIsNoProgramAndNoMoreThanEightAreFollowed) {
  Watched watched;
  Pat pat;
  pat.programs.push_back({0, 0x10});
  for (std::uint16_t i = 1; i <= 20; ++i) pat.programs.push_back({i, static_cast<Pid>(0x100 + i)});
  watched.pat(pat);

  EXPECT_FALSE(watched.tables.is_table(0x10));
  EXPECT_TRUE(watched.tables.is_table(0x108));
  EXPECT_FALSE(watched.tables.is_table(0x109));
}

TEST(TableWatch, ANewPatKeepsTheProgramsThatItStillNames) {
  Watched watched;
  Pat pat = TestStream::one_program();
  pat.programs.push_back({2, 0x1001});
  watched.pat(pat);
  watched.pmt(TestStream::video_and_audio());
  pat.programs.erase(pat.programs.begin() + 1);
  pat.version = 1;

  EXPECT_EQ(watched.pat(pat), Change::revised);

  EXPECT_TRUE(watched.tables.complete());
  EXPECT_FALSE(watched.tables.is_table(0x1001));
}

TEST(TableWatch, GivesItsTablesAsPacketsThatReadTheSame) {
  Watched watched;
  watched.pat(TestStream::one_program());
  watched.pmt(large_pmt());
  ByteVector packets;

  watched.tables.append_packets(packets);
  Watched again;
  again.feed(packets);

  EXPECT_EQ(packets.size(), 4 * packet_bytes);
  EXPECT_EQ(*again.tables.program(), large_pmt());
}

TEST(TableWatch, ALossInTheMiddleOfATableCostsThatTableOnly) {
  Watched watched;
  watched.pat(TestStream::one_program());
  ByteVector packets;
  std::uint8_t counter = 0;
  append_section_packets(*encode_pmt(large_pmt()), 0x1000, counter, packets);

  watched.feed(Bytes(packets).first(packet_bytes));
  watched.tables.reset(0x1000);
  watched.feed(Bytes(packets).subspan(2 * packet_bytes));
  EXPECT_FALSE(watched.tables.complete());

  EXPECT_EQ(watched.feed(packets), Change::first);
  EXPECT_EQ(watched.tables.errors(), 0u);
}

}  // namespace
}  // namespace crosspoint::media
