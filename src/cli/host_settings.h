#pragma once
// From the options to the host's settings.

#include "config/settings.h"
#include "host/io/host.h"

namespace crosspoint::cli {

host::HostSettings host_settings(const config::Settings& settings, const net::Endpoint& listen);

}  // namespace crosspoint::cli
