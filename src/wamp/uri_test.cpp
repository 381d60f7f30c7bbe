#include "wamp/uri.h"

#include <gtest/gtest.h>

#include <string>

namespace crosspoint::wamp {
namespace {

TEST(Uri, LooseTakesWhatBrowsersAndAutobahnUse) {
  for (const auto* uri: {"com.example.Add-2", "a", "realm1", "com.m\xc3\xbcller.topic", "a.b.c.d.e", "1.2"}) {
    EXPECT_TRUE(is_uri(uri, UriCheck::loose)) << uri;
  }
}

TEST(Uri, StrictTakesSmallLettersDigitsAndUnderscoresAlone) {
  EXPECT_TRUE(is_uri("com.my_app.v2", UriCheck::strict));
  for (const auto* uri: {"com.Example", "com.my-app", "com.m\xc3\xbcller", "com.a b", "com.a#b"}) {
    EXPECT_FALSE(is_uri(uri, UriCheck::strict)) << uri;
  }
}

TEST(Uri, F2_WhiteSpaceHashesNulAndEmptyComponentsAreRefused) {
  for (const std::string uri: {"", ".", "a.", ".a", "a..b", "a b", "a\tb", "a\nb", "a#b", "#"}) {
    EXPECT_FALSE(is_uri(uri, UriCheck::loose)) << uri;
  }
  EXPECT_FALSE(is_uri(std::string_view("a\0b", 3), UriCheck::loose));
}

TEST(Uri, APrefixMayEndEmptyAndAWildcardMayBeEmptyAnywhere) {
  for (const auto check: {UriCheck::loose, UriCheck::strict}) {
    EXPECT_TRUE(is_pattern("", Match::prefix, check));
    EXPECT_TRUE(is_pattern("com.app.", Match::prefix, check));
    EXPECT_FALSE(is_pattern("com..app", Match::prefix, check));
    EXPECT_FALSE(is_pattern(".", Match::prefix, check));
    EXPECT_TRUE(is_pattern("com..app", Match::wildcard, check));
    EXPECT_TRUE(is_pattern("..", Match::wildcard, check));
    EXPECT_TRUE(is_pattern("", Match::wildcard, check));
    EXPECT_FALSE(is_pattern("com.app.", Match::exact, check));
    EXPECT_FALSE(is_pattern("a b", Match::wildcard, check));
  }
}

TEST(Uri, HasALargestSize) {
  EXPECT_TRUE(is_uri(std::string(uri_bytes_max, 'a'), UriCheck::loose));
  EXPECT_FALSE(is_uri(std::string(uri_bytes_max + 1, 'a'), UriCheck::loose));
}

TEST(Uri, AWildcardPatternHasALargestNumberOfComponents) {
  const std::string dots(wildcard_components_max - 1, '.');
  EXPECT_TRUE(is_pattern(dots, Match::wildcard, UriCheck::loose));
  EXPECT_FALSE(is_pattern(dots + ".", Match::wildcard, UriCheck::loose));
}

TEST(Uri, AnExactPatternMeansItself) {
  EXPECT_TRUE(matches("com.app.a", "com.app.a", Match::exact));
  EXPECT_FALSE(matches("com.app.ab", "com.app.a", Match::exact));
}

TEST(Uri, APrefixIsOneOfCharactersNotOfComponents) {
  for (const auto* prefix: {"", "c", "com", "com.", "com.ap", "com.app", "com.app.a"}) {
    EXPECT_TRUE(matches("com.app.a", prefix, Match::prefix)) << prefix;
  }
  for (const auto* prefix: {"com.app.a.", "om", "com.b"}) {
    EXPECT_FALSE(matches("com.app.a", prefix, Match::prefix)) << prefix;
  }
}

TEST(Uri, AWildcardHasAsManyComponentsEachEmptyOrTheSame) {
  for (const auto* pattern: {"com.app.a", "com..a", ".app.", "..", "com.app."}) {
    EXPECT_TRUE(matches("com.app.a", pattern, Match::wildcard)) << pattern;
  }
  for (const auto* pattern: {"", ".", "...", "com.app", "com.app.b", "com.app.a.", "co..", ".com.a"}) {
    EXPECT_FALSE(matches("com.app.a", pattern, Match::wildcard)) << pattern;
  }
  EXPECT_TRUE(matches("com", "", Match::wildcard));
}

TEST(Uri, TheRoutersOwnAreReserved) {
  EXPECT_TRUE(is_reserved("wamp.session.count"));
  EXPECT_TRUE(is_reserved("crossbar.x"));
  EXPECT_FALSE(is_reserved("wampum.x"));
  EXPECT_FALSE(is_reserved("wamp"));
}

}  // namespace
}  // namespace crosspoint::wamp
