#pragma once
// One [[wamp.realm.topic]]: what is kept of a topic's events, for how long, and where.

#include <string>
#include <vector>

#include "config/toml_file.h"
#include "wamp/auth/settings.h"

namespace crosspoint::wamp::auth {

// Reads it into the realm. `has_database`: [wamp] names one.
void read_topic(const std::string& file, const config::FileTable& table, bool has_database,
                RealmSettings& realm, std::vector<std::string>& problems);

}  // namespace crosspoint::wamp::auth
