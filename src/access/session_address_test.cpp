#include "access/session_address.h"

#include <gtest/gtest.h>

namespace crosspoint::access {
namespace {

std::string topic_of(std::string_view target) {
  const auto parsed = parse_access_target(target);
  return parsed ? parsed->topic + (parsed->action.empty() ? "" : "|" + parsed->action) : "none";
}

TEST(AccessTarget, A9_TheTopicIsOneSegmentDecodedOnce) {
  EXPECT_EQ(topic_of("/session/t1"), "t1");
  EXPECT_EQ(topic_of("/session/t1/"), "t1");
  EXPECT_EQ(topic_of("/session/t1?x=1"), "t1");
  EXPECT_EQ(topic_of("/session/a%2Fb"), "a/b");
  EXPECT_EQ(topic_of("/session/a%252Fb"), "a%2Fb");
  EXPECT_EQ(topic_of("/session/rig01-st-data"), "rig01-st-data");
}

TEST(AccessTarget, ASecondSegmentIsAnAction) {
  EXPECT_EQ(topic_of("/session/t1/refresh"), "t1|refresh");
  EXPECT_EQ(topic_of("/session/a/b"), "a|b");
}

TEST(AccessTarget, RefusesWhatIsNone) {
  for (const char* target: {"/", "/session", "/session/", "/session//", "/sessions/t", "/session/a/b/c",
                            "/session/%", "/session/%2", "/session/%zz", "session/t", "", "/session//t"}) {
    EXPECT_EQ(topic_of(target), "none") << target;
  }
}

TEST(SessionTopic, IsTheRestOfThePath) {
  EXPECT_EQ(session_topic("/session/t1"), "t1");
  EXPECT_EQ(session_topic("/session/a/b/"), "a/b");
  EXPECT_EQ(session_topic("/session/pt:zzz"), "pt:zzz") << "never cut at a character that was not expected";
  EXPECT_FALSE(session_topic("/session/"));
  EXPECT_FALSE(session_topic("/shell/x"));
  EXPECT_FALSE(session_topic("/"));
}

TEST(SessionUri, PutsTopicAndCodeBehindTheRelaysAddress) {
  EXPECT_EQ(session_uri("wss://lab.example/relay", "rig01-st-data", "c0de"),
            "wss://lab.example/relay/session/rig01-st-data?code=c0de");
  EXPECT_EQ(session_uri("ws://h", "a/b", "c"), "ws://h/session/a/b?code=c");
}

TEST(SessionUri, KeepsEveryTopicReachable) {
  EXPECT_EQ(session_uri("ws://h", "a b?c#d%20", "c"), "ws://h/session/a%20b%3Fc%23d%2520?code=c");
}

}  // namespace
}  // namespace crosspoint::access
