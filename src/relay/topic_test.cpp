#include "relay/topic.h"

#include <gtest/gtest.h>

#include <memory>

#include "relay/topic_copy.h"
#include "websocket/frame_encoder.h"

namespace crosspoint::relay {
namespace {

using websocket::MessageType;

// Somebody on a topic, and the messages that its connection has written so far.
struct Client final : fanout::MemberEvents {
  template <class Where>
  Client(Where& where, fanout::PublisherId id, MonotonicTime now)
      : outbox(websocket::frame_length),
        member(where.audience(), outbox, *this, id, true, where.start_for(std::nullopt, now)) {}

  void on_delivered() override {}
  void on_overflow() override { overflowed = true; }

  std::vector<std::string> read() {
    std::string wire;
    while (!outbox.empty()) {
      Bytes piece;
      outbox.gather(std::span(&piece, 1));
      wire += as_text(piece);
      outbox.wrote(piece.size());
    }
    std::vector<std::string> messages;
    for (auto rest = as_bytes(wire); !rest.empty();) {
      const auto frame = rest.first(static_cast<std::size_t>(websocket::frame_length(rest)));
      const bool text = (to_u8(frame[0]) & 0x0f) == 1;
      messages.push_back((text ? "t:" : "b:") + to_string(frame.subspan(websocket::header_length(frame))));
      rest = rest.subspan(frame.size());
    }
    return messages;
  }

  fanout::Outbox outbox;
  bool overflowed = false;
  fanout::Member member;
};

using Messages = std::vector<std::string>;

struct TopicTest : ::testing::Test {
  void publish(MessageType type, std::string_view payload, fanout::PublisherId id) {
    topic.publish(type, as_bytes(payload), id, now);
  }
  TopicSettings settings;
  Topic topic{"/t", settings};
  MonotonicTime now{100s};
};

TEST_F(TopicTest, TextStaysTextAndBinaryStaysBinaryAndNothingIsJoined) {
  Client a(topic, 1, now);
  Client b(topic, 2, now);
  publish(MessageType::text, "{\"n\":1}", 1);
  publish(MessageType::binary, "\x01\x02", 1);
  publish(MessageType::text, "", 1);

  topic.end_turn(now);

  EXPECT_EQ(b.read(), (Messages{"t:{\"n\":1}", "b:\x01\x02", "t:"}));
  EXPECT_EQ(a.read(), Messages{});
}

TEST_F(TopicTest, NothingIsKeptForThoseWhoComeLater) {
  Client a(topic, 1, now);
  publish(MessageType::text, "gone", 1);
  topic.end_turn(now);

  Client b(topic, 2, now);
  topic.end_turn(now);

  EXPECT_EQ(b.read(), Messages{});
}

TEST_F(TopicTest, ASilentTopicGivesItsMemoryBack) {
  Client a(topic, 1, now);
  publish(MessageType::binary, std::string(100'000, 'x'), 2);
  topic.end_turn(now);
  a.read();
  EXPECT_GT(topic.memory_bytes(), 0u);

  topic.rest(now + 1min);

  EXPECT_EQ(topic.memory_bytes(), 0u);
}

// A copy on another loop, fed at once as the test's own "other loop".
struct DirectLink final : CopyLink {
  DirectLink(TopicCopy& fed, const MonotonicTime& time) : copy(fed), now(time) {}
  void hand_over(std::shared_ptr<const Handover> handover) override { copy.feed(*handover, now); }
  TopicCopy& copy;
  const MonotonicTime& now;
};

TEST_F(TopicTest, ACopyOnAnotherLoopGetsTheSameMessagesInTheSameOrder) {
  TopicCopy copy("/t", settings);
  DirectLink link(copy, now);
  publish(MessageType::text, "before", 1);
  topic.end_turn(now);
  topic.add_copy(link);
  Client there(copy, 9, now);
  Client here(topic, 8, now);

  publish(MessageType::text, "one", 1);
  publish(MessageType::binary, "two", 2);
  topic.end_turn(now);
  publish(MessageType::text, "three", 1);
  topic.end_turn(now);

  EXPECT_EQ(there.read(), (Messages{"t:one", "b:two", "t:three"}));
  EXPECT_EQ(here.read(), (Messages{"t:one", "b:two", "t:three"}));

  topic.remove_copy(link);
  publish(MessageType::text, "not there", 1);
  topic.end_turn(now);
  EXPECT_EQ(there.read(), Messages{});
}

TEST_F(TopicTest, ACopyMadeInTheMiddleOfATurnMissesNothingOfIt) {
  publish(MessageType::text, "said before anybody was there", 1);
  TopicCopy copy("/t", settings);
  DirectLink link(copy, now);
  topic.add_copy(link);
  Client there(copy, 9, now);
  publish(MessageType::text, "said after", 1);

  topic.end_turn(now);

  const auto messages = there.read();
  EXPECT_EQ(messages.back(), "t:said after");
}

// Numbers one after another can look like packets for one message.
TEST_F(TopicTest, DataThatOnceLookedLikeATransportStreamIsHandedOutToTheEnd) {
  TopicCopy elsewhere("/t", settings);
  DirectLink link(elsewhere, now);
  topic.add_copy(link);
  Client here(topic, 2, now);
  Client there(elsewhere, 3, now);
  std::unique_ptr<Client> late;
  Messages expected;
  for (int i = 0; i < 200; ++i) {
    const std::string payload(2000, static_cast<char>(i));
    if (i == 0x47 + 3) late = std::make_unique<Client>(topic, 4, now);
    expected.push_back("b:" + payload);
    publish(MessageType::binary, payload, 1);
    topic.end_turn(now);
    now += 1ms;
  }

  EXPECT_EQ(here.read(), expected);
  EXPECT_EQ(there.read(), expected);
  const auto got = late->read();
  ASSERT_FALSE(got.empty());
  EXPECT_EQ(got, Messages(expected.end() - static_cast<std::ptrdiff_t>(got.size()), expected.end()));
  topic.remove_copy(link);
}

}  // namespace
}  // namespace crosspoint::relay
