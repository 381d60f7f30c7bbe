#include "wamp/event_details.h"

#include <gtest/gtest.h>

namespace crosspoint::wamp {
namespace {

KeptEvent read_back(const KeptEvent& event) {
  KeptEvent read;
  EXPECT_TRUE(read_event_details(write_event_details(event), read));
  return read;
}

TEST(EventDetails, OfAPlainEventAreNothing) {
  EXPECT_EQ(write_event_details({}), "{}");
  const KeptEvent read = read_back({});
  EXPECT_FALSE(read.publisher || read.lists || read.pass_through.view());
}

TEST(EventDetails, NameThePublisherThatIsDisclosed) {
  KeptEvent event;
  event.publisher = KeptPublisher{SessionId{id_max}, "peter \"p\" \u00fc", ""};
  const KeptEvent read = read_back(event);
  ASSERT_TRUE(read.publisher);
  EXPECT_EQ(read.publisher->session, SessionId{id_max});
  EXPECT_EQ(read.publisher->authid, "peter \"p\" \u00fc");
  EXPECT_EQ(read.publisher->authrole, "");
}

TEST(EventDetails, TellAListThatIsEmptyFromOneThatIsNotThere) {
  KeptEvent event;
  event.lists = ReceiverLists{.exclude_authid = std::vector<std::string>{"a", "b"},
                              .eligible_authrole = std::vector<std::string>()};
  const KeptEvent read = read_back(event);
  ASSERT_TRUE(read.lists);
  EXPECT_EQ(read.lists->exclude_authid, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(read.lists->eligible_authrole, std::vector<std::string>());
  EXPECT_EQ(read.lists->exclude_authrole, std::nullopt);
  EXPECT_EQ(read.lists->eligible_authid, std::nullopt);
}

TEST(EventDetails, HaveTheKeysOfAPassedPayloadInItsOwnDialect) {
  KeptEvent event;
  event.pass_through = KeptPassThrough({PassThrough::Dialect::ppt, "x_mine", "cbor", "aes256gcm", "k1"});
  EXPECT_EQ(write_event_details(event),
            R"({"ppt_scheme":"x_mine","ppt_serializer":"cbor","ppt_cipher":"aes256gcm","ppt_keyid":"k1"})");
  EXPECT_EQ(read_back(event).pass_through.view().cipher, "aes256gcm");

  event.pass_through = KeptPassThrough({PassThrough::Dialect::enc, "cryptobox", "json", "", "k2"});
  EXPECT_EQ(write_event_details(event), R"({"enc_algo":"cryptobox","enc_serializer":"json","enc_key":"k2"})");
  const KeptEvent read = read_back(event);
  EXPECT_EQ(read.pass_through.view().dialect, PassThrough::Dialect::enc);
  EXPECT_EQ(read.pass_through.view().keyid, "k2");
}

TEST(EventDetails, ThatAreNoneAreRefusedAndTheEventStays) {
  for (const std::string_view wrong:
       {"", "[]", "{", "7", R"({"publisher":"7"})", R"({"publisher":0})", R"({"publisher":9007199254740993})",
        R"({"publisher":1,"publisher_authid":2})", R"({"exclude_authid":"a"})",
        R"({"eligible_authrole":[1]})", R"({"ppt_scheme":1})", R"({"ppt_scheme":"x_y","ppt_keyid":[]})",
        R"({"enc_algo":{}})"}) {
    KeptEvent event;
    event.publisher = KeptPublisher{SessionId{5}, "a", "b"};
    EXPECT_FALSE(read_event_details(wrong, event)) << wrong;
    EXPECT_EQ(event.publisher->session, SessionId{5}) << wrong;
  }
}

}  // namespace
}  // namespace crosspoint::wamp
