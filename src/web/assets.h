#pragma once
// The pages of web/ inside the binary: what they are, and how a request for one is answered. The bytes come
// from Vite at build time and lie in the program's read-only memory; nothing is read from disk, and
// nothing is copied.
//
//   for (const PageRoute& route: page_routes()) rows.push_back({route.methods, route.path, serve});
//   ...
//   const Asset* asset = find_asset(request.path);
//   return asset ? response_for(*asset, request.head) : http::text_response(404, "404 page not found\n");

#include <cstddef>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "http/message.h"

namespace crosspoint::web {

struct Asset {
  std::string_view path;  // "/stats", "/view", "/favicon.svg", "/assets/view-B1c2D3e4.js"
  std::string_view content_type;
  std::string_view etag;  // with its quotes; of the identity bytes
  Bytes identity;
  Bytes gzip;              // empty where it would save nothing worth having
  bool immutable = false;  // the name changes with the content: a browser may keep it for ever
};

// All of them, for the life of the program.
std::span<const Asset> assets();

// The asset for a request's decoded path; nullptr if there is none. Every path under /view/ is the player
// page, which reads its topic from there, but for what the page itself asks for beside it: its addresses are
// relative, so that it works behind whatever a reverse proxy puts before them, and the page of
// /view/lab/front loads /view/lab/assets/view-B1c2D3e4.js. /favicon.ico is the icon as well.
const Asset* find_asset(std::string_view path);

// What a server routes here, in the words of http::Route. The statistics page answers GET alone, as it always
// did; the others HEAD as well.
struct PageRoute {
  std::string_view methods;
  std::string_view path;
};
std::span<const PageRoute> page_routes();

// 200 with the bytes in the coding that the request prefers (RFC 9110 section 12.5.3), or 304 if the browser
// has them already (section 13.1.2). Carries its security and cache fields itself. The method has been judged
// before. `connect_sources`: where else than on this host the access service and the topics are, as sources
// of a content security policy ("https://lab.example.org wss://lab.example.org"); the caller vouches that
// they come from the configuration and hold neither ';' nor ','.
http::Response response_for(const Asset& asset, const http::RequestHead& request,
                            std::string_view connect_sources = {});

// What the pages may do: load scripts, styles and icons from this server, compile jsmpeg's WebAssembly, feed
// video through Media Source Extensions (blob:), and open WebSockets to this server. Everything else is
// refused by the browser, inline scripts and styles and every other host among it; frames only on pages of
// this host. response_for() may add sources of connections.
inline constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; "
    "media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

}  // namespace crosspoint::web
