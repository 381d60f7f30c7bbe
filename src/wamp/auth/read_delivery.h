#pragma once
// One [[wamp.realm.delivery]]: what becomes of subscribers that are too slow for the events of some topics.

#include <string>
#include <vector>

#include "config/toml_file.h"
#include "wamp/auth/settings.h"

namespace crosspoint::wamp::auth {

// What `slow-subscriber` says: close or drop, as the table of settings lets it.
SlowSubscriber slow_subscriber_of(std::string_view word);

// Reads it into the realm.
void read_delivery(const std::string& file, const config::FileTable& table, RealmSettings& realm,
                   std::vector<std::string>& problems);

}  // namespace crosspoint::wamp::auth
