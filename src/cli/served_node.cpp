#include "cli/served_node.h"

#include <fmt/core.h>

#include <sstream>
#include <utility>

#include "base/log.h"
#include "cli/pages.h"
#include "cli/relay_settings.h"
#include "http/url.h"

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
std::optional<Configuration> read_it_again(const ReadAgain& read_again) {
  auto read = read_again();
  if (read) return std::move(*read);
  std::istringstream lines(read.error());
  for (std::string sentence; std::getline(lines, sentence);) log::error("serve", "{}", sentence);
  log::error("serve", "the configuration in use stays");
  return std::nullopt;
}

// What tokens are verified with, where that is a secret: null if it stays as it is.
std::shared_ptr<const token::Verifier> changed_secret(const Files& files, const AccessParts& access,
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

}  // namespace

Result<std::unique_ptr<ServedNode>, std::string> ServedNode::open(const Surroundings& surroundings,
                                                                  Configuration configuration,
                                                                  ReadAgain read_again) {
  std::unique_ptr<ServedNode> node(
      new ServedNode(surroundings, std::move(configuration), std::move(read_again)));
  for (const auto step: {&ServedNode::read_parts, &ServedNode::assemble, &ServedNode::listen}) {
    if (auto done = (*node.*step)(); !done) return fail(std::move(done.error()));
  }
  node->watch();
  return node;
}

ServedNode::ServedNode(const Surroundings& surroundings, Configuration configuration, ReadAgain read_again)
    : surroundings_(surroundings),
      configuration_(std::move(configuration)),
      read_again_(std::move(read_again)),
      in_use_(configuration_.settings) {}

// Writes what it still has, and tells loops that are still there.
ServedNode::~ServedNode() {
  if (access_) access_->deny_store.reset();
}

Result<void, std::string> ServedNode::read_parts() {
  const auto& [settings, sections] = configuration_;
  const bool token_topics = wants_token_topics(settings);
  auto where = endpoints(settings, token_topics);
  if (!where) return fail(std::move(where.error()));
  topics_ = std::move(where->topics);
  access_at_ = std::move(where->access);
  if (token_topics) {
    auto parts = access_parts(surroundings_.files, settings);
    if (!parts) return fail(std::move(parts.error()));
    access_ = std::move(*parts);
  }
  auto tls = tls_settings(surroundings_.files, settings, wants_client_certificates(sections));
  if (!tls) return fail(std::move(tls.error()));
  tls_ = std::move(*tls);
  return {};
}

Result<void, std::string> ServedNode::assemble() {
  const auto& [settings, sections] = configuration_;
  auto parts = node_settings(settings);
  open_topics_ = settings.pick<"serve.open-topics">(!access_, true, false);
  parts.relay.open_topics = open_topics_;
  auto uploads = upload_settings(settings);
  if (!uploads) return fail(std::move(uploads.error()));
  parts.relay.uploads = std::move(*uploads);
  if (access_) parts.relay.token_topics = access_->topics;
  // Clients open topics at access.url, which need not be where the pages come from.
  auto rows = page_routes(
      {.open = open_topics_, .secure = access_.has_value(), .token = parts.relay.token_check.has_value()},
      access_ ? http::origin(*http::parse_url(access_->settings.relay_url)) : "");
  auto wamp = wamp_parts({settings, sections, topics_, tls_.has_value(), first_loop(), surroundings_.clock,
                          surroundings_.files, access_ ? &*access_ : nullptr});
  if (!wamp) return fail(std::move(wamp.error()));
  wamp_ = std::move(*wamp);
  if (wamp_) {
    wamp_->node().spread_over(surroundings_.loops);
    rows.insert(rows.begin(), wamp_->node().websocket_row());
    for (auto& row: wamp_->node().long_poll_rows()) rows.insert(rows.begin(), std::move(row));
  }
  node_ = std::make_unique<relay::Node>(
      surroundings_.loops, surroundings_.network, surroundings_.clock, std::move(parts), std::move(rows),
      wamp_ ? wamp_->node().rawsocket_on_http_ports() : http::ForeignProtocol{});
  if (access_) {
    if (wamp_ && wamp_->door() != nullptr) access_->settings.other_doors = {wamp_->door()};
    const auto port = access_at_ ? relay::AccessPort::own : relay::AccessPort::shared;
    if (auto opened = node_->open_access(access_->settings, port); !opened)
      return fail(std::move(opened.error()));
  }
  if (wamp_) {
    management_.emplace(first_loop(), wamp_->router(), *node_,
                        management::NodeManagementSettings{.realm = wamp_->management_realm(),
                                                           .connections = &wamp_->node()});
  }
  return {};
}

std::shared_ptr<const net::TlsContext> ServedNode::certificates() const {
  return tls_ ? tls_->certificates.context : nullptr;
}

Result<void, std::string> ServedNode::listen() {
  auto topics = node_->listen(topics_, certificates());
  if (!topics) return fail(std::move(topics.error().sentence));
  topics_ = std::move(*topics);
  if (access_at_) {
    auto access = node_->listen_for_access(*access_at_, certificates());
    if (!access) return fail(std::move(access.error().sentence));
    access_at_ = std::move(*access);
  }
  auto rawsocket = RawSocketListener::open(configuration_.settings, surroundings_.network,
                                           wamp_ ? &wamp_->node() : nullptr, *node_, certificates());
  if (!rawsocket) return fail(std::move(rawsocket.error()));
  rawsocket_ = std::move(*rawsocket);
  return {};
}

void ServedNode::watch() {
  const auto& settings = configuration_.settings;
  const auto& files = surroundings_.files;
  if (tls_) {
    certificate_watch_.emplace(first_loop(), files, tls_->files, tls_->server, tls_->certificates,
                               [this](auto context) {
                                 if (rawsocket_) rawsocket_->show(context);
                                 node_->show(std::move(context));
                               });
  }
  if (const auto& file = settings.get<"access.key-file">(); access_ && !file.empty()) {
    key_watch_.emplace(
        first_loop(), files, file, access_->settings.verifier->policy(),
        [this] { return read_keys(surroundings_.files, configuration_.settings); },
        [this](auto verifier) { verify_with(std::move(verifier)); });
  }
}

std::optional<net::Endpoint> ServedNode::rawsocket_at() const {
  return rawsocket_ ? std::optional(rawsocket_->endpoint()) : std::nullopt;
}

void ServedNode::verify_with(std::shared_ptr<const token::Verifier> verifier) {
  if (wamp_) wamp_->verify_with(verifier);
  node_->verify_with(std::move(verifier));
}

// Whether clients are asked for certificates from now on; nothing: as before.
std::optional<bool> ServedNode::change_wamp(const Configuration& configuration) {
  if (!wamp_) {
    if (has_wamp(configuration.sections))
      log::warning("wamp", "there is a [wamp] now, and WAMP stays off; to be with it, start again");
    return std::nullopt;
  }
  const auto changed = wamp_->change(configuration.sections);
  if (changed) return wants_client_certificates(configuration.sections);
  log::error("wamp", "{}", changed.error());
  log::error("wamp", "the [wamp] in use stays");
  return std::nullopt;
}

void ServedNode::change_secret(const config::Settings& settings) {
  auto verifier = changed_secret(surroundings_.files, *access_, in_use_, settings);
  if (!verifier) return;
  in_use_ = settings;
  verify_with(std::move(verifier));
}

void ServedNode::read_again() {
  const auto again = read_it_again(read_again_);
  const auto asks = again ? change_wamp(*again) : std::nullopt;
  if (asks) management_->move_to(wamp_->management_realm());
  if (certificate_watch_) {
    if (asks) tls_->server.ask_for_certificate = *asks;
    certificate_watch_->read_again_with(tls_->server);
  }
  if (key_watch_) key_watch_->read_again();
  if (again && access_ && !key_watch_) change_secret(again->settings);
}

void ServedNode::stop(const std::function<void()>& stopped) {
  log::info("serve", "told to stop: saying goodbye to everybody");
  rawsocket_.reset();
  // At the same time: long-poll clients hear it by the servers that are about to go.
  const auto ended = [stopped, missing = std::make_shared<int>(wamp_ ? 2 : 1)] {
    if (--*missing == 0) stopped();
  };
  if (wamp_) wamp_->node().stop(goodbye_time_max, ended);
  node_->stop(goodbye_time_max, ended);
}

}  // namespace crosspoint::cli
