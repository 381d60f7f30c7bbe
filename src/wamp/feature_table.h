#pragma once
// The roles of a client and the names of its features, as HELLO has them: the router reads them by this
// table, the client writes them by it. Private to read_hello.cpp and write_request.cpp.

#include <span>
#include <string_view>

#include "wamp/features.h"

namespace crosspoint::wamp {

struct FeatureRow {
  std::string_view name;
  Feature feature;
  bool older_name = false;  // read, and never written
};

inline constexpr FeatureRow caller_features[] = {
    {"progressive_call_results", Feature::call_progressive_results},
    {"progressive_call_invocations", Feature::call_progressive_invocations},
    {"call_canceling", Feature::call_canceling},
    {"call_timeout", Feature::call_timeout},
    {"call_reroute", Feature::call_reroute},
    {"payload_passthru_mode", Feature::call_payload_passthru},
    {"payload_transparency", Feature::call_payload_passthru, true},
};
inline constexpr FeatureRow callee_features[] = {
    {"progressive_call_results", Feature::callee_progressive_results},
    {"progressive_call_invocations", Feature::callee_progressive_invocations},
    {"call_canceling", Feature::callee_canceling},
    {"call_timeout", Feature::callee_timeout},
    {"call_reroute", Feature::callee_reroute},
    {"registration_revocation", Feature::callee_registration_revocation},
    {"payload_passthru_mode", Feature::callee_payload_passthru},
    {"payload_transparency", Feature::callee_payload_passthru, true},
};
inline constexpr FeatureRow publisher_features[] = {
    {"payload_passthru_mode", Feature::publisher_payload_passthru},
    {"payload_transparency", Feature::publisher_payload_passthru, true},
};
inline constexpr FeatureRow subscriber_features[] = {
    {"subscription_revocation", Feature::subscriber_revocation},
    {"x_acknowledged_event_delivery", Feature::subscriber_acknowledged_delivery},
    {"payload_passthru_mode", Feature::subscriber_payload_passthru},
    {"payload_transparency", Feature::subscriber_payload_passthru, true},
};

struct RoleRow {
  std::string_view name;
  Role role;
  std::span<const FeatureRow> features;
};
inline constexpr RoleRow role_rows[] = {{"publisher", Role::publisher, publisher_features},
                                        {"subscriber", Role::subscriber, subscriber_features},
                                        {"caller", Role::caller, caller_features},
                                        {"callee", Role::callee, callee_features}};

}  // namespace crosspoint::wamp
