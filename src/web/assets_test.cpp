#include "web/assets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <set>
#include <string>

namespace crosspoint::web {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

http::RequestHead get(std::string field = {}, std::string value = {}) {
  http::RequestHead head;
  head.method = "GET";
  if (!field.empty()) head.fields.add(field, value);
  return head;
}

std::string value_of(const http::Response& response, std::string_view name) {
  return std::string(response.fields.find(name).value_or(""));
}

std::string gunzip(Bytes packed) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
  std::string input = to_string(packed);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  std::string out;
  char piece[4096];
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(piece);
    stream.avail_out = sizeof piece;
    status = inflate(&stream, Z_NO_FLUSH);
    out.append(piece, sizeof piece - stream.avail_out);
  }
  EXPECT_EQ(status, Z_STREAM_END);
  inflateEnd(&stream);
  return out;
}

// The addresses that a page loads: what stands in src="…" and href="…", seen from `folder`. All of them are
// relative: another one would not be found behind a reverse proxy's prefix.
std::set<std::string> loaded_by(std::string_view html, std::string_view folder) {
  std::set<std::string> found;
  for (const std::string_view mark: {std::string_view(" src=\""), std::string_view(" href=\"")}) {
    for (std::size_t at = html.find(mark); at != std::string_view::npos; at = html.find(mark, at + 1)) {
      const std::size_t begin = at + mark.size();
      const std::string_view address = html.substr(begin, html.find('"', begin) - begin);
      EXPECT_TRUE(address.starts_with("./")) << address;
      found.insert(std::string(folder) + std::string(address.substr(2)));
    }
  }
  return found;
}

TEST(Assets, HoldThePagesAndWhatTheyLoad) {
  for (const char* path: {"/view", "/stats"}) {
    SCOPED_TRACE(path);
    const Asset* page = find_asset(path);
    ASSERT_NE(page, nullptr);
    const auto loaded = loaded_by(as_text(page->identity), "/");
    EXPECT_GE(loaded.size(), 3u);
    for (const std::string& address: loaded) {
      SCOPED_TRACE(address);
      EXPECT_NE(find_asset(address), nullptr);
    }
  }
}

TEST(Assets, WhatThePlayerPageLoadsIsFoundBesideEveryTopic) {
  const Asset* page = find_asset("/view");
  ASSERT_NE(page, nullptr);
  for (const char* folder: {"/view/", "/view/lab/", "/view/assets/", "/view/session/a/b/"}) {
    for (const std::string& address: loaded_by(as_text(page->identity), folder)) {
      SCOPED_TRACE(address);
      const Asset* part = find_asset(address);
      ASSERT_NE(part, nullptr);
      EXPECT_NE(part, page);
      EXPECT_TRUE(part->immutable);
    }
  }
}

TEST(Assets, EveryPathUnderViewIsThePlayerPage) {
  const Asset* page = find_asset("/view");
  ASSERT_NE(page, nullptr);
  EXPECT_EQ(find_asset("/view/"), page);
  EXPECT_EQ(find_asset("/view/video0"), page);
  EXPECT_EQ(find_asset("/view/lab/front"), page);
  EXPECT_EQ(find_asset("/view/../stats"), page);
  EXPECT_EQ(find_asset("/view/lab/assets/"), page);
  EXPECT_EQ(find_asset("/view/assets/front"), page);
}

TEST(Assets, NothingElseIsFound) {
  for (const char* path:
       {"", "/", "/views", "/stats/", "/assets", "/assets/", "/assets/../stats", "/index.html"}) {
    SCOPED_TRACE(path);
    EXPECT_EQ(find_asset(path), nullptr);
  }
}

TEST(Assets, HaveATypeATagAndNoDoubles) {
  std::set<std::string_view> paths;
  for (const Asset& asset: assets()) {
    SCOPED_TRACE(asset.path);
    EXPECT_TRUE(paths.insert(asset.path).second);
    EXPECT_FALSE(asset.identity.empty());
    EXPECT_THAT(std::string(asset.content_type), HasSubstr("/"));
    EXPECT_GT(asset.etag.size(), 10u);
    EXPECT_EQ(asset.etag.front(), '"');
    EXPECT_EQ(asset.etag.back(), '"');
    EXPECT_EQ(asset.immutable, asset.path.starts_with("/assets/"));
  }
}

TEST(Assets, TheCompressedBytesAreTheSameAssetAndSmaller) {
  int compressed = 0;
  for (const Asset& asset: assets()) {
    if (asset.gzip.empty()) continue;
    SCOPED_TRACE(asset.path);
    ++compressed;
    EXPECT_LT(asset.gzip.size(), asset.identity.size());
    EXPECT_TRUE(gunzip(asset.gzip) == as_text(asset.identity));
  }
  EXPECT_GT(compressed, 4);
}

TEST(Assets, EveryRouteLeadsToOne) {
  for (const PageRoute& route: page_routes()) {
    SCOPED_TRACE(route.path);
    if (route.path == "/assets/*") continue;
    std::string path(route.path);
    if (path.ends_with('*')) path.back() = 'x';
    EXPECT_NE(find_asset(path), nullptr);
  }
}

TEST(AssetResponse, F15_TheStatisticsPageIsHtmlWithBothTableTitles) {
  const auto response = response_for(*find_asset("/stats"), get());

  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(value_of(response, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_THAT(as_text(response.content()),
              AllOf(HasSubstr("Broadcasters"), HasSubstr("Receivers"), HasSubstr("Crossbar stats")));
}

TEST(AssetResponse, IsCompressedOnlyForWhoTakesIt) {
  const Asset& asset = *find_asset("/stats");

  const auto plain = response_for(asset, get());
  const auto packed = response_for(asset, get("Accept-Encoding", "gzip, deflate, br"));

  EXPECT_EQ(value_of(plain, "Content-Encoding"), "");
  EXPECT_TRUE(as_text(plain.content()) == as_text(asset.identity));
  EXPECT_EQ(value_of(packed, "Content-Encoding"), "gzip");
  EXPECT_TRUE(as_text(packed.content()) == as_text(asset.gzip));
  EXPECT_EQ(value_of(plain, "Vary"), "Accept-Encoding");
  EXPECT_EQ(value_of(packed, "Vary"), "Accept-Encoding");
  EXPECT_NE(value_of(plain, "ETag"), value_of(packed, "ETag"));
}

TEST(AssetResponse, IsNotSentAgainToABrowserThatHasIt) {
  const Asset& asset = *find_asset("/view/video0");
  const std::string tag = value_of(response_for(asset, get()), "ETag");

  const auto again = response_for(asset, get("If-None-Match", tag));
  const auto other = response_for(asset, get("If-None-Match", "\"of another build\""));

  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(as_text(again.content()), "");
  EXPECT_EQ(value_of(again, "ETag"), tag);
  EXPECT_EQ(other.status, 200);
}

TEST(AssetResponse, OnlyWhatIsNamedAfterItsContentIsKeptForEver) {
  for (const Asset& asset: assets()) {
    SCOPED_TRACE(asset.path);
    const std::string caching = value_of(response_for(asset, get()), "Cache-Control");
    EXPECT_EQ(caching, asset.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  }
}

TEST(AssetResponse, AllowsThePagesWhatTheyNeedAndNothingMore) {
  for (const Asset& asset: assets()) {
    SCOPED_TRACE(asset.path);
    const auto response = response_for(asset, get());
    EXPECT_THAT(value_of(response, "Content-Security-Policy"),
                AllOf(HasSubstr("default-src 'none'"), HasSubstr("script-src 'self' 'wasm-unsafe-eval';"),
                      HasSubstr("connect-src 'self'"), HasSubstr("frame-ancestors 'self'"),
                      Not(HasSubstr("unsafe-inline")), Not(HasSubstr("http:")), Not(HasSubstr("*"))));
    EXPECT_EQ(value_of(response, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(response.fields.count("Content-Security-Policy"), 1u);
  }
}

TEST(AssetResponse, LetsThePagesReachAnAccessServiceOnAnotherHostIfToldSo) {
  const auto response = response_for(*find_asset("/view"), get(), "https://a.example wss://b.example");

  EXPECT_THAT(value_of(response, "Content-Security-Policy"),
              AllOf(HasSubstr("; connect-src 'self' https://a.example wss://b.example; base-uri 'none';"),
                    HasSubstr("default-src 'none'")));
}

TEST(AssetResponse, ThePagesHoldNothingInlineThatThePolicyWouldRefuse) {
  for (const char* path: {"/view", "/stats"}) {
    SCOPED_TRACE(path);
    const std::string html = to_string(find_asset(path)->identity);
    EXPECT_THAT(html,
                AllOf(Not(HasSubstr("<style")), Not(HasSubstr("style=\"")), Not(HasSubstr("<script>")),
                      Not(HasSubstr("onclick")), Not(HasSubstr("http://")), Not(HasSubstr("https://"))));
  }
}

}  // namespace
}  // namespace crosspoint::web
