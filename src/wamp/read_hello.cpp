#include <algorithm>
#include <array>

#include "wamp/read_message.h"

namespace crosspoint::wamp {
namespace {

using data::Kind;

struct FeatureRow {
  std::string_view name;
  Feature feature;
};

constexpr FeatureRow caller_features[] = {
    {"progressive_call_results", Feature::call_progressive_results},
    {"progressive_call_invocations", Feature::call_progressive_invocations},
    {"call_canceling", Feature::call_canceling},
    {"call_timeout", Feature::call_timeout},
    {"call_reroute", Feature::call_reroute},
    {"payload_passthru_mode", Feature::call_payload_passthru},
    {"payload_transparency", Feature::call_payload_passthru},
};
constexpr FeatureRow callee_features[] = {
    {"progressive_call_results", Feature::callee_progressive_results},
    {"progressive_call_invocations", Feature::callee_progressive_invocations},
    {"call_canceling", Feature::callee_canceling},
    {"call_timeout", Feature::callee_timeout},
    {"call_reroute", Feature::callee_reroute},
    {"registration_revocation", Feature::callee_registration_revocation},
    {"payload_passthru_mode", Feature::callee_payload_passthru},
    {"payload_transparency", Feature::callee_payload_passthru},
};
constexpr FeatureRow publisher_features[] = {
    {"payload_passthru_mode", Feature::publisher_payload_passthru},
    {"payload_transparency", Feature::publisher_payload_passthru},
};
constexpr FeatureRow subscriber_features[] = {
    {"subscription_revocation", Feature::subscriber_revocation},
    {"x_acknowledged_event_delivery", Feature::subscriber_acknowledged_delivery},
    {"payload_passthru_mode", Feature::subscriber_payload_passthru},
    {"payload_transparency", Feature::subscriber_payload_passthru},
};

struct RoleRow {
  Role role;
  std::span<const FeatureRow> features;
};
constexpr std::string_view role_names[] = {"publisher", "subscriber", "caller", "callee"};
constexpr RoleRow role_rows[] = {{Role::publisher, publisher_features},
                                 {Role::subscriber, subscriber_features},
                                 {Role::caller, caller_features},
                                 {Role::callee, callee_features}};

void read_features(Elements& in, std::span<const FeatureRow> rows, Features& features) {
  std::array<std::string_view, 16> names;
  std::transform(rows.begin(), rows.end(), names.begin(), [](const FeatureRow& row) { return row.name; });
  in.map("Details.roles.*.features", std::span(names).first(rows.size()), [&](std::size_t key) {
    if (in.boolean("Details.roles.*.features.*")) features.add(rows[key].feature);
  });
}

void read_roles(Elements& in, Features& features) {
  static constexpr std::string_view role_keys[] = {"features"};
  in.map("Details.roles", role_names, [&](std::size_t role) {
    features.add(role_rows[role].role);
    in.map("Details.roles.*", role_keys,
           [&](std::size_t) { read_features(in, role_rows[role].features, features); });
  });
}

// Clients send null for what they do not have.
std::string_view text_or_null(Elements& in, std::string_view name) {
  if (!in.next_is(Kind::null)) return in.text(name);
  in.pass_over();
  return {};
}

void take_detail(Elements& in, std::size_t key, Hello& hello) {
  switch (key) {
    case 0: read_roles(in, hello.features); break;
    case 1: hello.authmethods = in.texts("Details.authmethods"); break;
    case 2: hello.authid = text_or_null(in, "Details.authid"); break;
    case 3: hello.authrole = text_or_null(in, "Details.authrole"); break;
    case 4: hello.agent = text_or_null(in, "Details.agent"); break;
    case 5:
      if (in.next_is(Kind::null))
        in.pass_over();
      else
        hello.authextra.kwargs = in.raw("Details.authextra", Kind::map);
      break;
    default: break;
  }
}

}  // namespace

Hello read_hello(Elements& in) {
  static constexpr std::string_view keys[] = {"roles",    "authmethods", "authid",
                                              "authrole", "agent",       "authextra"};
  Hello hello;
  hello.realm = in.text("Realm");
  hello.authextra.format = in.format();
  in.map("Details", keys, [&](std::size_t key) { take_detail(in, key, hello); });
  in.end();
  if (in.ok() && !hello.features.any_role()) {
    in.refuse("HELLO.Details.roles must name at least one of publisher, subscriber, caller, callee");
  }
  return hello;
}

}  // namespace crosspoint::wamp
