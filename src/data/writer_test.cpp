#include "data/writer.h"

#include <cmath>

#include "data/test_bytes.h"

namespace crosspoint::data {
namespace {

template <class Write>
std::string written(Format format, Write write) {
  ByteVector out;
  Writer writer(format, out);
  write(writer);
  return format == Format::json ? to_string(out) : to_hex(out);
}

TEST(Writer, PutsCommasInJsonWhereTheyBelong) {
  const std::string text = written(Format::json, [](Writer& writer) {
    writer.begin_array(5);
    writer.integer(1);
    writer.begin_map(2);
    writer.key("a");
    writer.begin_array(0);
    writer.end_array();
    writer.key("b");
    writer.null();
    writer.end_map();
    writer.begin_map(0);
    writer.end_map();
    writer.raw(as_bytes("[1, 2]"));
    writer.boolean(true);
    writer.end_array();
  });
  EXPECT_EQ(text, R"([1,{"a":[],"b":null},{},[1, 2],true])");
}

TEST(Writer, WritesIntegersInTheFewestBytes) {
  const auto integer = [](Format format, std::int64_t value) {
    return written(format, [&](Writer& writer) { writer.integer(value); });
  };
  EXPECT_EQ(integer(Format::msgpack, 127), "7f");
  EXPECT_EQ(integer(Format::msgpack, 128), "cc 80");
  EXPECT_EQ(integer(Format::msgpack, 256), "cd 01 00");
  EXPECT_EQ(integer(Format::msgpack, 65536), "ce 00 01 00 00");
  EXPECT_EQ(integer(Format::msgpack, -32), "e0");
  EXPECT_EQ(integer(Format::msgpack, -33), "d0 df");
  EXPECT_EQ(integer(Format::msgpack, -129), "d1 ff 7f");
  EXPECT_EQ(integer(Format::msgpack, -32769), "d2 ff ff 7f ff");
  EXPECT_EQ(integer(Format::msgpack, -2147483649), "d3 ff ff ff ff 7f ff ff ff");
  EXPECT_EQ(integer(Format::cbor, 23), "17");
  EXPECT_EQ(integer(Format::cbor, 24), "18 18");
  EXPECT_EQ(integer(Format::cbor, -24), "37");
  EXPECT_EQ(integer(Format::cbor, -25), "38 18");
  EXPECT_EQ(integer(Format::cbor, 4294967296), "1b 00 00 00 01 00 00 00 00");
  EXPECT_EQ(integer(Format::ubjson, -128), "69 80");
  EXPECT_EQ(integer(Format::ubjson, 255), "55 ff");
  EXPECT_EQ(integer(Format::ubjson, 256), "49 01 00");
  EXPECT_EQ(integer(Format::bjdata, 256), "49 00 01");
  EXPECT_EQ(integer(Format::ubjson, 65536), "6c 00 01 00 00");
  EXPECT_EQ(written(Format::ubjson, [](Writer& writer) { writer.natural(std::uint64_t{1} << 63); }),
            to_hex(bytes_of("'Hi' 13 '9223372036854775808'")));
  EXPECT_EQ(written(Format::bjdata, [](Writer& writer) { writer.natural(std::uint64_t{1} << 63); }),
            "4d 00 00 00 00 00 00 00 80");
}

TEST(Writer, WritesRealsAsNarrowAsIsExact) {
  const auto real = [](Format format, double value) {
    return written(format, [&](Writer& writer) { writer.real(value); });
  };
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(real(Format::cbor, 1.0), "f9 3c 00");
  EXPECT_EQ(real(Format::cbor, -0.0), "f9 80 00");
  EXPECT_EQ(real(Format::cbor, 65504.0), "f9 7b ff");
  EXPECT_EQ(real(Format::cbor, 65505.0), "fa 47 7f e1 00");
  EXPECT_EQ(real(Format::cbor, 65536.0), "fa 47 80 00 00");
  EXPECT_EQ(real(Format::cbor, std::ldexp(1, -24)), "f9 00 01");
  EXPECT_EQ(real(Format::cbor, std::ldexp(1, -25)), "fa 33 00 00 00");
  EXPECT_EQ(real(Format::cbor, std::ldexp(3, -25)), "fa 33 c0 00 00");
  EXPECT_EQ(real(Format::cbor, 1.1), "fb 3f f1 99 99 99 99 99 9a");
  EXPECT_EQ(real(Format::cbor, 1e300), "fb 7e 37 e4 3c 88 00 75 9c");
  EXPECT_EQ(real(Format::cbor, infinity), "f9 7c 00");
  EXPECT_EQ(real(Format::cbor, -infinity), "f9 fc 00");
  EXPECT_EQ(real(Format::cbor, std::nan("")), "f9 7e 00");
  EXPECT_EQ(real(Format::msgpack, 1.5), "ca 3f c0 00 00");
  EXPECT_EQ(real(Format::msgpack, 1.1), "cb 3f f1 99 99 99 99 99 9a");
  EXPECT_EQ(real(Format::ubjson, 1.5), "64 3f c0 00 00");
  EXPECT_EQ(real(Format::bjdata, 1.5), "64 00 00 c0 3f");
  EXPECT_EQ(real(Format::json, 1.0), "1.0");
  EXPECT_EQ(real(Format::json, 0.1), "0.1");
  EXPECT_EQ(real(Format::json, 1e300), "1e+300");
  EXPECT_EQ(real(Format::json, infinity), "null");
  EXPECT_EQ(real(Format::json, std::nan("")), "null");
}

TEST(Writer, LengthsOfTextAndContainersAreAsShortAsTheyCanBe) {
  const auto head_of_text = [](Format format, std::size_t size) {
    ByteVector out;
    Writer(format, out).string(std::string(size, 'x'));
    out.resize(out.size() - size);
    return to_hex(out);
  };
  EXPECT_EQ(head_of_text(Format::msgpack, 31), "bf");
  EXPECT_EQ(head_of_text(Format::msgpack, 32), "d9 20");
  EXPECT_EQ(head_of_text(Format::msgpack, 256), "da 01 00");
  EXPECT_EQ(head_of_text(Format::msgpack, 65536), "db 00 01 00 00");
  EXPECT_EQ(head_of_text(Format::cbor, 23), "77");
  EXPECT_EQ(head_of_text(Format::cbor, 256), "79 01 00");
  EXPECT_EQ(head_of_text(Format::ubjson, 255), "53 55 ff");
  const auto array = [](std::uint64_t count) {
    return written(Format::msgpack, [&](Writer& writer) { writer.begin_array(count); });
  };
  EXPECT_EQ(array(15), "9f");
  EXPECT_EQ(array(16), "dc 00 10");
  EXPECT_EQ(array(65536), "dd 00 01 00 00");
  const auto map = [](std::uint64_t count) {
    return written(Format::msgpack, [&](Writer& writer) { writer.begin_map(count); });
  };
  EXPECT_EQ(map(15), "8f");
  EXPECT_EQ(map(16), "de 00 10");
  EXPECT_EQ(map(65536), "df 00 01 00 00");
}

TEST(Writer, EscapesInJsonWhatMustBe) {
  std::string every;
  for (char c = 0; c < 0x20; ++c) every += c;
  EXPECT_EQ(
      written(Format::json, [&](Writer& writer) { writer.string(every + "\"\\/\x7f"); }),
      R"("\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f)"
      R"(\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\"\\/)"
      "\x7f\"");
}

TEST(Writer, WritesBigIntegersAsEachFormatCan) {
  const auto big = [](Format format, std::string_view digits) {
    return written(format, [&](Writer& writer) { writer.big_integer(digits); });
  };
  EXPECT_EQ(big(Format::json, "18446744073709551616"), "18446744073709551616");
  EXPECT_EQ(big(Format::cbor, "18446744073709551616"), "c2 49 01 00 00 00 00 00 00 00 00");
  EXPECT_EQ(big(Format::cbor, "-18446744073709551617"), "c3 49 01 00 00 00 00 00 00 00 00");
  EXPECT_EQ(big(Format::cbor, "-18446744073709551616"), "3b ff ff ff ff ff ff ff ff");
  EXPECT_EQ(big(Format::msgpack, "18446744073709551616"), "ca 5f 80 00 00");
  EXPECT_EQ(big(Format::ubjson, "18446744073709551616"), to_hex(bytes_of("'Hi' 14 '18446744073709551616'")));
}

TEST(Writer, GoesBackToAMark) {
  ByteVector out;
  Writer writer(Format::json, out);
  writer.begin_array(2);
  writer.integer(1);
  const Writer::Mark mark = writer.mark();
  writer.begin_map(0);
  writer.rewind(mark);
  writer.integer(2);
  writer.end_array();
  EXPECT_EQ(to_string(out), "[1,2]");
}

}  // namespace
}  // namespace crosspoint::data
