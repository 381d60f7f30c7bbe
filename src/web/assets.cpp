#include "web/assets.h"

#include <string>

#include "base/assert.h"
#include "web/content_coding.h"

namespace crosspoint::web {
namespace {

constexpr PageRoute routes[] = {
    {"GET", "/stats"},         {"GET HEAD", "/view"},        {"GET HEAD", "/view/*"},
    {"GET HEAD", "/assets/*"}, {"GET HEAD", "/favicon.svg"}, {"GET HEAD", "/favicon.ico"},
};

const Asset* with_path(std::string_view path) {
  for (const Asset& asset: assets()) {
    if (asset.path == path) return &asset;
  }
  return nullptr;
}

// A compressed answer is another representation: it needs a tag of its own (RFC 9110 section 8.8.3.3).
std::string tag_of(const Asset& asset, bool compressed) {
  std::string tag(asset.etag);
  if (compressed) tag.insert(tag.size() - 1, "-gzip");
  return tag;
}

std::string policy_with(std::string_view connect_sources) {
  CROSSPOINT_ASSERT(connect_sources.find_first_of(";,\r\n") == std::string_view::npos);
  constexpr std::string_view connect = "connect-src 'self'";
  std::string policy(content_security_policy);
  if (connect_sources.empty()) return policy;
  return policy.insert(policy.find(connect) + connect.size(), " " + std::string(connect_sources));
}

void add_security_fields(http::Fields& fields, std::string_view connect_sources) {
  fields.add("Content-Security-Policy", policy_with(connect_sources));
  fields.add("X-Content-Type-Options", "nosniff");
  fields.add("Referrer-Policy", "no-referrer");
  fields.add("Cross-Origin-Resource-Policy", "same-origin");
}

}  // namespace

std::span<const PageRoute> page_routes() { return routes; }

const Asset* find_asset(std::string_view path) {
  if (path.starts_with("/view/")) {
    const std::size_t beside = path.rfind("/assets/");
    const Asset* part = beside == std::string_view::npos ? nullptr : with_path(path.substr(beside));
    return part != nullptr ? part : with_path("/view");
  }
  if (path == "/favicon.ico") path = "/favicon.svg";
  return with_path(path);
}

http::Response response_for(const Asset& asset, const http::RequestHead& request,
                            std::string_view connect_sources) {
  const bool compressed = !asset.gzip.empty() && accepts_coding(request.fields, "gzip");
  const std::string tag = tag_of(asset, compressed);

  http::Response response;
  response.fields.add("ETag", tag);
  response.fields.add("Cache-Control", asset.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (!asset.gzip.empty()) response.fields.add("Vary", "Accept-Encoding");
  add_security_fields(response.fields, connect_sources);
  if (names_tag(request.fields, tag)) {
    response.status = 304;
    return response;
  }
  response.fields.add("Content-Type", asset.content_type);
  if (compressed) response.fields.add("Content-Encoding", "gzip");
  response.lasting_body = compressed ? asset.gzip : asset.identity;
  return response;
}

}  // namespace crosspoint::web
