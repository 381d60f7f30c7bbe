#include "relay/client_report.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "relay/go_text.h"

namespace crosspoint::relay {
namespace {

double in_seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

nlohmann::ordered_json to_object(const Traffic& traffic, MonotonicTime connected, MonotonicTime now) {
  if (traffic.messages == 0) return {{"last", "Never"}, {"size", 0}, {"fps", 0}};
  const double mean_bytes = static_cast<double>(traffic.bytes) / static_cast<double>(traffic.messages);
  // A lifetime average, as it always was: it freezes when traffic stops. A message in the very instant of
  // connecting would make it infinite, which JSON cannot say.
  const Duration active = std::max<Duration>(traffic.last - connected, 1ms);
  return {{"last", go_duration(now - traffic.last)},
          {"size", static_cast<std::uint64_t>(std::llround(mean_bytes))},
          {"fps", static_cast<double>(traffic.messages) / in_seconds(active)}};
}

}  // namespace

std::string to_json(const ClientReport& report, MonotonicTime now, MonotonicTime started) {
  nlohmann::ordered_json object{
      {"topic", report.topic},
      {"broadcaster", report.broadcaster},
      {"connected", go_time(report.connected_wall, report.connected - started)},
      {"remoteAddr", report.remote_address},
      {"userAgent", report.user_agent},
      {"stats",
       {{"tx", to_object(report.sent, report.connected, now)},
        {"rx", to_object(report.delivered, report.connected, now)}}},
      {"id", report.id},
      {"messagesIn", report.sent.messages},
      {"messagesOut", report.delivered.messages},
      {"bytesIn", report.sent.bytes},
      {"bytesOut", report.delivered.bytes},
      {"dropped", report.dropped},
      {"waitingBytes", report.waiting_bytes},
      {"media", report.media},
  };
  // A header may hold bytes that are not UTF-8; they are shown as U+FFFD.
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace crosspoint::relay
