#pragma once
// WampValue (include/crosspoint/wamp_value.h) in the spellings of WAMP.

#include <crosspoint/wamp_value.h>

#include "base/bytes.h"
#include "data/value.h"
#include "wamp/payload.h"

namespace crosspoint::wamp::client {

data::Value to_data(const WampValue& value);
WampValue to_public(const data::Value& value);

// Args and Kwargs that an application has, spelt once: empty ones are left out.
KeptPayload spell(data::Format format, const WampList& args, const WampMap& kwargs);

struct ReadPayload {
  WampList args;
  WampMap kwargs;
};
// What cannot become values (maps whose keys are no text) is left out.
ReadPayload values_of(const Payload& payload);

}  // namespace crosspoint::wamp::client
