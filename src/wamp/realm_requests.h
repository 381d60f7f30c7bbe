#pragma once
// What a realm does with each message of a session before broker or dealer see it. Private to realm.cpp.

#include "base/result.h"
#include "wamp/incoming.h"
#include "wamp/realm.h"
#include "wamp/violation.h"

namespace crosspoint::wamp {

Result<Taken, Violation> take_request(Realm& realm, Inhabitant& from, const Incoming& message);

}  // namespace crosspoint::wamp
