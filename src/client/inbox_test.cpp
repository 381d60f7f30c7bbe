#include "client/inbox.h"

#include <gtest/gtest.h>

#include <vector>

namespace crosspoint::client {
namespace {

using Overflow = Client::Overflow;

Inbox::Message message(std::string payload) { return {Client::Type::text, std::move(payload)}; }
Client::Status attempt(std::uint64_t number) {
  Client::Status status;
  status.attempts = number;
  return status;
}

// "one", and "#2" for the state after the second attempt.
std::vector<std::string> drain(Inbox& inbox) {
  std::vector<std::string> all;
  while (auto item = inbox.pop()) {
    const auto* text = std::get_if<Inbox::Message>(&*item);
    all.push_back(text != nullptr ? text->payload
                                  : "#" + std::to_string(std::get<Client::Status>(*item).attempts));
  }
  EXPECT_EQ(inbox.messages(), 0u);
  EXPECT_EQ(inbox.bytes(), 0u);
  return all;
}
using All = std::vector<std::string>;

TEST(Inbox, KeepsMessagesAndStatesInTheirOrder) {
  Inbox inbox({}, Overflow::drop_oldest);
  inbox.push(attempt(1));
  inbox.push(message("one"));
  inbox.push(message("two"));
  inbox.push(attempt(2));
  EXPECT_EQ(drain(inbox), (All{"#1", "one", "two", "#2"}));
}

TEST(Inbox, OfStatesInARowTheLatestIsKept) {
  Inbox inbox({}, Overflow::drop_oldest);
  for (std::uint64_t i = 1; i <= 1000; ++i) inbox.push(attempt(i));
  EXPECT_EQ(drain(inbox), (All{"#1000"}));
}

TEST(Inbox, TheOldestMakeRoomByNumberAndByBytes) {
  Inbox by_number({.messages_max = 2, .bytes_max = 100}, Overflow::drop_oldest);
  EXPECT_EQ(by_number.push(message("1")), 0u);
  EXPECT_EQ(by_number.push(message("2")), 0u);
  EXPECT_EQ(by_number.push(message("3")), 1u);
  EXPECT_EQ(drain(by_number), (All{"2", "3"}));

  Inbox by_bytes({.messages_max = 100, .bytes_max = 4}, Overflow::drop_oldest);
  by_bytes.push(message("ab"));
  EXPECT_EQ(by_bytes.push(message("cd")), 0u);
  EXPECT_EQ(by_bytes.push(message("efg")), 2u);
  EXPECT_EQ(drain(by_bytes), (All{"efg"}));
}

TEST(Inbox, TheNewestIsLostWhereThatIsThePolicy) {
  Inbox inbox({.messages_max = 2, .bytes_max = 4}, Overflow::drop_newest);
  inbox.push(message("ab"));
  EXPECT_EQ(inbox.push(message("cde")), 1u);
  EXPECT_EQ(inbox.push(message("cd")), 0u);
  EXPECT_EQ(inbox.push(message("")), 1u);
  EXPECT_EQ(drain(inbox), (All{"ab", "cd"}));
}

TEST(Inbox, OneThatFitsInNoQueueIsLostAlone) {
  Inbox inbox({.messages_max = 2, .bytes_max = 4}, Overflow::drop_oldest);
  inbox.push(message("ab"));
  EXPECT_EQ(inbox.push(message("12345")), 1u);
  EXPECT_EQ(drain(inbox), (All{"ab"}));
}

TEST(Inbox, StatesThatMeetWhereAMessageWasLostBecomeOne) {
  Inbox inbox({.messages_max = 1, .bytes_max = 100}, Overflow::drop_oldest);
  inbox.push(attempt(1));
  inbox.push(message("one"));
  inbox.push(attempt(2));
  inbox.push(message("two"));
  EXPECT_EQ(drain(inbox), (All{"#2", "two"}));
}

TEST(Inbox, HoweverItFlapsItStaysBounded) {
  Inbox inbox({.messages_max = 3, .bytes_max = 100}, Overflow::drop_oldest);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    inbox.push(attempt(i));
    inbox.push(message("m"));
  }
  EXPECT_LE(drain(inbox).size(), 7u);
}

}  // namespace
}  // namespace crosspoint::client
