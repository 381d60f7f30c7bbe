#include "wamp/welcome.h"

#include <algorithm>
#include <span>
#include <string_view>

#include "data/writer.h"

namespace crosspoint::wamp {
namespace {

struct AnnouncedRow {
  std::string_view name;
  bool RealmFeatures::* there = nullptr;  // null: in every realm
};

constexpr AnnouncedRow broker_features[] = {
    {"publisher_identification", &RealmFeatures::publisher_identification},
    {"publisher_exclusion"},
    {"subscriber_blackwhite_listing"},
    {"pattern_based_subscription"},
    {"event_retention", &RealmFeatures::event_retention},
    {"event_history", &RealmFeatures::event_history},
    {"subscription_revocation"},
    {"subscription_meta_api"},
    {"session_meta_api"},
    {"payload_passthru_mode"},
    {"payload_transparency"},
    {"x_acknowledged_event_delivery"},
};
constexpr AnnouncedRow dealer_features[] = {
    {"caller_identification", &RealmFeatures::caller_identification},
    {"pattern_based_registration"},
    {"shared_registration"},
    {"registration_revocation"},
    {"progressive_call_results"},
    {"progressive_call_invocations"},
    {"call_canceling"},
    {"call_timeout"},
    {"call_reroute"},
    {"registration_meta_api"},
    {"session_meta_api"},
    {"testament_meta_api", &RealmFeatures::testaments},
    {"payload_passthru_mode"},
    {"payload_transparency"},
};

void write_role(data::Writer& writer, std::string_view name, std::span<const AnnouncedRow> rows,
                const RealmFeatures& features) {
  const auto is_there = [&](const AnnouncedRow& row) { return row.there == nullptr || features.*row.there; };
  writer.key(name);
  writer.begin_map(1);
  writer.key("features");
  writer.begin_map(static_cast<std::size_t>(std::ranges::count_if(rows, is_there)));
  for (const AnnouncedRow& row: rows) {
    if (!is_there(row)) continue;
    writer.key(row.name);
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

ByteVector welcome_details(data::Format format, const Admitted& admitted, const RealmFeatures& features) {
  const Identity& identity = admitted.identity;
  ByteVector out;
  data::Writer writer(format, out);
  writer.begin_map(admitted.authextra.empty() ? 7 : 8);
  writer.key("roles");
  writer.begin_map(2);
  write_role(writer, "broker", broker_features, features);
  write_role(writer, "dealer", dealer_features, features);
  writer.end_map();
  write_text(writer, "realm", admitted.realm);
  write_text(writer, "authid", identity.authid);
  write_text(writer, "authrole", identity.authrole);
  write_text(writer, "authmethod", identity.authmethod);
  write_text(writer, "authprovider", identity.authprovider);
  write_text(writer, "agent", "crosspoint");
  if (!admitted.authextra.empty()) {
    writer.key("authextra");
    write(writer, admitted.authextra);
  }
  writer.end_map();
  return out;
}

}  // namespace crosspoint::wamp
