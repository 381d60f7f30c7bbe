#pragma once
// From the options to the relay's settings.

#include "config/settings.h"
#include "http/io/server.h"
#include "relay/io/node.h"

namespace crosspoint::cli {

relay::NodeSettings node_settings(const config::Settings& settings);
http::ServerLimits http_limits(const config::Settings& settings);

}  // namespace crosspoint::cli
