#include "cli/host_settings.h"

#include <fmt/core.h>

#include <optional>
#include <utility>

#include "cli/relay_settings.h"
#include "cli/tls_settings.h"

namespace crosspoint::cli {
namespace {

// Not what was written: it may hold a password.
Result<std::optional<http::Proxy>, std::string> proxy(const std::string& text, const config::Source& source) {
  if (text.empty()) return std::nullopt;
  auto parsed = http::parse_proxy(text);
  if (!parsed) return fail(fmt::format("{}: {}", source.text, parsed.error()));
  return std::move(*parsed);
}

}  // namespace

host::HostSettings host_settings(const config::Settings& settings, const net::Endpoint& listen) {
  host::HostSettings host;
  host.listen = listen;
  host.http = http_limits(settings);
  host.stream.dead_link_after = settings.get<"host.dead-link-after">();
  host.agent.rules.rules_max = static_cast<std::size_t>(
      std::max(settings.get<"host.streams-max">(), settings.get<"host.destinations-max">()));
  host.agent.names_max = static_cast<std::size_t>(settings.get<"host.feeds-max">());
  host.agent.destination.connect_time_max = settings.get<"host.handshake-time-max">();
  host.agent.destination.token_directory = settings.get<"host.token-directory">();
  host.agent.destination.gate.bounds.bytes_max = settings.get<"host.outbox-bytes-max">();
  host.ingest.chunker.silence = settings.get<"host.flush-after">();
  host.ingest.chunker.message_bytes_max = settings.get<"host.feed-message-bytes-max">();
  host.local.gate.bounds.bytes_max = settings.get<"host.outbox-bytes-max">();
  return host;
}

Result<Outbound, std::string> outbound(const config::Settings& settings) {
  auto tls = trusting(settings.get<"host.ca-file">(), settings.source<"host.ca-file">());
  if (!tls) return fail(std::move(tls.error()));
  auto http = proxy(settings.get<"host.http-proxy">(), settings.source<"host.http-proxy">());
  if (!http) return fail(std::move(http.error()));
  auto https = proxy(settings.get<"host.https-proxy">(), settings.source<"host.https-proxy">());
  if (!https) return fail(std::move(https.error()));
  return Outbound{.tls = std::move(*tls),
                  .proxies = {std::move(*http), std::move(*https), settings.get<"host.no-proxy">()}};
}

}  // namespace crosspoint::cli
