#include "wamp/cookie.h"

#include <gtest/gtest.h>

namespace crosspoint::wamp {
namespace {

TEST(Cookie, IsFoundAmongOthers) {
  EXPECT_EQ(find_cookie("cbtid=abc-_9"), "abc-_9");
  EXPECT_EQ(find_cookie("a=b; cbtid=abc"), "abc");
  EXPECT_EQ(find_cookie("a=b;cbtid=abc ;c=d"), "abc");
  EXPECT_EQ(find_cookie("cbtid=first; cbtid=second"), "first");
}

TEST(Cookie, WhatCannotBeOursIsNone) {
  for (const std::string_view field: {"", ";", "cbtid", "xcbtid=abc", "CBTID=abc", "cbtid=", "a=cbtid=abc",
                                      "cbtid=a b", "cbtid=\"abc\"", "cbtid=a,b", "=;=;"}) {
    EXPECT_EQ(find_cookie(field), "") << field;
  }
  const std::string longest(cookie_bytes_max, 'a');
  EXPECT_EQ(find_cookie("cbtid=" + longest), longest);
  EXPECT_EQ(find_cookie("cbtid=" + longest + "a"), "");
}

TEST(Cookie, IsMadeSoThatItIsFoundAgain) {
  SeededRandom random(1);
  const auto cookie = make_cookie(random);
  EXPECT_EQ(cookie.size(), 24u);
  EXPECT_NE(make_cookie(random), cookie);
  EXPECT_EQ(find_cookie("cbtid=" + cookie), cookie);
}

TEST(Cookie, IsForTheRouterAloneAndOverTlsOnlyThere) {
  EXPECT_EQ(set_cookie("abc", 1h, true),
            "cbtid=abc; Max-Age=3600; Path=/; HttpOnly; SameSite=Strict; Secure");
  EXPECT_EQ(set_cookie("abc", 90s, false), "cbtid=abc; Max-Age=90; Path=/; HttpOnly; SameSite=Strict");
}

TEST(Cookie, PagesOfTheHostThatWasAskedAreAtHome) {
  EXPECT_TRUE(is_same_host("https://lab.example.org", "lab.example.org"));
  EXPECT_TRUE(is_same_host("http://Lab.example.org:8080", "lab.EXAMPLE.org:8080"));
  for (const std::string_view origin: {"https://lab.example.org:444", "https://evil.example", "null", "",
                                       "https://lab.example.org.evil.example", "://", "lab.example.org"}) {
    EXPECT_FALSE(is_same_host(origin, "lab.example.org")) << origin;
  }
  EXPECT_FALSE(is_same_host("http://", ""));
}

}  // namespace
}  // namespace crosspoint::wamp
