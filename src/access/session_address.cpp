#include "access/session_address.h"

#include "http/url.h"

namespace crosspoint::access {
namespace {

constexpr std::string_view session_path = "/session/";

}  // namespace

std::optional<AccessTarget> parse_access_target(std::string_view target) {
  target = target.substr(0, target.find('?'));
  if (!target.starts_with(session_path)) return std::nullopt;
  target.remove_prefix(session_path.size());
  if (target.ends_with('/')) target.remove_suffix(1);
  const auto slash = target.find('/');
  const auto topic = http::decode_percent(target.substr(0, slash));
  if (!topic || topic->empty()) return std::nullopt;
  if (slash == target.npos) return AccessTarget{*topic, {}};
  const auto action = http::decode_percent(target.substr(slash + 1));
  if (!action || action->empty() || action->find('/') != action->npos) return std::nullopt;
  return AccessTarget{*topic, *action};
}

std::optional<std::string_view> session_topic(std::string_view path) {
  if (!path.starts_with(session_path)) return std::nullopt;
  path.remove_prefix(session_path.size());
  if (path.ends_with('/')) path.remove_suffix(1);
  if (path.empty()) return std::nullopt;
  return path;
}

std::string session_uri(std::string_view relay_url, std::string_view topic, std::string_view code) {
  std::string uri(relay_url);
  uri.append(session_path).append(http::encode_path(topic)).append("?code=").append(code);
  return uri;
}

}  // namespace crosspoint::access
