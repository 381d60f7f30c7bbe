#include "bench/wamp_args.h"

#include <gtest/gtest.h>

namespace crosspoint::bench {
namespace {

TEST(WampArgs, AreReadAsTheyWereWrittenInEachFormat) {
  const std::string text(300, 'a');
  for (const auto format: data::formats) {
    ByteVector bytes;
    std::string room;
    EXPECT_EQ(read_args(write_args(format, text, bytes), room), text) << data::to_string(format);
  }
}

TEST(WampArgs, AnythingButOneTextIsNone) {
  std::string room;
  const auto read = [&](std::string_view args, std::string_view kwargs = "") {
    return read_args({data::Format::json, as_bytes(args), as_bytes(kwargs)}, room);
  };
  EXPECT_EQ(read(R"(["a"])"), "a");
  for (const char* args: {"", "[]", "[1]", R"(["a","a"])", R"(["a)", R"(["a"]])"})
    EXPECT_EQ(read(args), std::nullopt) << args;
  EXPECT_EQ(read(R"(["a"])", "{}"), "a");
  EXPECT_EQ(read(R"(["a"])", R"({"b":1})"), std::nullopt);
}

}  // namespace
}  // namespace crosspoint::bench
