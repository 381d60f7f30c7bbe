#pragma once
// One [[wamp.principal]]: for each method what proves that it is the one.

#include <string>
#include <vector>

#include "config/toml_file.h"
#include "wamp/auth/settings.h"

namespace crosspoint::wamp::auth {

PrincipalEntry read_principal(const std::string& file, const config::FileTable& table,
                              std::vector<std::string>& problems);

}  // namespace crosspoint::wamp::auth
