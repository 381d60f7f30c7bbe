#include "wamp/audit.h"

#include "base/audit.h"

namespace crosspoint::wamp {
namespace {

std::string in_words(const Inhabitant& by) {
  const Identity& identity = by.participant.identity();
  const auto& from = by.transport_peer;
  return fmt::format("by {} (role {}, session {}), from {}", log::quoted(identity.authid),
                     log::quoted(identity.authrole), number(by.participant.id()),
                     from.empty() ? "inside" : beginning_of(from));
}

}  // namespace

std::string_view beginning_of(std::string_view uri) {
  constexpr std::size_t shown_max = 200;
  return uri.substr(0, shown_max);
}

void write_down(const Realm& realm, const Inhabitant& by, std::string_view what, std::string_view why) {
  const auto reason = why.empty() ? std::string() : fmt::format(" ({})", why);
  log::audit("wamp", "in realm {}: {}, {}{}", beginning_of(realm.name()), what, in_words(by), reason);
}

void write_down_some(Realm& realm, const Inhabitant& by, std::string_view what) {
  if (const auto kept_back = realm.audit_limit().admit(realm.now().monotonic)) {
    write_down(realm, by, what, *kept_back == 0 ? "" : fmt::format("{} more not shown", *kept_back));
  }
}

}  // namespace crosspoint::wamp
