#include "client/io/exchange_once.h"

#include <optional>
#include <utility>

namespace crosspoint::client {

Result<http::Url, std::string> exchange_once(net::SystemLoop& loop, net::Network& network,
                                             const Outbound& outbound, const http::Url& access,
                                             const TokenSource& token) {
  auto text = token.token();
  if (!text) return fail(std::move(text.error()));
  std::optional<Result<http::Url, std::string>> result;
  const AccessExchange exchange(loop, network, outbound, access, std::move(*text),
                                [&](Result<http::Url, std::string> url) { result = std::move(url); });
  while (!result) loop.turn(100ms);
  return std::move(*result);
}

std::string whole_address(const http::Url& url) {
  return url.scheme + "://" + http::host_header(url) + url.target;
}

}  // namespace crosspoint::client
