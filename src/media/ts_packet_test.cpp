#include "media/ts_packet.h"

#include <gtest/gtest.h>

#include "media/test_stream.h"

namespace crosspoint::media {
namespace {

Packet packet_of(std::initializer_list<int> beginning) {
  Packet packet;
  packet.fill(std::byte{0xff});
  std::size_t at = 0;
  for (const int value: beginning) packet[at++] = static_cast<std::byte>(value);
  return packet;
}

TEST(TsPacket, ReadsTheFieldsOfAHeader) {
  const Packet bytes = packet_of({0x47, 0x41, 0x23, 0x1c, 0xaa});

  const auto packet = check_packet(bytes);

  ASSERT_TRUE(packet);
  EXPECT_TRUE(packet->payload_unit_start());
  EXPECT_FALSE(packet->transport_error());
  EXPECT_EQ(packet->pid(), 0x123);
  EXPECT_EQ(packet->continuity_counter(), 12);
  EXPECT_FALSE(packet->scrambled());
  EXPECT_FALSE(packet->random_access());
  EXPECT_EQ(packet->payload().size(), 184u);
  EXPECT_EQ(packet->payload()[0], std::byte{0xaa});
}

TEST(TsPacket, ReadsAdaptationFieldFlagsAndClock) {
  // PCR base 1, extension 2: 33 bits, six reserved, nine bits.
  const Packet bytes =
      packet_of({0x47, 0x01, 0x00, 0x30, 0x07, 0xd0, 0x00, 0x00, 0x00, 0x00, 0xfe, 0x02, 0xbb});

  const auto packet = check_packet(bytes);

  ASSERT_TRUE(packet);
  EXPECT_TRUE(packet->discontinuity());
  EXPECT_TRUE(packet->random_access());
  EXPECT_EQ(packet->pcr(), 302u);
  EXPECT_EQ(packet->payload().size(), 176u);
  EXPECT_EQ(packet->payload()[0], std::byte{0xbb});
}

TEST(TsPacket, RefusesWhatIsNoPacket) {
  const struct {
    const char* why;
    Packet packet;
    PacketError error;
  } refusals[] = {
      {"another first byte", packet_of({0x46, 0, 0, 0x10}), PacketError::no_sync_byte},
      {"neither payload nor adaptation field", packet_of({0x47, 0, 0, 0x00}), PacketError::reserved_control},
      {"adaptation only, one byte too long", packet_of({0x47, 0, 0, 0x20, 184}),
       PacketError::adaptation_too_long},
      {"with payload, no room for it", packet_of({0x47, 0, 0, 0x30, 183}), PacketError::adaptation_too_long},
      {"far too long", packet_of({0x47, 0, 0, 0x30, 255}), PacketError::adaptation_too_long},
      {"a clock announced in one byte", packet_of({0x47, 0, 0, 0x30, 1, 0x10}), PacketError::pcr_cut_short},
      {"a clock one byte short", packet_of({0x47, 0, 0, 0x30, 6, 0x10}), PacketError::pcr_cut_short},
  };

  for (const auto& refusal: refusals) {
    SCOPED_TRACE(refusal.why);
    const auto packet = check_packet(refusal.packet);
    ASSERT_FALSE(packet);
    EXPECT_EQ(packet.error(), refusal.error);
  }
  const Packet good = packet_of({0x47, 0, 0, 0x10});
  EXPECT_EQ(check_packet(Bytes(good).first(187)).error(), PacketError::wrong_size);
  EXPECT_EQ(check_packet({}).error(), PacketError::wrong_size);
}

TEST(TsPacket, AcceptsTheLongestAdaptationFieldsThereAre) {
  EXPECT_TRUE(check_packet(packet_of({0x47, 0, 0, 0x20, 183, 0})));
  const Packet with_payload = packet_of({0x47, 0, 0, 0x30, 182, 0});
  ASSERT_TRUE(check_packet(with_payload));
  EXPECT_EQ(PacketView(with_payload).payload().size(), 1u);
  const Packet no_flags = packet_of({0x47, 0, 0, 0x30, 0});
  ASSERT_TRUE(check_packet(no_flags));
  EXPECT_EQ(PacketView(no_flags).payload().size(), 183u);
  EXPECT_FALSE(PacketView(no_flags).discontinuity());
}

TEST(TsPacket, AViewOfAMalformedPacketStaysInside) {
  for (int length = 0; length < 256; ++length) {
    for (const int control: {0x00, 0x10, 0x20, 0x30}) {
      const Packet bytes = packet_of({0x47, 0, 0, control, length, 0xff});
      const PacketView packet{bytes};
      const Bytes payload = packet.payload();
      if (!payload.empty()) {
        EXPECT_EQ(payload.data() + payload.size(), bytes.data() + bytes.size());
      }
      if (packet.pcr()) {
        EXPECT_GE(length, 7);
      }
      if (length > 183) {
        EXPECT_FALSE(packet.random_access());
      }
    }
  }
}

TEST(TsPacket, WhatIsWrittenReadsTheSame) {
  for (std::size_t size = 0; size <= 200; ++size) {
    for (int flags = 0; flags < 8; ++flags) {
      SCOPED_TRACE(testing::Message() << size << " bytes, flags " << flags);
      PacketHeader header{.pid = 0x1abc, .continuity_counter = 7, .payload_unit_start = size > 0};
      header.discontinuity = (flags & 1) != 0;
      header.random_access = (flags & 2) != 0;
      if ((flags & 4) != 0) header.pcr = pcr_modulus - 1;
      const ByteVector payload(size, std::byte{0x5a});
      Packet bytes;

      const std::size_t taken = write_packet(header, payload, bytes);
      const auto packet = check_packet(bytes);

      ASSERT_TRUE(packet);
      EXPECT_EQ(packet->pid(), 0x1abc);
      EXPECT_EQ(packet->continuity_counter(), 7);
      EXPECT_EQ(packet->payload_unit_start(), size > 0);
      EXPECT_EQ(packet->discontinuity(), header.discontinuity);
      EXPECT_EQ(packet->random_access(), header.random_access);
      EXPECT_EQ(packet->pcr(), header.pcr);
      EXPECT_EQ(packet->payload().size(), taken);
      EXPECT_EQ(packet->has_payload(), size > 0);
      EXPECT_LE(taken, size);
      for (const std::byte byte: packet->payload()) EXPECT_EQ(byte, std::byte{0x5a});
    }
  }
}

TEST(TsPacket, FieldsAreChangedInPlaceAndNothingElseIs) {
  Packet packet = packet_of({0x47, 0x41, 0x23, 0x3c, 0x07, 0x50, 0, 0, 0, 0, 0x7e, 0x00});
  const Packet before = packet;

  set_pid(packet, 0x1ffe);
  set_continuity_counter(packet, 3);
  EXPECT_TRUE(set_discontinuity(packet));
  EXPECT_TRUE(set_pcr(packet, 5 * 300 + 7));

  const PacketView view{packet};
  EXPECT_EQ(view.pid(), 0x1ffe);
  EXPECT_TRUE(view.payload_unit_start());
  EXPECT_EQ(view.continuity_counter(), 3);
  EXPECT_TRUE(view.discontinuity());
  EXPECT_TRUE(view.random_access());
  EXPECT_EQ(view.pcr(), 1507u);
  EXPECT_TRUE(std::equal(packet.begin() + 12, packet.end(), before.begin() + 12));
}

TEST(TsPacket, WhatIsNotThereIsNotSet) {
  Packet plain = packet_of({0x47, 0x01, 0x00, 0x10});
  Packet empty_field = packet_of({0x47, 0x01, 0x00, 0x30, 0x00});
  Packet overlong = packet_of({0x47, 0x01, 0x00, 0x30, 0xff});
  const Packet before = plain;

  EXPECT_FALSE(set_discontinuity(plain));
  EXPECT_FALSE(set_discontinuity(empty_field));
  EXPECT_FALSE(set_discontinuity(overlong));
  EXPECT_FALSE(set_pcr(plain, 1));
  EXPECT_EQ(plain, before);
}

TEST(TsPacket, TheGapPacketIsAdaptationOnly) {
  const Packet bytes = discontinuity_packet(0x100, 9);

  const auto packet = check_packet(bytes);

  ASSERT_TRUE(packet);
  EXPECT_FALSE(packet->has_payload());
  EXPECT_TRUE(packet->discontinuity());
  EXPECT_EQ(packet->continuity_counter(), 9);
  EXPECT_TRUE(packet->payload().empty());
}

TEST(TsPacket, AClockBeyondItsEndBeginsAgain) {
  // The extension counts to 299; 511 is somebody's mistake.
  const Packet bytes = packet_of({0x47, 0x01, 0x00, 0x30, 0x07, 0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
  EXPECT_EQ(PacketView(bytes).pcr(), 211u);
}

TEST(TsPacket, ClockDifferencesGoTheShorterWayRound) {
  EXPECT_EQ(pcr_difference(10, 4), 6);
  EXPECT_EQ(pcr_difference(4, 10), -6);
  EXPECT_EQ(pcr_difference(5, pcr_modulus - 5), 10);
  EXPECT_EQ(pcr_difference(pcr_modulus - 5, 5), -10);
}

}  // namespace
}  // namespace crosspoint::media
