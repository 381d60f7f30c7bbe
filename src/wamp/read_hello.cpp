#include <algorithm>
#include <array>

#include "wamp/feature_table.h"
#include "wamp/read_message.h"

namespace crosspoint::wamp {
namespace {

using data::Kind;

constexpr std::string_view role_names[] = {"publisher", "subscriber", "caller", "callee"};

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
