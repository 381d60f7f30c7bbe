#include "http/proxy.h"

#include <gtest/gtest.h>

namespace crosspoint::http {
namespace {

Proxy proxy_named(std::string host) {
  return {.secure = false, .host = std::move(host), .port = 3128, .user_info = {}};
}

bool direct(std::string_view no_proxy, std::string_view url) {
  const ProxyRules rules(proxy_named("proxy"), proxy_named("proxy"), no_proxy);
  return !rules.proxy_for(*parse_url(url));
}

TEST(ParseProxy, ReadsWhatPeopleWrite) {
  struct Row {
    std::string_view text;
    Proxy proxy;
  };
  const Row table[] = {
      {"http://proxy.example.org:3128", {false, "proxy.example.org", 3128, ""}},
      {"http://proxy.example.org:3128/", {false, "proxy.example.org", 3128, ""}},
      {"proxy.example.org:3128", {false, "proxy.example.org", 3128, ""}},
      {"proxy.example.org", {false, "proxy.example.org", 80, ""}},
      {"HTTPS://proxy.example.org", {true, "proxy.example.org", 443, ""}},
      {"http://[2001:db8::1]:3128", {false, "2001:db8::1", 3128, ""}},
      {"http://user:pass@proxy:1", {false, "proxy", 1, "user:pass"}},
      {"http://user:p%40ss%3a@proxy:1", {false, "proxy", 1, "user:p@ss:"}},
      {"http://user:p@ss@proxy:1", {false, "proxy", 1, "user:p@ss"}},
      {"http://user:100%@proxy:1", {false, "proxy", 1, "user:100%"}},
      {"http://user:1%4@proxy:1", {false, "proxy", 1, "user:1%4"}},
      {"http://user@proxy:1", {false, "proxy", 1, "user:"}},
  };
  for (const Row& row: table) {
    const auto proxy = parse_proxy(row.text);
    ASSERT_TRUE(proxy) << row.text << ": " << proxy.error();
    EXPECT_EQ(*proxy, row.proxy) << row.text;
  }
}

TEST(ParseProxy, RefusesWithASentenceThatHoldsNoPassword) {
  const std::string_view table[] = {
      "",
      "socks5://user:secret@proxy:1080",
      "http://user:secret@",
      "http://user:secret@proxy:0",
      "http://user:secret@proxy:70000",
      "http://user:secret@pro xy:1",
      "http://user:secret%0d%0aEvil:1@proxy:1",
      "http://user:secret@proxy\r\nEvil: 1:1",
      "http://user:secret@[::1",
      "ftp://proxy",
  };
  for (const auto text: table) {
    const auto proxy = parse_proxy(text);
    ASSERT_FALSE(proxy) << text;
    EXPECT_NE(proxy.error(), "") << text;
    EXPECT_EQ(proxy.error().find("secret"), std::string::npos) << proxy.error();
  }
}

TEST(PrintableProxy, LeavesUserAndPasswordOut) {
  EXPECT_EQ(printable(*parse_proxy("http://user:secret@proxy.example.org:3128")), "proxy.example.org:3128");
  EXPECT_EQ(printable(*parse_proxy("http://[::1]:3128")), "[::1]:3128");
}

TEST(ProxyRules, WsGoesByTheHttpProxyAndWssByTheHttpsProxy) {
  const ProxyRules rules(proxy_named("plain"), proxy_named("secured"), "");

  EXPECT_EQ(rules.proxy_for(*parse_url("ws://relay.example.org/"))->host, "plain");
  EXPECT_EQ(rules.proxy_for(*parse_url("http://relay.example.org/"))->host, "plain");
  EXPECT_EQ(rules.proxy_for(*parse_url("wss://relay.example.org/"))->host, "secured");
  EXPECT_EQ(rules.proxy_for(*parse_url("https://relay.example.org/"))->host, "secured");
}

TEST(ProxyRules, WhereNoProxyIsNamedTheWayIsDirect) {
  EXPECT_FALSE(ProxyRules().proxy_for(*parse_url("wss://relay.example.org/")));
  const ProxyRules only_http(proxy_named("plain"), std::nullopt, "");
  EXPECT_FALSE(only_http.proxy_for(*parse_url("wss://relay.example.org/")));
}

TEST(ProxyRules, NoProxyNamesWhoIsReachedDirectly) {
  struct Row {
    std::string_view no_proxy, url;
    bool direct;
  };
  const Row table[] = {
      {"", "ws://relay.example.org", false},
      {"*", "ws://relay.example.org", true},
      {"example.org", "ws://example.org", true},
      {"example.org", "ws://relay.example.org", true},
      {"example.org", "ws://RELAY.Example.ORG", true},
      {"Example.Org.", "ws://relay.example.org.", true},
      {"example.org", "ws://notexample.org", false},
      {"example.org", "ws://example.org.evil.net", false},
      {".example.org", "ws://relay.example.org", true},
      {".example.org", "ws://example.org", false},
      {"*.example.org", "ws://relay.example.org", true},
      {"*.example.org", "ws://example.org", false},
      {"other.net, example.org", "ws://relay.example.org", true},
      {"other.net example.org", "ws://relay.example.org", true},
      {" ,, example.org,", "ws://relay.example.org", true},
      {"example.org:8080", "ws://example.org:8080", true},
      {"example.org:8080", "ws://example.org", false},
      {"example.org:443", "wss://example.org", true},
      {"example.org:0", "ws://example.org", false},
      {"example.org:", "ws://example.org", false},
      {"192.0.2.7", "ws://192.0.2.7", true},
      {"192.0.2.7", "ws://192.0.2.70", false},
      {"192.0.2.7:80", "ws://192.0.2.7", true},
      {"192.0.2.7:81", "ws://192.0.2.7", false},
      {"192.0.2.0/24", "ws://192.0.2.200", true},
      {"192.0.2.0/24", "ws://192.0.3.1", false},
      {"192.0.0.0/14", "ws://192.3.255.255", true},
      {"192.0.0.0/14", "ws://192.4.0.0", false},
      {"192.0.2.0/33", "ws://192.0.2.1", false},
      {"0.0.0.0/0", "ws://192.0.2.1", true},
      {"0.0.0.0/0", "ws://[2001:db8::1]", false},
      {"192.0.2.0/24", "ws://relay.example.org", false},
      {"2001:db8::7", "ws://[2001:db8::7]", true},
      {"[2001:db8::7]", "ws://[2001:DB8:0::7]", true},
      {"[2001:db8::7]:80", "ws://[2001:db8::7]", true},
      {"[2001:db8::7]:81", "ws://[2001:db8::7]", false},
      {"2001:db8::/32", "ws://[2001:db8:1::1]", true},
      {"2001:db8::/32", "ws://[2001:db9::1]", false},
      {"2001:db8::/129", "ws://[2001:db8::1]", false},
      {":80", "ws://relay.example.org", false},
      {".", "ws://relay.example.org", false},
      {"[]:80", "ws://relay.example.org", false},
      {"/8", "ws://10.0.0.1", false},
  };
  for (const Row& row: table)
    EXPECT_EQ(direct(row.no_proxy, row.url), row.direct) << row.no_proxy << " " << row.url;
}

TEST(ProxyRules, LoopbackIsNeverProxied) {
  for (const auto url: {"ws://localhost", "wss://LOCALHOST:8443", "ws://a.localhost", "ws://127.0.0.1",
                        "ws://127.9.9.9", "ws://[::1]:8080", "ws://[::ffff:127.0.0.1]"}) {
    EXPECT_TRUE(direct("", url)) << url;
  }
  EXPECT_FALSE(direct("", "ws://notlocalhost"));
  EXPECT_FALSE(direct("", "ws://128.0.0.1"));
}

}  // namespace
}  // namespace crosspoint::http
