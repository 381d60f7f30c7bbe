#include "http/url.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace crosspoint::http {
namespace {

using namespace std::string_literals;

struct PathRow {
  std::string target;
  std::string path;     // decoded
  std::string cleaned;  // "" where it equals path
};

TEST(Target, A9_HasOneCanonicalPath) {
  const std::vector<PathRow> rows{
      {"/", "/", ""},
      {"/foo", "/foo", ""},
      {"/foo/", "/foo/", ""},
      {"/foo?x=1", "/foo", ""},
      {"/foo/bar", "/foo/bar", ""},
      {"/foo%2Fbar", "/foo/bar", ""},
      {"/foo%2fbar", "/foo/bar", ""},
      {"/Foo", "/Foo", ""},
      {"/%46oo", "/Foo", ""},
      {"/foo%20bar", "/foo bar", ""},
      {"/foo+bar", "/foo+bar", ""},
      {"/a%252e%252e/b", "/a%2e%2e/b", ""},  // decoded once, never twice
      {"/%25", "/%", ""},
      {"/k%C3%A4se", "/k\xc3\xa4se", ""},
      {"/%F0%9F%8E%A5", "/\xf0\x9f\x8e\xa5", ""},
      {"/..foo", "/..foo", ""},
      {"/foo..", "/foo..", ""},
      {"/.../x", "/.../x", ""},
      {"/.hidden", "/.hidden", ""},
      {"/a;b=c", "/a;b=c", ""},
      {"/a:b@c", "/a:b@c", ""},
      {"//", "//", "/"},
      {"//foo", "//foo", "/foo"},
      {"/foo//bar", "/foo//bar", "/foo/bar"},
      {"/foo%2F%2Fbar", "/foo//bar", "/foo/bar"},
      {"/foo/%2Fbar", "/foo//bar", "/foo/bar"},
      {"/foo//", "/foo//", "/foo/"},
      {"/./foo", "/./foo", "/foo"},
      {"/foo/./bar", "/foo/./bar", "/foo/bar"},
      {"/foo/.", "/foo/.", "/foo"},
      {"/foo/..", "/foo/..", "/"},
      {"/foo/../", "/foo/../", "/"},
      {"/foo/../bar", "/foo/../bar", "/bar"},
      {"/foo/%2e%2e/bar", "/foo/../bar", "/bar"},
      {"/foo/%2E%2E/bar", "/foo/../bar", "/bar"},
      {"/foo/.%2e/bar", "/foo/../bar", "/bar"},
      {"/foo%2f..%2fbar", "/foo/../bar", "/bar"},
      {"/../../etc/passwd", "/../../etc/passwd", "/etc/passwd"},
      {"/..", "/..", "/"},
      {"/.", "/.", "/"},
      {"/in/../out/x", "/in/../out/x", "/out/x"},
      {"//evil.example/..//x", "//evil.example/..//x", "/x"},
  };
  for (const auto& row: rows) {
    SCOPED_TRACE(row.target);
    const auto target = parse_target(row.target);
    ASSERT_TRUE(target);
    EXPECT_EQ(target->path, row.path);
    EXPECT_EQ(target->cleaned, row.cleaned.empty() ? row.path : row.cleaned);
    EXPECT_EQ(target->clean, row.cleaned.empty());
    const auto again = parse_target(encode_path(target->cleaned));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->path, target->cleaned);  // what we redirect to is what we meant
    EXPECT_TRUE(again->clean);
  }
}

TEST(Target, A9_RefusesWhatHasNoCanonicalPath) {
  const std::vector<std::pair<std::string, TargetError>> rows{
      {"", TargetError::not_a_path},
      {"*", TargetError::not_a_path},
      {"foo", TargetError::not_a_path},
      {"?x", TargetError::not_a_path},
      {"http://host/foo", TargetError::not_a_path},
      {"host:80", TargetError::not_a_path},
      {"%2Ffoo", TargetError::not_a_path},
      {"/foo bar", TargetError::bad_character},
      {"/foo#bar", TargetError::bad_character},
      {"/\"foo\"", TargetError::bad_character},
      {"/<foo>", TargetError::bad_character},
      {"/k\xc3\xa4se", TargetError::bad_character},
      {"/foo?b\xff", TargetError::bad_character},
      {"/%", TargetError::bad_percent},
      {"/%2", TargetError::bad_percent},
      {"/%2x", TargetError::bad_percent},
      {"/%x2", TargetError::bad_percent},
      {"/%%20", TargetError::bad_percent},
      {"/%u0041", TargetError::bad_percent},
      {"/%?20", TargetError::bad_percent},
      {"/foo\0"s, TargetError::control_character},
      {"/foo\x7f", TargetError::control_character},
      {"/foo\r\nX: y", TargetError::control_character},
      {"/%00", TargetError::control_character},
      {"/foo%00.html", TargetError::control_character},
      {"/%0d%0aX", TargetError::control_character},
      {"/%09", TargetError::control_character},
      {"/%1b[31m", TargetError::control_character},
      {"/%7F", TargetError::control_character},
      {"/%C2%85", TargetError::control_character},
      {"/%C2%9B31m", TargetError::control_character},
      {"/%ff", TargetError::not_utf8},
      {"/%80", TargetError::not_utf8},
      {"/%c3", TargetError::not_utf8},
      {"/%c3/", TargetError::not_utf8},
      {"/%c0%ae%c0%ae/", TargetError::not_utf8},  // ".." in overlong bytes
      {"/%c0%af", TargetError::not_utf8},         // "/" in overlong bytes
      {"/%e0%80%af", TargetError::not_utf8},
      {"/%f0%80%80%af", TargetError::not_utf8},
      {"/%ed%a0%80", TargetError::not_utf8},     // a surrogate
      {"/%f4%90%80%80", TargetError::not_utf8},  // above U+10FFFF
      {"/%f8%88%80%80%80", TargetError::not_utf8},
      {"/%e2%82", TargetError::not_utf8},
  };
  for (const auto& [text, error]: rows) {
    SCOPED_TRACE(text);
    const auto target = parse_target(text);
    ASSERT_FALSE(target);
    EXPECT_EQ(target.error(), error);
  }
}

TEST(Target, LeavesTheQueryAsItWasSent) {
  const auto target = parse_target("/a?code=%41&x=//../?y");

  ASSERT_TRUE(target);
  EXPECT_EQ(target->query, "code=%41&x=//../?y");
  EXPECT_TRUE(target->clean);
  EXPECT_EQ(parse_target("/a?")->query, "");
}

TEST(Query, FindsTheFirstValueOfAName) {
  EXPECT_EQ(query_value("a=1&b=2", "b"), "2");
  EXPECT_EQ(query_value("a=1&a=2", "a"), "1");
  EXPECT_EQ(query_value("aa=1&a=2", "a"), "2");
  EXPECT_EQ(query_value("a=b=c", "a"), "b=c");
  EXPECT_EQ(query_value("a=1+2%2B3%20", "a"), "1 2+3 ");
  EXPECT_EQ(query_value("%61=1", "a"), "1");
  EXPECT_EQ(query_value("a", "a"), "");
  EXPECT_EQ(query_value("a=", "a"), "");
  EXPECT_EQ(query_value("&&a=1&", "a"), "1");
  EXPECT_EQ(query_value("a=%00", "a"), "\0"s);
}

TEST(Query, HasNoValueWhereNoneOrABadOneStands) {
  EXPECT_EQ(query_value("", "a"), std::nullopt);
  EXPECT_EQ(query_value("b=a", "a"), std::nullopt);
  EXPECT_EQ(query_value("A=1", "a"), std::nullopt);
  EXPECT_EQ(query_value("a=%", "a"), std::nullopt);
  EXPECT_EQ(query_value("a=%4&a=1", "a"), std::nullopt);
  EXPECT_EQ(query_value("%=1", "%"), std::nullopt);
}

TEST(Path, IsEncodedForALocation) {
  EXPECT_EQ(encode_path("/a b/%?#\"\\\xc3\xa4"), "/a%20b/%25%3F%23%22%5C%C3%A4");
  EXPECT_EQ(encode_path("/-._~!$&'()*+,;=:@"), "/-._~!$&'()*+,;=:@");
}

TEST(Url, IsTakenApart) {
  const auto url = [](const char* text) { return parse_url(text).value_or(Url{}); };

  EXPECT_EQ(url("ws://host"), (Url{"ws", "host", 80, "/"}));
  EXPECT_EQ(url("WSS://Host.Example/out/v?x=1"), (Url{"wss", "Host.Example", 443, "/out/v?x=1"}));
  EXPECT_EQ(url("http://127.0.0.1:8080/"), (Url{"http", "127.0.0.1", 8080, "/"}));
  EXPECT_EQ(url("https://[2001:db8::1]:9/a"), (Url{"https", "2001:db8::1", 9, "/a"}));
  EXPECT_EQ(url("ws://[::1]"), (Url{"ws", "::1", 80, "/"}));
  EXPECT_EQ(url("ws://h?x=1"), (Url{"ws", "h", 80, "/?x=1"}));
  EXPECT_EQ(url("ws://h:/x"), (Url{"ws", "h", 80, "/x"}));
  EXPECT_EQ(url("ws://h/a@b:c"), (Url{"ws", "h", 80, "/a@b:c"}));
  EXPECT_EQ(url("ws://h:65535"), (Url{"ws", "h", 65535, "/"}));
  EXPECT_TRUE(url("wss://h").secure());
  EXPECT_FALSE(url("ws://h").secure());
}

TEST(Url, IsRefusedWithASentenceThatRepeatsNothingOfIt) {
  for (const std::string text: {"",
                                "h",
                                "//h",
                                "ws:",
                                "ws:/h",
                                "ws//h",
                                "ftp://h",
                                "file:///etc/passwd",
                                "javascript://h",
                                "ws://",
                                "ws:///x",
                                "ws://:80",
                                "ws://?x",
                                "ws://secret@h",
                                "ws://user:secret@h",
                                "ws://@h",
                                "ws://h#secret",
                                "ws://h/#",
                                "ws://h:0",
                                "ws://h:65536",
                                "ws://h:99999999999",
                                "ws://h:-1",
                                "ws://h:8x",
                                "ws://h:+80",
                                "ws://h: 80",
                                "ws://h h",
                                "ws://h/a b",
                                "ws://h\r\n/",
                                "ws://h/\x7f",
                                "ws://h/\xc3\xa4",
                                "ws://h\xc3\xa4",
                                "ws://[::1",
                                "ws://::1",
                                "ws://[h]",
                                "ws://[]",
                                "ws://[::1]8",
                                "ws://h\\@x",
                                "ws://h%41",
                                "ws://h,x",
                                "ws://h/\"",
                                "ws://1:2:3"}) {
    SCOPED_TRACE(text);
    const auto url = parse_url(text);
    ASSERT_FALSE(url);
    EXPECT_FALSE(url.error().empty());
    EXPECT_EQ(url.error().find("secret"), std::string::npos);
  }
}

TEST(Url, NamesItsHostAsTheHostFieldDoes) {
  EXPECT_EQ(host_header(*parse_url("ws://h")), "h");
  EXPECT_EQ(host_header(*parse_url("ws://h:80")), "h");
  EXPECT_EQ(host_header(*parse_url("wss://h:443/x")), "h");
  EXPECT_EQ(host_header(*parse_url("wss://h:80")), "h:80");
  EXPECT_EQ(host_header(*parse_url("ws://[::1]:81")), "[::1]:81");
  EXPECT_EQ(host_header(*parse_url("ws://[::1]")), "[::1]");
}

TEST(Url, NamesItsOriginAsBrowsersDo) {
  EXPECT_EQ(origin(*parse_url("WSS://lab.example:443/relay")), "wss://lab.example");
  EXPECT_EQ(origin(*parse_url("ws://127.0.0.1:8080/session/x?code=1")), "ws://127.0.0.1:8080");
  EXPECT_EQ(origin(*parse_url("http://[::1]/")), "http://[::1]");
}

}  // namespace
}  // namespace crosspoint::http
