#include "host/io/host.h"

#include <array>
#include <string_view>
#include <utility>

#include "base/assert.h"
#include "host/io/rules_api.h"
#include "host/name.h"
#include "websocket/handshake.h"

namespace crosspoint::host {
namespace {

constexpr std::string_view upload_path = "/ts/";
constexpr std::string_view local_path = "/ws/";
constexpr std::array<std::string_view, 1> subprotocols{"null"};

std::string_view name_after(const http::Request& request, std::string_view before) {
  return std::string_view(request.path).substr(before.size());
}

http::Response not_found() { return http::text_response(404, "404 page not found\n"); }
http::Response too_many(std::string_view what) {
  return http::text_response(503, "too many " + std::string(what) + "\n");
}

}  // namespace

Host::Host(net::Loop& loop, net::Network& network, const Files& files, Random& random, HostSettings settings)
    : loop_(loop),
      network_(network),
      random_(random),
      settings_(std::move(settings)),
      agent_(loop, network, files, random, settings_.agent),
      commands_(agent_, [this] { return to_json(status()); }),
      routes_(make_routes()),
      server_(loop, routes_, settings_.http),
      goodbye_timer_(loop, [this] { look_whether_gone(); }) {}

Host::~Host() = default;

http::Routes Host::make_routes() {
  http::Routes routes;
  routes.rows = rules_routes(commands_);
  routes.redirect_unclean_paths = true;

  http::Route upload;
  upload.methods = "*";
  upload.path = std::string(upload_path) + "*";
  upload.handler =
      http::StreamedHandler([this](const http::Request& request) { return begin_upload(request); });
  routes.rows.push_back(std::move(upload));

  http::Route local;
  local.methods = "*";
  local.path = std::string(local_path) + "*";
  local.handler = http::UpgradeHandler([this](http::Request&& request, http::Takeover&& takeover) {
    accept_local_client(std::move(request), std::move(takeover));
  });
  routes.rows.push_back(std::move(local));

  // The same path without an upgrade.
  http::Route no_upgrade;
  no_upgrade.methods = "*";
  no_upgrade.path = std::string(local_path) + "*";
  no_upgrade.handler = http::CollectedHandler([](http::Request&& request, http::Responder responder) {
    responder.respond(is_name(name_after(request, local_path))
                          ? websocket::refusal(websocket::HandshakeError::no_upgrade)
                          : not_found());
  });
  routes.rows.push_back(std::move(no_upgrade));
  return routes;
}

Result<void, net::NetworkError> Host::start() {
  const net::Network::ListenPoint point{&loop_, &server_};
  auto listeners = network_.listen(settings_.listen, settings_.stream, std::span(&point, 1));
  if (!listeners) return fail(std::move(listeners.error()));
  listeners_ = std::move(*listeners);
  log::info("host", "listening on {}", net::to_string(endpoint()));
  return {};
}

net::Endpoint Host::endpoint() const {
  return listeners_.empty() ? settings_.listen : listeners_.front()->endpoint();
}

std::variant<std::unique_ptr<http::BodySink>, http::Response> Host::begin_upload(
    const http::Request& request) {
  const auto name = name_after(request, upload_path);
  if (!is_name(name)) return not_found();
  if (names_a_stream(name))
    return http::text_response(400, "a stream is made of feeds by a rule; upload to a feed\n");
  if (uploads_.running >= settings_.ingest.uploads_max) return too_many("uploads");
  auto source = agent_.feeds().add_source(name);
  if (!source) return too_many("names in use");
  return std::make_unique<Ingest>(loop_, agent_.feeds(), std::move(source), uploads_, settings_.ingest);
}

void Host::accept_local_client(http::Request&& request, http::Takeover&& takeover) {
  const auto name = name_after(request, local_path);
  if (!is_name(name)) return takeover.refuse(not_found());
  const auto acceptance =
      websocket::accept(request.head, {.subprotocols = subprotocols, .allow_deflate = false});
  if (!acceptance) return takeover.refuse(websocket::refusal(acceptance.error()));
  if (stopping_ || clients_.size() >= settings_.local_clients_max)
    return takeover.refuse(too_many("clients"));

  auto client = std::make_unique<LocalClient>(loop_, random_, agent_.feeds(), settings_.local,
                                              [this](LocalClient& gone) {
                                                const auto found = clients_.find(&gone);
                                                loop_.dispose(std::move(found->second));
                                                clients_.erase(found);
                                              });
  if (!client->listen(name)) return takeover.refuse(too_many("names in use"));
  auto& accepted = *client;
  clients_.emplace(&accepted, std::move(client));
  accepted.start(std::move(takeover), *acceptance);
}

StatusReport Host::status() const {
  auto report = agent_.status();
  report.uploads = uploads_.running;
  report.clients = clients_.size();
  return report;
}

void Host::stop(std::move_only_function<void()> stopped) {
  CROSSPOINT_ASSERT(!stopping_);
  stopping_ = true;
  stopped_ = std::move(stopped);
  listeners_.clear();
  server_.stop();
  agent_.stop();
  // close() may end a client at once, which takes it off the list.
  std::vector<LocalClient*> clients;
  clients.reserve(clients_.size());
  for (const auto& [key, client]: clients_) clients.push_back(client.get());
  for (auto* client: clients) client->close(websocket::CloseCode::going_away, "the agent stops");
  goodbye_until_ = loop_.now() + settings_.goodbye_max;
  goodbye_timer_.start_after(Duration::zero());
}

void Host::look_whether_gone() {
  constexpr Duration look_again_after = 20ms;
  const bool gone = clients_.empty() && agent_.leaving() == 0 && server_.counters().open == 0;
  if (!gone && loop_.now() < goodbye_until_) return goodbye_timer_.start_after(look_again_after);
  if (stopped_) std::exchange(stopped_, nullptr)();
}

}  // namespace crosspoint::host
