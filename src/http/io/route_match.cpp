#include "http/io/route_match.h"

#include <algorithm>

namespace crosspoint::http {
namespace {

bool path_matches(std::string_view pattern, std::string_view path) {
  if (pattern.ends_with('*')) return path.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == path;
}

// Calls visit for each word.
template <class Visit>
void for_each_word(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const auto space = text.find(' ');
    if (const auto word = text.substr(0, space); !word.empty()) visit(word);
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
  }
}

bool method_matches(std::string_view methods, std::string_view method) {
  if (method == "TRACE" || method == "CONNECT") return false;
  bool found = false;
  for_each_word(methods,
                [&](std::string_view word) { found |= word == "*" ? method != "OPTIONS" : word == method; });
  return found;
}

void add_allowed(std::string_view methods, std::string& allow) {
  for_each_word(methods, [&](std::string_view word) {
    const std::string_view names = word == "*" ? "GET, HEAD, POST, PUT, PATCH, DELETE" : word;
    allow.append(allow.empty() ? "" : ", ").append(names);
  });
}

bool is_meant_by(std::string_view offered, std::string_view subprotocol) {
  if (!subprotocol.ends_with('*')) return offered == subprotocol;
  subprotocol.remove_suffix(1);
  return equal_ignoring_case(offered.substr(0, subprotocol.size()), subprotocol);
}

bool offers_one_of(const RequestHead& head, const std::vector<std::string>& subprotocols) {
  const auto offered = head.fields.elements("Sec-WebSocket-Protocol");
  return std::find_first_of(offered.begin(), offered.end(), subprotocols.begin(), subprotocols.end(),
                            is_meant_by) != offered.end();
}

}  // namespace

RouteMatch find_route(const Routes& routes, const RequestHead& head, std::string_view path, Asking asking) {
  RouteMatch match;
  for (const Route& row: routes.rows) {
    const bool for_upgrade = std::holds_alternative<UpgradeHandler>(row.handler);
    if (for_upgrade != (asking == Asking::for_upgrade) || !path_matches(row.path, path)) continue;
    if (!row.subprotocols.empty() && !offers_one_of(head, row.subprotocols)) continue;
    if (method_matches(row.methods, head.method)) return {&row, {}};
    add_allowed(row.methods, match.allow);
  }
  return match;
}

}  // namespace crosspoint::http
