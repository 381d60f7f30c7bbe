#include "client/stats_address.h"

#include <string>
#include <string_view>
#include <utility>

namespace crosspoint::client {

StatsAddress stats_address(http::Url url) {
  if (url.scheme == "ws" || url.scheme == "wss") return {StatsWay::listen, std::move(url)};
  const auto question = url.target.find('?');
  auto path = url.target.substr(0, question);
  const auto query = question == std::string::npos ? std::string() : url.target.substr(question);
  while (path.ends_with('/')) path.pop_back();
  if (path.ends_with("/session/stats")) return {StatsWay::listen, std::move(url)};
  if (!path.ends_with("/status")) path += "/status";
  url.target = path + query;
  return {StatsWay::ask, std::move(url)};
}

}  // namespace crosspoint::client
