#include "access/cors.h"

#include <algorithm>

namespace crosspoint::access {

std::optional<std::string> Cors::allowed_origin(const http::RequestHead& request) const {
  const auto origin = request.fields.find("Origin");
  if (!origin) return std::nullopt;
  const bool listed = std::any_of(origins_.begin(), origins_.end(), [&](const std::string& known) {
    return known == "*" || http::equal_ignoring_case(known, *origin);
  });
  return listed ? std::optional<std::string>(*origin) : std::nullopt;
}

std::optional<http::Response> Cors::preflight(const http::RequestHead& request) const {
  if (request.method != "OPTIONS" || request.fields.count("Access-Control-Request-Method") == 0) {
    return std::nullopt;
  }
  const auto origin = allowed_origin(request);
  if (!origin) return std::nullopt;
  http::Response response;
  response.status = 204;
  response.fields.add("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
  response.fields.add("Access-Control-Allow-Headers", "Authorization, Content-Type");
  response.fields.add("Access-Control-Max-Age", "86400");
  add_to(origin, response);
  return response;
}

// No credentials: tokens travel in a field that the page itself sets, and cookies mean nothing here.
void Cors::add_to(const std::optional<std::string>& origin, http::Response& response) const {
  if (origins_.empty()) return;
  response.fields.add("Vary", "Origin");
  if (origin) response.fields.add("Access-Control-Allow-Origin", *origin);
}

}  // namespace crosspoint::access
