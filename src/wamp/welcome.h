#pragma once
// WELCOME.Details: who the client is here, and what this router can do in this realm. The features are
// announced truthfully: for each there is a look at what it does (announced_test.cpp).

#include "base/bytes.h"
#include "data/format.h"
#include "wamp/doorkeeper.h"
#include "wamp/lobby.h"

namespace crosspoint::wamp {

ByteVector welcome_details(data::Format format, const Admitted& admitted, const RealmFeatures& features);

}  // namespace crosspoint::wamp
