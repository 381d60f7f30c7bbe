#pragma once
// From the options to the relay's settings.

#include <optional>
#include <string>

#include "base/result.h"
#include "config/settings.h"
#include "http/io/server.h"
#include "relay/io/node.h"

namespace crosspoint::cli {

relay::NodeSettings node_settings(const config::Settings& settings);
// RelaySettings::uploads; the error is a sentence about one of the options.
Result<std::optional<relay::UploadSettings>, std::string> upload_settings(const config::Settings& settings);
// Options say 0 for "no limit".
std::size_t or_unlimited(std::int64_t value);
http::ServerLimits http_limits(const config::Settings& settings);

}  // namespace crosspoint::cli
