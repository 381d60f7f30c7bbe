#include "wamp/meta_events.h"

#include "wamp/realm.h"
#include "wamp/utc_text.h"

namespace crosspoint::wamp {

using data::Value;

Value meta_details(const Inhabitant& inhabitant) {
  const auto& identity = inhabitant.participant.identity();
  Value::Map transport{{"type", inhabitant.transport_protocol}, {"peer", inhabitant.transport_peer}};
  return Value::Map{{"session", number(inhabitant.participant.id())},
                    {"authid", identity.authid},
                    {"authrole", identity.authrole},
                    {"authmethod", identity.authmethod},
                    {"authprovider", identity.authprovider},
                    {"transport", std::move(transport)}};
}

Value meta_details(const Subscription& subscription) {
  return Value::Map{{"id", number(subscription.id())},
                    {"created", utc_text(subscription.created())},
                    {"uri", subscription.uri()},
                    {"match", to_string(subscription.match())}};
}

Value meta_details(const Registration& registration) {
  return Value::Map{{"id", number(registration.id())},
                    {"created", utc_text(registration.created())},
                    {"uri", registration.procedure()},
                    {"match", to_string(registration.match())},
                    {"invoke", to_string(registration.invoke())}};
}

}  // namespace crosspoint::wamp
