#include "cli/host_settings.h"

#include "cli/relay_settings.h"

namespace crosspoint::cli {

host::HostSettings host_settings(const config::Settings& settings, const net::Endpoint& listen) {
  host::HostSettings host;
  host.listen = listen;
  host.http = http_limits(settings);
  host.stream.dead_link_after = settings.get<"host.dead-link-after">();
  host.agent.rules.rules_max = static_cast<std::size_t>(
      std::max(settings.get<"host.streams-max">(), settings.get<"host.destinations-max">()));
  host.agent.names_max = static_cast<std::size_t>(settings.get<"host.feeds-max">());
  host.agent.destination.connect_time_max = settings.get<"host.handshake-time-max">();
  host.agent.destination.gate.bounds.bytes_max = settings.get<"host.outbox-bytes-max">();
  host.ingest.chunker.silence = settings.get<"host.flush-after">();
  host.ingest.chunker.message_bytes_max = settings.get<"host.feed-message-bytes-max">();
  host.local.gate.bounds.bytes_max = settings.get<"host.outbox-bytes-max">();
  return host;
}

}  // namespace crosspoint::cli
