#include "wamp/welcome.h"

#include <span>

#include "data/writer.h"

namespace crosspoint::wamp {
namespace {

constexpr std::string_view broker_features[] = {
    "publisher_identification",   "publisher_exclusion",   "subscriber_blackwhite_listing",
    "pattern_based_subscription", "event_retention",       "event_history",
    "subscription_revocation",    "subscription_meta_api", "session_meta_api",
    "payload_passthru_mode",      "payload_transparency",  "x_acknowledged_event_delivery",
};
constexpr std::string_view dealer_features[] = {
    "caller_identification",
    "pattern_based_registration",
    "shared_registration",
    "registration_revocation",
    "progressive_call_results",
    "progressive_call_invocations",
    "call_canceling",
    "call_timeout",
    "call_reroute",
    "registration_meta_api",
    "session_meta_api",
    "testament_meta_api",
    "payload_passthru_mode",
    "payload_transparency",
};

void write_role(data::Writer& writer, std::string_view name, std::span<const std::string_view> features) {
  writer.key(name);
  writer.begin_map(1);
  writer.key("features");
  writer.begin_map(features.size());
  for (const auto feature: features) {
    writer.key(feature);
    writer.boolean(true);
  }
  writer.end_map();
  writer.end_map();
}

void write_text(data::Writer& writer, std::string_view key, std::string_view value) {
  writer.key(key);
  writer.string(value);
}

}  // namespace

ByteVector welcome_details(data::Format format, std::string_view realm, const Identity& identity,
                           const Extra& authextra) {
  ByteVector out;
  data::Writer writer(format, out);
  writer.begin_map(authextra.empty() ? 7 : 8);
  writer.key("roles");
  writer.begin_map(2);
  write_role(writer, "broker", broker_features);
  write_role(writer, "dealer", dealer_features);
  writer.end_map();
  write_text(writer, "realm", realm);
  write_text(writer, "authid", identity.authid);
  write_text(writer, "authrole", identity.authrole);
  write_text(writer, "authmethod", identity.authmethod);
  write_text(writer, "authprovider", identity.authprovider);
  write_text(writer, "agent", "crosspoint");
  if (!authextra.empty()) {
    writer.key("authextra");
    write(writer, authextra);
  }
  writer.end_map();
  return out;
}

}  // namespace crosspoint::wamp
