#include <fmt/core.h>

#include <memory>
#include <optional>
#include <utility>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/host_settings.h"
#include "cli/loop_threads.h"
#include "cli/pages.h"
#include "cli/startup.h"
#include "net/system_files.h"
#include "net/system_network.h"

namespace crosspoint::cli {

int host_command(const config::Settings& settings, const Notes& notes) {
  if (!start_log(settings, notes)) return 1;
  keep_memory_private(settings);
  warn_of_root();
  raise_descriptor_limit();
  const auto endpoint = net::parse_endpoint(settings.get<"host.listen">());
  if (!endpoint) {
    complain(endpoint.error());
    return 1;
  }
  if (settings.is_set<"host.api">()) {
    log::warning("host",
                 "host.api is set, but commands that come in over a relay topic are not understood yet: use "
                 "REST, or a "
                 "realm (host.wamp-url)");
  }

  const net::SystemFiles files;
  const auto out = outbound(files, settings);
  if (!out) {
    complain(out.error());
    return 1;
  }
  auto realm = host_management_settings(files, settings);
  if (!realm) {
    complain(realm.error());
    return 1;
  }
  auto host_settings = cli::host_settings(settings, *endpoint);
  host_settings.agent.destination.tls = out->tls.get();
  host_settings.agent.destination.proxies = out->proxies;

  LoopThreads loops(1);
  net::SystemNetwork network;
  SystemRandom random;
  host::Host host(loops.first(), network, files, random, std::move(host_settings));
  std::optional<management::HostManagement> management;
  if (*realm) {
    (*realm)->link.transport.tls = out->tls.get();
    (*realm)->link.transport.proxies = out->proxies;
    management.emplace(loops.first(), network, random, host.commands(), std::move(**realm));
  }
  // Before anybody is told that it listens: who waits for that may send a signal at once.
  StopSignals signals(loops.first(), [&] {
    log::info("host", "told to stop: saying goodbye to everybody");
    auto ended = [&loops, missing = std::make_shared<int>(management ? 2 : 1)] {
      if (--*missing == 0) loops.stop();
    };
    if (management) management->leave(ended);
    host.stop(ended);
  });
  if (const auto started = host.start(); !started) {
    complain(started.error().sentence);
    return 1;
  }
  if (management) management->start();
  announce(fmt::format("listening on {}", web_address(host.endpoint())));
  loops.run();
  log::info("host", "stopped");
  return 0;
}

}  // namespace crosspoint::cli
