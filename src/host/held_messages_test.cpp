#include "host/held_messages.h"

#include <gtest/gtest.h>

namespace crosspoint::host {
namespace {

using websocket::MessageType;

constexpr MonotonicTime start{100s};
constexpr HeldMessages::Bounds small{.messages_max = 3, .bytes_max = 10, .age_max = 1s};

std::vector<std::string> taken(HeldMessages& held) {
  std::vector<std::string> texts;
  for (const auto& each: held.take()) texts.push_back(to_string(each.payload));
  return texts;
}

TEST(HeldMessages, AreGivenBackInOrderWithTheirTypeOnce) {
  HeldMessages held(small);
  held.hold(MessageType::text, as_bytes("a"), start);
  held.hold(MessageType::binary, as_bytes("b"), start);

  const auto all = held.take();

  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].type, MessageType::text);
  EXPECT_EQ(all[1].type, MessageType::binary);
  EXPECT_EQ(to_string(all[1].payload), "b");
  EXPECT_EQ(held.size(), 0u);
  EXPECT_EQ(held.bytes(), 0u);
}

TEST(HeldMessages, TheOldestGoWhenThereAreTooMany) {
  HeldMessages held(small);
  for (const auto* text: {"a", "b", "c"}) EXPECT_EQ(held.hold(MessageType::text, as_bytes(text), start), 0u);
  EXPECT_EQ(held.hold(MessageType::text, as_bytes("d"), start), 1u);
  EXPECT_EQ(taken(held), (std::vector<std::string>{"b", "c", "d"}));
}

TEST(HeldMessages, TheOldestGoWhenTheyAreTooLarge) {
  HeldMessages held(small);
  held.hold(MessageType::text, as_bytes("aaaa"), start);
  held.hold(MessageType::text, as_bytes("bbbb"), start);
  EXPECT_EQ(held.hold(MessageType::text, as_bytes("cccccccc"), start), 2u);
  EXPECT_EQ(held.bytes(), 8u);
  EXPECT_EQ(taken(held), std::vector<std::string>{"cccccccc"});
}

TEST(HeldMessages, OneThatIsTooLargeByItselfIsNotHeldAndTheOthersStay) {
  HeldMessages held(small);
  held.hold(MessageType::text, as_bytes("a"), start);
  EXPECT_EQ(held.hold(MessageType::text, as_bytes("01234567890"), start), 1u);
  EXPECT_EQ(taken(held), std::vector<std::string>{"a"});
}

TEST(HeldMessages, F49_NothingOlderThanTheAgeIsKept) {
  HeldMessages held(small);
  held.hold(MessageType::text, as_bytes("old"), start);
  held.hold(MessageType::text, as_bytes("new"), start + 800ms);

  EXPECT_EQ(held.expire(start + 1s), 0u);
  EXPECT_EQ(held.expire(start + 1001ms), 1u);
  EXPECT_EQ(taken(held), std::vector<std::string>{"new"});
}

}  // namespace
}  // namespace crosspoint::host
