// What a gateway does for streams that come by HTTP (upload.h): the route, and the topic's end of each.
#include "relay/io/gateway.h"
#include "relay/io/upload.h"

namespace crosspoint::relay {

// ffmpeg's old command lines have more behind the secret (/<secret>/640/480/), which never meant anything.
void Gateway::add_upload_rows(http::Routes& routes) {
  const http::StreamedHandler take = [this](const http::Request& request) { return take_upload(request); };
  for (const auto* more: {"", "/*"}) {
    routes.rows.push_back({.methods = "*", .path = "/" + settings_.uploads->secret + more, .handler = take});
  }
}

std::variant<std::unique_ptr<http::BodySink>, http::Response> Gateway::take_upload(
    const http::Request& request) {
  const UploadSettings& settings = *settings_.uploads;
  if (uploads_.size() >= settings.uploads_max || on_stopped_) {
    return http::text_response(503, "This relay has reached its limit; try again later.\n");
  }
  const auto id = next_publisher_id();
  auto upload = std::make_unique<Upload>(*this, owner_of(settings.topic), id, settings, request);
  uploads_.emplace(id, upload.get());
  note(NewsKind::client_joined, [&] { return upload->report(); });
  return upload;
}

void Gateway::on_upload_taken(fanout::PublisherId id, std::size_t bytes) {
  if (const auto found = uploads_.find(id); found != uploads_.end()) found->second->on_taken(bytes);
}

void Gateway::forget_upload(fanout::PublisherId id) {
  const auto upload = uploads_.extract(id);
  if (!upload) return;
  upload.mapped()->add_to(departed_);
  note(NewsKind::client_left, [&] { return upload.mapped()->report(); });
}

// Where there is no room for one more topic, nobody can be on it either.
void Gateway::begin_upload(fanout::PublisherId id) {
  if (auto presence = hub_.enter(settings_.uploads->topic)) uploading_.emplace(id, std::move(*presence));
}

void Gateway::publish_upload(fanout::PublisherId id, Bytes message) {
  const auto found = uploading_.find(id);
  if (found == uploading_.end()) return;
  found->second.topic().publish(websocket::MessageType::binary, message, id, loop_.now());
  found->second.touch();
}

void Gateway::end_upload(fanout::PublisherId id) { uploading_.erase(id); }

}  // namespace crosspoint::relay
