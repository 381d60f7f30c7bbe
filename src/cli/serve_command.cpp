#include <fmt/core.h>

#include <optional>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/loop_threads.h"
#include "cli/pages.h"
#include "cli/relay_settings.h"
#include "cli/startup.h"
#include "cli/tls_settings.h"
#include "net/system_network.h"
#include "relay/io/node.h"

namespace crosspoint::cli {
namespace {

// Leaves room within the five seconds that a supervisor and a test allow.
constexpr Duration goodbye_time_max = 3s;

}  // namespace

int serve_command(const config::Settings& settings, const Notes& notes) {
  if (!start_log(settings, notes)) return 1;
  raise_descriptor_limit();
  const auto endpoint = net::parse_endpoint(settings.get<"serve.listen">());
  if (!endpoint) {
    complain(endpoint.error());
    return 1;
  }

  const auto tls = tls_settings(settings);
  if (!tls) {
    complain(tls.error());
    return 1;
  }

  LoopThreads loops(static_cast<std::size_t>(settings.get<"serve.loops">()));
  net::SystemNetwork network;
  relay::Node node(loops.all(), network, loops.clock(), node_settings(settings), page_routes());
  const auto listening = node.listen(*endpoint, *tls ? (*tls)->certificates.context : nullptr);
  if (!listening) {
    complain(listening.error().sentence);
    return 1;
  }
  std::optional<net::TlsWatch> watch;
  if (*tls) {
    watch.emplace(loops.first(), (*tls)->files, (*tls)->server, (*tls)->certificates,
                  [&](auto context) { node.show(std::move(context)); });
  }
  const auto stop = [&] {
    log::info("serve", "told to stop: saying goodbye to everybody");
    node.stop(goodbye_time_max, [&] { loops.stop(); });
  };
  const auto reload = [&] {
    if (watch) watch->read_again();
  };
  StopSignals signals(loops.first(), stop, reload);

  if (settings.get<"serve.secret">().empty()) {
    log::info("serve", "open relay: whoever reaches {} may send and receive on every topic",
              net::to_string(*listening));
  }
  announce(fmt::format("listening on {}", web_address(*listening, *tls ? Scheme::https : Scheme::http)));
  loops.run();
  log::info("serve", "stopped");
  return 0;
}

}  // namespace crosspoint::cli
