#include "cli/pages.h"

#include <fmt/core.h>

#include "web/assets.h"

namespace crosspoint::cli {

std::vector<http::Route> page_routes(const std::string& connect_sources) {
  const http::CollectedHandler serve = [connect_sources](http::Request&& request, http::Responder responder) {
    const web::Asset* asset = web::find_asset(request.path);
    responder.respond(asset != nullptr ? web::response_for(*asset, request.head, connect_sources)
                                       : http::text_response(404, "404 page not found\n"));
  };
  std::vector<http::Route> rows;
  for (const auto& route: web::page_routes()) {
    rows.push_back(
        {.methods = std::string(route.methods), .path = std::string(route.path), .handler = serve});
  }
  return rows;
}

std::string web_address(const net::Endpoint& endpoint, Scheme scheme) {
  if (endpoint.kind == net::Endpoint::Kind::unix_socket) return net::to_string(endpoint);
  auto shown = endpoint;
  if (shown.host.empty() || shown.host == "0.0.0.0" || shown.host == "::") shown.host = "127.0.0.1";
  return (scheme == Scheme::https ? "https://" : "http://") + net::to_string(shown);
}

}  // namespace crosspoint::cli
