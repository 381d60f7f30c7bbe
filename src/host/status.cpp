#include "host/status.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

namespace crosspoint::host {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const FeedReport& feed) {
  Json json{{"uploads", feed.uploads},
            {"listeners", feed.listeners},
            {"messages", feed.messages},
            {"bytes", feed.bytes},
            {"last_ms_ago", nullptr},
            {"stalled", feed.stalled},
            {"container", media::to_string(feed.content.container)},
            {"video", media::to_string(feed.content.video)},
            {"audio", media::to_string(feed.content.audio)},
            {"width", feed.content.width},
            {"height", feed.content.height},
            {"warnings", feed.content.warnings}};
  if (feed.since_last)
    json["last_ms_ago"] = std::chrono::duration_cast<std::chrono::milliseconds>(*feed.since_last).count();
  return json;
}

Json json_of(const StreamReport& stream) {
  Json json{{"feeds", nullptr}, {"listeners", stream.listeners}};
  if (stream.rule.feeds) json["feeds"] = *stream.rule.feeds;
  return json;
}

Json json_of(const DestinationReport& destination) {
  return Json{{"stream", destination.stream},
              {"destination", destination.address},
              {"state", destination.state},
              {"since", utc_text(destination.since)},
              {"attempts", destination.attempts},
              {"connections", destination.connections},
              {"last_error", destination.last_error},
              {"last_error_at", destination.last_error.empty() ? "" : utc_text(destination.last_error_at)},
              {"messages", destination.messages},
              {"bytes", destination.bytes},
              {"received_messages", destination.received_messages},
              {"received_bytes", destination.received_bytes},
              {"discarded", destination.discarded},
              {"dropped", destination.dropped},
              {"queued_bytes", destination.queued_bytes}};
}

}  // namespace

std::string utc_text(WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto days = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss clock(seconds - days);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string to_json(const StatusReport& report) {
  auto json = Json{{"feeds", Json::object()},
                   {"streams", Json::object()},
                   {"destinations", Json::object()},
                   {"uploads", report.uploads},
                   {"clients", report.clients}};
  for (const auto& feed: report.feeds) json["feeds"][feed.name] = json_of(feed);
  for (const auto& stream: report.streams) json["streams"][stream.rule.stream] = json_of(stream);
  for (const auto& destination: report.destinations)
    json["destinations"][destination.id] = json_of(destination);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace crosspoint::host
