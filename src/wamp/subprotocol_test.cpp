#include "wamp/subprotocol.h"

#include <gtest/gtest.h>

namespace crosspoint::wamp {
namespace {

using data::Format;

TEST(Subprotocol, EachNameOfOursMeansAFormatPlainOrBatched) {
  EXPECT_EQ(find_subprotocol("wamp.2.json", Format::ubjson), (Subprotocol{Format::json, false}));
  EXPECT_EQ(find_subprotocol("wamp.2.json.batched", Format::ubjson), (Subprotocol{Format::json, true}));
  EXPECT_EQ(find_subprotocol("wamp.2.cbor.batched", Format::ubjson), (Subprotocol{Format::cbor, true}));
  for (const auto name: subprotocols) EXPECT_TRUE(find_subprotocol(name, Format::ubjson)) << name;
}

TEST(Subprotocol, UbjsonIsWhatThisNodeTakesItFor) {
  EXPECT_EQ(find_subprotocol("wamp.2.ubjson", Format::bjdata)->format, Format::bjdata);
  EXPECT_EQ(find_subprotocol("wamp.2.ubjson.batched", Format::ubjson)->format, Format::ubjson);
}

TEST(Subprotocol, OtherNamesAreNotOurs) {
  for (const auto name: {"", "wamp.2.", "wamp.2.bjdata", "wamp.2.flatbuffers", "wamp.1.json", "wamp.2.JSON",
                         "json", "wamp.2.json.batched.batched", "wamp.2.batched", "wamp.2.json "}) {
    EXPECT_FALSE(find_subprotocol(name, Format::ubjson)) << name;
  }
}

}  // namespace
}  // namespace crosspoint::wamp
