#include <fmt/core.h>

#include <utility>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/loop_threads.h"
#include "cli/pages.h"
#include "cli/served_node.h"
#include "cli/start_check.h"
#include "cli/startup.h"
#include "net/system_files.h"
#include "net/system_network.h"

namespace crosspoint::cli {
namespace {

// What a WAMP client has to be told to come here; nothing where it goes by itself.
std::string url_flag(const net::Endpoint& listening) {
  if (listening.kind == net::Endpoint::Kind::unix_socket)
    return fmt::format(" --url {}", net::to_string(listening));
  if (listening.host == "127.0.0.1" && listening.port == 8080) return {};
  return fmt::format(" --url ws://{}/ws", net::to_string(listening));
}

void announce_doors(const ServedNode& node) {
  const auto scheme = node.speaks_tls() ? Scheme::https : Scheme::http;
  if (node.access_at()) announce(fmt::format("access on {}", web_address(*node.access_at(), scheme)));
  if (node.rawsocket_at()) announce(fmt::format("RawSocket on {}", net::to_string(*node.rawsocket_at())));
}

void announce_topics(const ServedNode& node, const config::Settings& settings) {
  if (node.has_open_topics() && settings.get<"serve.secret">().empty()) {
    log::info("serve", "open relay: whoever reaches {} may send and receive on every topic",
              net::to_string(node.topics_at()));
  }
  const auto scheme = node.speaks_tls() ? Scheme::https : Scheme::http;
  announce(fmt::format("listening on {}", web_address(node.topics_at(), scheme)));
  if (node.speaks_wamp() && settings.get<"serve.dev">() && !node.speaks_tls())
    announce(fmt::format("try: crosspoint call wamp.session.count{}", url_flag(node.topics_at())));
}

}  // namespace

int serve_command(const config::Settings& settings, const Notes& notes,
                  const std::vector<config::SectionText>& sections, const ReadAgain& read_again) {
  if (!start_log(settings, notes)) return 1;
  keep_memory_private(settings);
  warn_of_root();
  raise_descriptor_limit();

  LoopThreads loops(static_cast<std::size_t>(settings.get<"serve.loops">()));
  net::SystemNetwork network;
  const net::SystemFiles files;
  if (const auto warning = open_secrets(files, settings.get<"config">(), settings, sections))
    log::warning("config", "{}", *warning);
  const auto opened =
      ServedNode::open({loops.all(), network, loops.clock(), files}, {settings, sections}, read_again);
  if (!opened) return complain_and_fail(opened.error());
  auto& node = **opened;
  announce_doors(node);
  // Before anybody is told that it listens: who waits for that may send a signal at once.
  StopSignals signals(loops.first(), [&] { node.stop([&] { loops.stop(); }); }, [&] { node.read_again(); });
  announce_topics(node, settings);
  loops.run();
  log::info("serve", "stopped");
  return 0;
}

}  // namespace crosspoint::cli
