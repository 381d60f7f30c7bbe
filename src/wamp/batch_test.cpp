#include "wamp/batch.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace crosspoint::wamp::batch {
namespace {

using namespace std::string_literals;
using data::Format;

constexpr std::size_t plenty = 100;

// "[1] [2]": what a batch holds, and how it ends if not well.
std::string messages_in(Format format, std::string_view batch, std::size_t messages_max = plenty) {
  Reader reader(format, as_bytes(batch), messages_max);
  std::string seen;
  while (true) {
    const auto message = reader.next();
    if (!message) {
      EXPECT_EQ(reader.next().error(), message.error()) << "a refusal repeats itself";
      return seen + "error " + std::to_string(static_cast<int>(message.error()));
    }
    if (!*message) return seen;
    seen += to_string(**message) + " ";
  }
}

std::string error(Refusal refusal) { return "error " + std::to_string(static_cast<int>(refusal)); }

std::string batch_of(Format format, Separator separator, const std::vector<std::string>& messages) {
  std::string batch;
  for (const auto& message: messages) {
    const Envelope envelope(format, separator, message.size());
    batch += to_string(envelope.before()) + message + to_string(envelope.after());
    EXPECT_EQ(envelope.size(), envelope.before().size() + envelope.after().size());
  }
  return batch;
}

TEST(Batch, WhatIsPutTogetherComesApart) {
  const std::vector<std::string> messages{"[1]", std::string(70'000, 'x'), "y"};
  for (const auto format: data::formats) {
    for (const auto separator: {Separator::record, Separator::cancel}) {
      EXPECT_EQ(messages_in(format, batch_of(format, separator, messages)), "[1] " + messages[1] + " y ");
    }
  }
}

TEST(Batch, TheBytesAreThoseOfTheSpecification) {
  EXPECT_EQ(batch_of(Format::json, Separator::record, {"[1]", "[2]"}), "[1]\x1e[2]\x1e");
  EXPECT_EQ(batch_of(Format::json, Separator::cancel, {"[1]"}), "[1]\x18");
  EXPECT_EQ(batch_of(Format::cbor, Separator::record, {"abc", "d"}), "\0\0\0\3abc\0\0\0\1d"s);
}

TEST(Batch, BothSeparatorsAreReadAndTheLastOneIsAnsweredWith) {
  Reader reader(Format::json, as_bytes("[1]\x1e[2]\x18"), plenty);
  EXPECT_FALSE(reader.separator());
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.separator(), Separator::record);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.separator(), Separator::cancel);
}

TEST(Batch, AutobahnPythonIsKnownByItsName) {
  EXPECT_EQ(separator_of("AutobahnPython/22.7.1"), Separator::cancel);
  EXPECT_EQ(separator_of("AutobahnJS"), Separator::record);
  EXPECT_EQ(separator_of(""), Separator::record);
}

TEST(Batch, CutAnywhereItHoldsTheWholeMessagesBeforeTheCut) {
  for (const auto format: {Format::json, Format::msgpack}) {
    const auto first = batch_of(format, Separator::record, {"[1]"});
    const auto whole = batch_of(format, Separator::record, {"[1]", "[22]"});
    for (std::size_t cut = 1; cut < whole.size(); ++cut) {
      const std::string wanted = cut < first.size()    ? error(Refusal::truncated)
                                 : cut == first.size() ? "[1] "
                                                       : "[1] " + error(Refusal::truncated);
      EXPECT_EQ(messages_in(format, whole.substr(0, cut)), wanted) << cut;
    }
  }
}

TEST(Batch, WhatIsRefused) {
  const struct {
    Format format;
    std::string batch, wanted;
  } rows[] = {
      {Format::json, "", error(Refusal::no_message)},
      {Format::json, "\x1e", error(Refusal::empty_message)},
      {Format::json, "[1]", error(Refusal::truncated)},
      {Format::json, "[1]\x1e\x1e", "[1] " + error(Refusal::empty_message)},
      {Format::json, "[1]\x1e\x18", "[1] " + error(Refusal::empty_message)},
      {Format::json, "[1]\n", error(Refusal::truncated)},
      {Format::cbor, "", error(Refusal::no_message)},
      {Format::cbor, "\0\0\0\0"s, error(Refusal::empty_message)},
      {Format::cbor, "\0\0\0"s, error(Refusal::truncated)},
      {Format::cbor, "\0\0\0\2a"s, error(Refusal::truncated)},
      {Format::cbor, "\xff\xff\xff\xff"s + "a", error(Refusal::truncated)},
      {Format::cbor, "\0\0\0\1ab"s, "a " + error(Refusal::truncated)},
  };
  for (const auto& row: rows) EXPECT_EQ(messages_in(row.format, row.batch), row.wanted) << row.batch;
}

TEST(Batch, OneMessageMoreThanIsAllowedIsRefused) {
  for (const auto format: {Format::json, Format::cbor}) {
    const auto two = batch_of(format, Separator::record, {"a", "b"});
    EXPECT_EQ(messages_in(format, two, 2), "a b ");
    EXPECT_EQ(messages_in(format, two, 1), "a " + error(Refusal::too_many_messages));
  }
}

TEST(Batch, EachRefusalHasASentence) {
  for (const auto refusal:
       {Refusal::no_message, Refusal::empty_message, Refusal::truncated, Refusal::too_many_messages}) {
    EXPECT_FALSE(sentence_of(refusal).empty());
  }
}

}  // namespace
}  // namespace crosspoint::wamp::batch
