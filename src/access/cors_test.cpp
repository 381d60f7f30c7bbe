#include "access/cors.h"

#include <gtest/gtest.h>

namespace crosspoint::access {
namespace {

http::RequestHead preflight_from(const char* origin) {
  http::RequestHead head{.method = "OPTIONS", .target = "/session/t"};
  head.fields.add("Origin", origin);
  head.fields.add("Access-Control-Request-Method", "POST");
  return head;
}

TEST(Cors, IsOffUnlessOriginsAreListed) {
  const Cors cors({});
  http::Response response;
  cors.add_to(cors.allowed_origin(preflight_from("https://lab.example")), response);

  EXPECT_EQ(response.fields.size(), 0u);
  EXPECT_FALSE(cors.preflight(preflight_from("https://lab.example")));
}

TEST(Cors, AnswersThePreflightOfAListedOrigin) {
  const Cors cors({"https://lab.example"});

  const auto answer = cors.preflight(preflight_from("https://lab.example"));

  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 204);
  EXPECT_EQ(answer->fields.find("Access-Control-Allow-Origin"), "https://lab.example");
  EXPECT_EQ(answer->fields.count("Access-Control-Allow-Origin"), 1u);
  EXPECT_TRUE(answer->fields.lists("Access-Control-Allow-Headers", "Authorization"));
  EXPECT_EQ(answer->fields.find("Vary"), "Origin");
}

TEST(Cors, A10_OriginsAreComparedWhole) {
  const Cors cors({"https://lab.example"});
  for (const char* origin: {"https://lab.example.evil.test", "https://evil-lab.example", "http://lab.example",
                            "https://lab.example:444", "null", "https://lab.exampl"}) {
    EXPECT_FALSE(cors.preflight(preflight_from(origin))) << origin;
    http::Response response;
    cors.add_to(cors.allowed_origin(preflight_from(origin)), response);
    EXPECT_EQ(response.fields.count("Access-Control-Allow-Origin"), 0u) << origin;
  }
}

TEST(Cors, AStarIsEveryPage) { EXPECT_TRUE(Cors({"*"}).preflight(preflight_from("https://anybody.test"))); }

TEST(Cors, AnOptionsRequestThatIsNoPreflightIsNotAnswered) {
  http::RequestHead head{.method = "OPTIONS", .target = "/status"};
  head.fields.add("Origin", "https://lab.example");
  EXPECT_FALSE(Cors({"*"}).preflight(head));
}

}  // namespace
}  // namespace crosspoint::access
