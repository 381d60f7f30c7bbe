#include "data/known_keys.h"

#include "data/test_bytes.h"

namespace crosspoint::data {
namespace {

constexpr std::string_view keys[] = {"disclose_me", "timeout"};

struct Options {
  std::optional<bool> disclose_me;
  std::optional<std::uint64_t> timeout;
  bool operator==(const Options&) const = default;
};

Result<Options, Refusal> read_options(Format format, Bytes bytes) {
  Options read;
  Cursor cursor(format, bytes);
  if (auto entered = cursor.enter_map(); !entered) return fail(entered.error());
  KnownKeys options(cursor, keys);
  while (true) {
    const auto key = options.next();
    if (!key) return fail(key.error());
    if (!*key) break;
    if (**key == 0) {
      const auto value = cursor.read_bool();
      if (!value) return fail(value.error());
      read.disclose_me = *value;
    } else {
      const auto value = cursor.read_uint64();
      if (!value) return fail(value.error());
      read.timeout = *value;
    }
  }
  if (auto end = cursor.finish(); !end) return fail(end.error());
  return read;
}

Result<Options, Refusal> read_options(std::string_view json) {
  return read_options(Format::json, as_bytes(json));
}

TEST(KnownKeys, FindsTheKnownOnesInAnyOrderAndPassesOverTheOthers) {
  const std::string_view json = R"({"x":[1,{"timeout":1}],"timeout":5,"x":null,"disclose_me":false,"y":{}})";
  for (const Format format: formats) {
    const ByteVector bytes = transcode(Format::json, as_bytes(json), format).value();
    EXPECT_EQ(read_options(format, bytes), (Options{false, 5}));
  }
  EXPECT_EQ(read_options("{}"), Options{});
}

TEST(KnownKeys, AKeyIsTheSameHoweverItIsSpelt) {
  EXPECT_EQ(read_options(R"({"time\u006fut":5})"), (Options{{}, 5}));
  EXPECT_EQ(read_options(Format::cbor, bytes_of("bf 7f 64 'time' 63 'out' ff 05 ff")), (Options{{}, 5}));
}

TEST(KnownKeys, AKnownKeyThatComesTwiceIsRefused) {
  EXPECT_EQ(read_options(R"({"timeout":5,"timeout":5})").error(), (Refusal{Cause::duplicate_key, 23}));
  EXPECT_EQ(read_options(R"({"timeout":5,"time\u006fut":6})").error().cause, Cause::duplicate_key);
}

TEST(KnownKeys, AWrongTypeAndBrokenBytesAreRefused) {
  EXPECT_EQ(read_options(R"({"timeout":true})").error(), (Refusal{Cause::wrong_type, 11}));
  EXPECT_EQ(read_options(R"({"x":[1,}})").error(), (Refusal{Cause::unexpected_byte, 8}));
  EXPECT_EQ(read_options(Format::msgpack, bytes_of("81 01 02")).error(), (Refusal{Cause::not_a_text_key, 1}));
}

}  // namespace
}  // namespace crosspoint::data
