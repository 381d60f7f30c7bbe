#include "cli/host_settings.h"

#include <fmt/core.h>

#include <unistd.h>

#include <array>
#include <optional>
#include <utility>

#include "cli/relay_settings.h"
#include "cli/tls_settings.h"
#include "cli/wamp_client.h"
#include "wamp/uri.h"

namespace crosspoint::cli {
namespace {

// Not what was written: it may hold a password.
Result<std::optional<http::Proxy>, std::string> proxy(const std::string& text, const config::Source& source) {
  if (text.empty()) return std::nullopt;
  auto parsed = http::parse_proxy(text);
  if (!parsed) return fail(fmt::format("{}: {}", source.text, parsed.error()));
  return std::move(*parsed);
}

std::string machine_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "machine";
  return name.data();
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

Result<std::optional<management::HostManagementSettings>, std::string> host_management_settings(
    const Files& files, const config::Settings& settings) {
  const auto& url = settings.get<"host.wamp-url">();
  if (url.empty()) return std::nullopt;
  auto place = wamp::client::parse_place(url);
  if (!place) return fail("host.wamp-url: " + place.error());
  const auto& realm = settings.get<"host.wamp-realm">();
  if (!wamp::is_uri(realm, wamp::UriCheck::loose))
    return fail(std::string("host.wamp-realm: no name of a realm"));
  auto login = wamp_login(
      files, {settings.get<"host.wamp-authid">(), settings.get<"host.wamp-ticket-file">(),
              settings.get<"host.wamp-secret-file">(), settings.get<"host.wamp-key-file">(), "host.wamp-"});
  if (!login) return fail(std::move(login.error()));
  management::HostManagementSettings management;
  management.prefix = settings.get<"host.wamp-prefix">();
  if (management.prefix.empty()) management.prefix = "host." + machine_name() + ".";
  if (!management.prefix.ends_with('.') ||
      !wamp::is_pattern(management.prefix, wamp::Match::prefix, wamp::UriCheck::loose))
    return fail(
        std::string("host.wamp-prefix: must be the beginning of a URI that ends in a dot, \"host.rig01.\""));
  management.link.transport.place = std::move(*place);
  management.link.agent.session.realm = realm;
  management.link.agent.session.login = std::move(*login);
  return std::optional(std::move(management));
}

Result<Outbound, std::string> outbound(const Files& files, const config::Settings& settings) {
  auto tls = trusting(files, settings.get<"host.ca-file">(), settings.source<"host.ca-file">());
  if (!tls) return fail(std::move(tls.error()));
  auto http = proxy(settings.get<"host.http-proxy">(), settings.source<"host.http-proxy">());
  if (!http) return fail(std::move(http.error()));
  auto https = proxy(settings.get<"host.https-proxy">(), settings.source<"host.https-proxy">());
  if (!https) return fail(std::move(https.error()));
  return Outbound{.tls = std::move(*tls),
                  .proxies = {std::move(*http), std::move(*https), settings.get<"host.no-proxy">()}};
}

}  // namespace crosspoint::cli
