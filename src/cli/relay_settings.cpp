#include "cli/relay_settings.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include "http/characters.h"
#include "relay/topic_path.h"

namespace crosspoint::cli {
namespace {

constexpr std::size_t jsmpeg_secret_bytes_min = 4;

relay::TopicSettings topic_settings(const config::Settings& settings) {
  relay::TopicSettings topics;
  topics.bounds.bytes_max = settings.get<"serve.outbox-bytes-max">();
  topics.bounds.age_max = settings.get<"serve.outbox-age-max">();
  topics.slow_viewer =
      settings.pick<"serve.slow-viewer">(relay::SlowViewer::automatic, relay::SlowViewer::video,
                                         relay::SlowViewer::latest, relay::SlowViewer::reliable);
  topics.late_join = settings.pick<"serve.late-join">(relay::LateJoin::automatic, relay::LateJoin::burst,
                                                      relay::LateJoin::wait);
  return topics;
}

websocket::SocketLimits client_limits(const config::Settings& settings) {
  websocket::SocketLimits limits;
  limits.message_bytes_max = settings.get<"serve.message-bytes-max">();
  limits.write_time_max = settings.get<"serve.write-time-max">();
  limits.ping_every = settings.get<"serve.ping-every">();
  limits.dead_after = settings.get<"serve.dead-after">();
  limits.receive_bytes_per_second_max = settings.get<"serve.receive-bytes-per-second-max">();
  limits.receive_messages_per_second_max =
      static_cast<std::uint64_t>(settings.get<"serve.receive-messages-per-second-max">());
  return limits;
}

}  // namespace

std::size_t or_unlimited(std::int64_t value) {
  return value == 0 ? std::numeric_limits<std::size_t>::max() : static_cast<std::size_t>(value);
}

http::ServerLimits http_limits(const config::Settings& settings) {
  http::ServerLimits limits;
  limits.head_bytes_max = settings.get<"http.head-bytes-max">();
  limits.head_fields_max = static_cast<std::size_t>(settings.get<"http.head-fields-max">());
  limits.target_bytes_max = settings.get<"http.target-bytes-max">();
  limits.collected_body_bytes_max = settings.get<"http.collected-body-bytes-max">();
  limits.head_time_max = settings.get<"http.head-time-max">();
  limits.body_time_max = settings.get<"http.body-time-max">();
  limits.write_time_max = settings.get<"http.write-time-max">();
  limits.idle_time_max = settings.get<"http.idle-time-max">();
  limits.waiting_connections_max = static_cast<std::size_t>(settings.get<"http.waiting-connections-max">());
  limits.waiting_connections_per_host_max =
      static_cast<std::size_t>(settings.get<"http.waiting-connections-per-host-max">());
  return limits;
}

relay::NodeSettings node_settings(const config::Settings& settings) {
  relay::NodeSettings node;
  node.http = http_limits(settings);
  node.streams.dead_link_after = settings.get<"serve.dead-link-after">();
  node.only_tls = settings.get<"access.only-tls">();
  node.crypto.percent = static_cast<int>(settings.get<"serve.crypto-share">());
  auto& relay = node.relay;
  relay.topics = topic_settings(settings);
  relay.client_limits = client_limits(settings);
  relay.stats_limits.ping_every = relay.client_limits.ping_every;
  relay.stats_limits.dead_after = relay.client_limits.dead_after;
  if (const auto& origins = settings.get<"serve.allow-origin">(); origins != std::vector<std::string>{"*"}) {
    relay.allow_origins = origins;
  }
  if (const auto& secret = settings.get<"serve.secret">(); !secret.empty()) {
    relay.token_check =
        relay::TokenCheck{.secret = secret, .audience_prefix = settings.get<"serve.audience">()};
  }
  relay.in_strictly_sends = settings.get<"serve.in-strictly-sends">();
  relay.deflate = settings.get<"serve.deflate">();
  relay.echo = settings.get<"serve.echo">();
  relay.stats = settings.get<"serve.stats">();
  relay.topics_max = or_unlimited(settings.get<"serve.topics-max">());
  relay.connections_max = or_unlimited(settings.get<"serve.connections-max">());
  return node;
}

Result<std::optional<relay::UploadSettings>, std::string> upload_settings(const config::Settings& settings) {
  const auto& secret = settings.get<"serve.jsmpeg-secret">();
  if (secret.empty()) return std::nullopt;
  const auto& topic = settings.get<"serve.jsmpeg-topic">();
  const auto fits = [](char c) {
    return http::is_alpha(c) || http::is_digit(c) ||
           std::string_view("-._~").find(c) != std::string_view::npos;
  };
  if (secret.size() < jsmpeg_secret_bytes_min || !std::ranges::all_of(secret, fits)) {
    return fail(
        std::string("serve.jsmpeg-secret: must be at least 4 letters, digits or -._~, since it is a path"));
  }
  if (!topic.starts_with('/'))
    return fail(std::string("serve.jsmpeg-topic: must be a path, such as /out/video0"));
  relay::UploadSettings uploads;
  uploads.secret = secret;
  uploads.topic = relay::topic_path(topic).topic;
  return uploads;
}

}  // namespace crosspoint::cli
