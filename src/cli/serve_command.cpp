#include <fmt/core.h>

#include <optional>
#include <sstream>

#include "access/io/key_watch.h"
#include "base/log.h"
#include "cli/access_parts.h"
#include "cli/commands.h"
#include "cli/loop_threads.h"
#include "cli/pages.h"
#include "cli/rawsocket_listener.h"
#include "cli/relay_settings.h"
#include "cli/startup.h"
#include "cli/tls_settings.h"
#include "cli/wamp_parts.h"
#include "http/url.h"
#include "management/io/node_management.h"
#include "net/system_files.h"
#include "net/system_network.h"
#include "relay/io/node.h"

namespace crosspoint::cli {
namespace {

// Leaves room within the five seconds that a supervisor and a test allow.
constexpr Duration goodbye_time_max = 3s;

struct Endpoints {
  net::Endpoint topics;
  std::optional<net::Endpoint> access;  // when it has a port of its own
};

Result<Endpoints, std::string> endpoints(const config::Settings& settings, bool token_topics) {
  auto topics = net::parse_endpoint(settings.get<"serve.listen">());
  if (!topics) return fail(std::move(topics.error()));
  if (!token_topics) return Endpoints{std::move(*topics), std::nullopt};
  if (!settings.is_set<"serve.listen">()) topics = default_token_topic_endpoint();
  auto access = net::parse_endpoint(settings.get<"access.listen">());
  if (!access) return fail(std::move(access.error()));
  const bool shared = *access == *topics;
  return Endpoints{std::move(*topics), shared ? std::nullopt : std::optional(std::move(*access))};
}

// A file with a mistake changes nothing.
std::optional<Configuration> read_file_again(const ReadAgain& read_again) {
  auto read = read_again();
  if (read) return std::move(*read);
  std::istringstream lines(read.error());
  for (std::string sentence; std::getline(lines, sentence);) log::error("serve", "{}", sentence);
  log::error("serve", "the configuration in use stays");
  return std::nullopt;
}

// `wamp` may be null. Whether clients are asked for certificates from now on; nothing: as before.
std::optional<bool> change_wamp(WampParts* wamp, const Configuration& configuration) {
  if (wamp == nullptr) {
    if (has_wamp(configuration.sections))
      log::warning("wamp", "there is a [wamp] now, and WAMP stays off; to be with it, start again");
    return std::nullopt;
  }
  const auto changed = wamp->change(configuration.sections);
  if (changed) return wants_client_certificates(configuration.sections);
  log::error("wamp", "{}", changed.error());
  log::error("wamp", "the [wamp] in use stays");
  return std::nullopt;
}

// What tokens are verified with, where that is a secret: null if it stays as it is.
std::shared_ptr<const token::Verifier> read_secret_again(const AccessParts& access, const Files& files,
                                                         const config::Settings& before,
                                                         const config::Settings& now) {
  if (now.get<"access.secret">() == before.get<"access.secret">() && now.get<"access.key-file">().empty()) {
    return nullptr;
  }
  if (!now.get<"access.key-file">().empty()) {
    log::error("access", "a key file takes the place of access.secret only at a start; the secret stays");
    return nullptr;
  }
  auto keys = read_keys(files, now);
  if (!keys) {
    log::error("access", "{}; the secret in use stays", keys.error());
    return nullptr;
  }
  for (const auto& warning: keys->warnings()) log::warning("access", "{}", warning);
  log::info("access", "access.secret was read again: tokens signed with the one before are refused now");
  return std::make_shared<const token::Verifier>(std::move(*keys), access.settings.verifier->policy());
}

// What a WAMP client has to be told to come here; nothing where it goes by itself.
std::string url_flag(const net::Endpoint& listening) {
  if (listening.kind == net::Endpoint::Kind::unix_socket)
    return fmt::format(" --url {}", net::to_string(listening));
  if (listening.host == "127.0.0.1" && listening.port == 8080) return {};
  return fmt::format(" --url ws://{}/ws", net::to_string(listening));
}

}  // namespace

int serve_command(const config::Settings& settings, const Notes& notes,
                  const std::vector<config::SectionText>& sections, const ReadAgain& read_again) {
  if (!start_log(settings, notes)) return 1;
  keep_memory_private(settings);
  warn_of_root();
  raise_descriptor_limit();
  const net::SystemFiles files;
  const bool token_topics = wants_token_topics(settings);
  const auto where = endpoints(settings, token_topics);
  if (!where) {
    complain(where.error());
    return 1;
  }
  std::optional<AccessParts> access;
  if (token_topics) {
    auto parts = access_parts(files, settings);
    if (!parts) {
      complain(parts.error());
      return 1;
    }
    access = std::move(*parts);
  }

  const auto tls = tls_settings(files, settings, wants_client_certificates(sections));
  if (!tls) {
    complain(tls.error());
    return 1;
  }

  LoopThreads loops(static_cast<std::size_t>(settings.get<"serve.loops">()));
  net::SystemNetwork network;
  auto node_parts = node_settings(settings);
  auto uploads = upload_settings(settings);
  if (!uploads) {
    complain(uploads.error());
    return 1;
  }
  node_parts.relay.uploads = std::move(*uploads);
  node_parts.relay.open_topics = settings.pick<"serve.open-topics">(!token_topics, true, false);
  if (access) node_parts.relay.token_topics = access->topics;
  // Clients open topics at access.url, which need not be where the pages come from.
  auto rows = page_routes({.open = node_parts.relay.open_topics,
                           .secure = token_topics,
                           .token = node_parts.relay.token_check.has_value()},
                          access ? http::origin(*http::parse_url(access->settings.relay_url)) : "");
  const bool open_topics = node_parts.relay.open_topics;
  const auto parts = wamp_parts({settings, sections, where->topics, tls->has_value(), loops.first(),
                                 loops.clock(), files, access ? &*access : nullptr});
  if (!parts) {
    complain(parts.error());
    return 1;
  }
  const auto& wamp = *parts;
  if (wamp) {
    wamp->node().spread_over(loops.all());
    rows.insert(rows.begin(), wamp->node().websocket_row());
    for (auto& row: wamp->node().long_poll_rows()) rows.insert(rows.begin(), std::move(row));
  }
  relay::Node node(loops.all(), network, loops.clock(), std::move(node_parts), std::move(rows),
                   wamp ? wamp->node().rawsocket_on_http_ports() : http::ForeignProtocol{});
  if (access) {
    if (wamp && wamp->door() != nullptr) access->settings.other_doors = {wamp->door()};
    const auto port = where->access ? relay::AccessPort::own : relay::AccessPort::shared;
    if (const auto opened = node.open_access(access->settings, port); !opened) {
      complain(opened.error());
      return 1;
    }
  }
  std::optional<management::NodeManagement> management;
  if (wamp) {
    management.emplace(
        loops.first(), wamp->router(), node,
        management::NodeManagementSettings{.realm = wamp->management_realm(), .connections = &wamp->node()});
  }
  const auto listening = node.listen(where->topics, *tls ? (*tls)->certificates.context : nullptr);
  if (!listening) {
    complain(listening.error().sentence);
    return 1;
  }
  if (where->access) {
    const auto access_at =
        node.listen_for_access(*where->access, *tls ? (*tls)->certificates.context : nullptr);
    if (!access_at) {
      complain(access_at.error().sentence);
      return 1;
    }
    announce(fmt::format("access on {}", web_address(*access_at, *tls ? Scheme::https : Scheme::http)));
  }
  auto rawsocket = RawSocketListener::open(settings, network, wamp ? &wamp->node() : nullptr, node,
                                           *tls ? (*tls)->certificates.context : nullptr);
  if (!rawsocket) {
    complain(rawsocket.error());
    return 1;
  }
  if (*rawsocket) announce(fmt::format("RawSocket on {}", net::to_string((*rawsocket)->endpoint())));
  std::optional<net::TlsWatch> watch;
  if (*tls) {
    watch.emplace(loops.first(), files, (*tls)->files, (*tls)->server, (*tls)->certificates,
                  [&](auto context) {
                    if (*rawsocket) (*rawsocket)->show(context);
                    node.show(std::move(context));
                  });
  }
  const auto verify_with = [&](std::shared_ptr<const token::Verifier> verifier) {
    if (wamp) wamp->verify_with(verifier);
    node.verify_with(std::move(verifier));
  };
  std::optional<access::KeyWatch> keys;
  if (const auto& file = settings.get<"access.key-file">(); access && !file.empty()) {
    keys.emplace(
        loops.first(), files, file, access->settings.verifier->policy(),
        [&] { return read_keys(files, settings); }, verify_with);
  }
  const auto stop = [&] {
    log::info("serve", "told to stop: saying goodbye to everybody");
    rawsocket->reset();
    // At the same time: long-poll clients hear it by the servers that are about to go.
    auto ended = [&loops, missing = std::make_shared<int>(wamp ? 2 : 1)] {
      if (--*missing == 0) loops.stop();
    };
    if (wamp) wamp->node().stop(goodbye_time_max, ended);
    node.stop(goodbye_time_max, ended);
  };
  auto tls_server = *tls ? (*tls)->server : net::TlsServerSettings();
  // Of the settings in use, for comparison: a secret may change more than once.
  auto in_use = settings;
  const auto reload = [&] {
    const auto again = read_file_again(read_again);
    const auto asks = again ? change_wamp(wamp.get(), *again) : std::nullopt;
    if (asks) management->move_to(wamp->management_realm());
    if (watch) {
      if (asks) tls_server.ask_for_certificate = *asks;
      watch->read_again_with(tls_server);
    }
    if (keys) keys->read_again();
    if (!again || !access || keys) return;
    if (auto verifier = read_secret_again(*access, files, in_use, again->settings)) {
      in_use = again->settings;
      verify_with(std::move(verifier));
    }
  };
  StopSignals signals(loops.first(), stop, reload);

  if (open_topics && settings.get<"serve.secret">().empty()) {
    log::info("serve", "open relay: whoever reaches {} may send and receive on every topic",
              net::to_string(*listening));
  }
  announce(fmt::format("listening on {}", web_address(*listening, *tls ? Scheme::https : Scheme::http)));
  if (wamp && settings.get<"serve.dev">() && !*tls)
    announce(fmt::format("try: crosspoint call wamp.session.count{}", url_flag(*listening)));
  loops.run();
  // Writes what it still has, and tells loops that are still there.
  if (access) access->deny_store.reset();
  log::info("serve", "stopped");
  return 0;
}

}  // namespace crosspoint::cli
