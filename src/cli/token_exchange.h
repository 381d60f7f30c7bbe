#pragma once
// `crosspoint token --url`: the token that was just made, traded for the address to open.

#include <string>

#include "base/result.h"
#include "config/settings.h"

namespace crosspoint::cli {

// What a token is for when nobody says: the service it will be shown to.
std::string audience_of(const config::Settings& settings);

// The whole address, its code included: for standard output, and for nothing else. The error is a sentence
// without token or code.
Result<std::string, std::string> trade_token(const config::Settings& settings, const std::string& token);

}  // namespace crosspoint::cli
