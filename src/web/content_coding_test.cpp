#include "web/content_coding.h"

#include <gtest/gtest.h>

namespace crosspoint::web {
namespace {

http::Fields field(std::string name, std::string value) {
  http::Fields fields;
  fields.add(std::move(name), std::move(value));
  return fields;
}

TEST(ContentCoding, IsTakenWhenItIsNamedOrCoveredAndNotWeighedZero) {
  const struct {
    const char* value;
    bool accepted;
  } rows[] = {
      {"gzip", true},          {"deflate, gzip;q=1.0, *;q=0.5", true},
      {"GZIP", true},          {"*", true},
      {"br, *;q=0.1", true},   {"gzip;q=0.001", true},
      {"gzip ; q=0.5", true},  {"", false},
      {"identity", false},     {"br", false},
      {"gzipped", false},      {"gzip;q=0", false},
      {"gzip;q=0.000", false}, {"gzip; Q=0", false},
      {"*;q=0", false},        {"gzip;q=0, *", false},
      {"*, gzip;q=0", false},
  };
  for (const auto& row: rows) {
    SCOPED_TRACE(row.value);
    EXPECT_EQ(accepts_coding(field("Accept-Encoding", row.value), "gzip"), row.accepted);
  }
}

TEST(ContentCoding, IsNotTakenFromAClientThatDoesNotSayWhatItTakes) {
  EXPECT_FALSE(accepts_coding({}, "gzip"));
}

TEST(EntityTag, IsFoundInAListStrongOrWeak) {
  for (const char* value: {"\"a\"", "W/\"a\"", "\"b\", \"a\"", "\"b\",W/\"a\" ", "*"}) {
    SCOPED_TRACE(value);
    EXPECT_TRUE(names_tag(field("If-None-Match", value), "\"a\""));
  }
  for (const char* value: {"", "a", "\"aa\"", "\"A\"", "W/", "\"b\", \"c\""}) {
    SCOPED_TRACE(value);
    EXPECT_FALSE(names_tag(field("If-None-Match", value), "\"a\""));
  }
  EXPECT_FALSE(names_tag({}, "\"a\""));
}

}  // namespace
}  // namespace crosspoint::web
