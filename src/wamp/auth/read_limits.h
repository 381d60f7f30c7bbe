#pragma once
// What [[wamp.realm]] says of how much its sessions may have the router remember.

#include "config/table_reader.h"
#include "wamp/auth/settings.h"

namespace crosspoint::wamp::auth {

void read_limits(config::TableReader& reader, RealmSettings& realm);

}  // namespace crosspoint::wamp::auth
