#include "cli/pages.h"

#include <fmt/core.h>

#include "web/assets.h"

namespace crosspoint::cli {

namespace {

// `access` is empty, since what the pages ask of the access service is answered on their own port too
// (AccessApi::add_page_routes).
http::Route view_config_row(TopicKinds topics) {
  const auto text = fmt::format("{{\"open\":{},\"token\":{},\"secure\":{},\"access\":\"\"}}\n", topics.open,
                                topics.token, topics.secure);
  const http::CollectedHandler handler = [text](http::Request&&, http::Responder responder) {
    auto response = http::json_response(200, text);
    response.fields.add("Cache-Control", "no-cache");
    responder.respond(std::move(response));
  };
  return {.methods = "GET HEAD", .path = "/view-config.json", .handler = handler};
}

}  // namespace

std::vector<http::Route> page_routes(TopicKinds topics, const std::string& connect_sources) {
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
  rows.push_back(view_config_row(topics));
  return rows;
}

std::string web_address(const net::Endpoint& endpoint, Scheme scheme) {
  if (endpoint.kind == net::Endpoint::Kind::unix_socket) return net::to_string(endpoint);
  auto shown = endpoint;
  if (shown.host.empty() || shown.host == "0.0.0.0" || shown.host == "::") shown.host = "127.0.0.1";
  return (scheme == Scheme::https ? "https://" : "http://") + net::to_string(shown);
}

}  // namespace crosspoint::cli
