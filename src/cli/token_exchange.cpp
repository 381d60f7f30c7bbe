#include "cli/token_exchange.h"

#include <utility>

#include "cli/tls_settings.h"
#include "client/io/exchange_once.h"
#include "net/system_clock.h"
#include "net/system_files.h"
#include "net/system_network.h"

namespace crosspoint::cli {
namespace {

// Where the topic's token is traded: "/access" becomes "/access/session/a%2Fb".
std::string session_target(std::string target, std::string_view topic) {
  while (target.ends_with('/')) target.pop_back();
  std::string segment = http::encode_path(topic);
  for (auto slash = segment.find('/'); slash != segment.npos; slash = segment.find('/', slash)) {
    segment.replace(slash, 1, "%2F");
  }
  return target + "/session/" + segment;
}

}  // namespace

std::string audience_of(const config::Settings& settings) {
  const auto& audience = settings.get<"token.audience">();
  return audience.empty() ? settings.get<"token.url">() : audience;
}

Result<std::string, std::string> trade_token(const config::Settings& settings, const std::string& token) {
  auto url = http::parse_url(settings.get<"token.url">());
  if (!url) return fail("--url: " + url.error());
  if (url->scheme != "http" && url->scheme != "https") {
    return fail(std::string("--url: the access service's address begins with http:// or https://"));
  }
  url->target = session_target(std::move(url->target), settings.get<"token.topic">());
  const auto tls =
      trusting(net::SystemFiles(), settings.get<"token.ca-file">(), settings.source<"token.ca-file">());
  if (!tls) return fail(tls.error());

  net::SystemClock clock;
  net::SystemLoop loop(clock);
  net::SystemNetwork network;
  client::Outbound outbound;
  outbound.tls = tls->get();
  const auto address = client::exchange_once(loop, network, outbound, *url, client::FixedToken(token));
  if (!address) return fail(address.error());
  return client::whole_address(*address);
}

}  // namespace crosspoint::cli
