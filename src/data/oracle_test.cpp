#include <random>

#include "data/test_bytes.h"
#include "data/test_oracle.h"
#include "testing/seed.h"

namespace crosspoint::data {
namespace {

constexpr std::string_view documents[] = {
    "null",
    R"([48,7814135,{"disclose_me":true},"com.example.add",[1,-2.5,"caf\u00e9"],{"a":{"b":[]}}])",
    R"({"numbers":[0,-1,127,128,255,256,65535,65536,4294967296,18446744073709551615,-9223372036854775808,0.1,1e300,5e-324]})",
    R"([[],{},[[[[{}]]]],"",{"":""},"\ud83d\ude00\u0000\n"])",
};

TEST(Oracle, ReadsWhatWeWriteAsWeDo) {
  for (const std::string_view document: documents) {
    for (const Format format: formats) {
      SCOPED_TRACE(std::string(to_string(format)) + ": " + std::string(document));
      const auto bytes = transcode(Format::json, as_bytes(document), format);
      ASSERT_TRUE(bytes);
      const auto theirs = oracle_reads(format, *bytes);
      ASSERT_TRUE(theirs.has_value());
      EXPECT_EQ(we_read(format, *bytes), theirs);
      EXPECT_EQ(oracle_reads(Format::json, as_bytes(document)), theirs);
    }
  }
}

// Bytes changed at random: where both still read a value, it is the same one.
TEST(Oracle, ReadsSpoiltBytesAsWeDoWhereBothReadThem) {
  std::size_t read_by_both = 0;
  testing::for_each_seed(300, [&](std::uint64_t seed) {
    std::minstd_rand random(static_cast<unsigned>(seed));
    for (const Format format: formats) {
      ByteVector bytes =
          *transcode(Format::json, as_bytes(documents[random() % std::size(documents)]), format);
      for (auto changes = random() % 3; changes > 0; --changes) {
        bytes[random() % bytes.size()] = static_cast<std::byte>(random() & 0xff);
      }
      const auto ours = we_read(format, bytes);
      const auto theirs = oracle_reads(format, bytes);
      if (format == Format::json) {
        EXPECT_EQ(ours.has_value(), theirs.has_value()) << to_hex(bytes);
      }
      if (!ours || !theirs) continue;
      EXPECT_EQ(*ours, *theirs) << to_string(format) << ' ' << to_hex(bytes);
      ++read_by_both;
    }
  });
  EXPECT_GT(read_by_both, 100u);
}

}  // namespace
}  // namespace crosspoint::data
