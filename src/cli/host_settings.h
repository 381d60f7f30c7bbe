#pragma once
// From the options to the settings of whoever connects to relays: the host, and the commands that look at
// one.

#include <memory>
#include <optional>
#include <string>

#include "base/files.h"
#include "base/result.h"
#include "config/settings.h"
#include "host/io/host.h"
#include "http/proxy.h"
#include "management/io/host_management.h"
#include "net/tls.h"

namespace crosspoint::cli {

host::HostSettings host_settings(const config::Settings& settings, const net::Endpoint& listen);

// How it joins a WAMP realm; nothing: it does not. The error is a sentence that names the setting.
Result<std::optional<management::HostManagementSettings>, std::string> host_management_settings(
    const Files& files, const config::Settings& settings);

// Whom to trust and which way to go when the host connects to relays. Outlives the host.
struct Outbound {
  std::unique_ptr<net::TlsContext> tls;
  http::ProxyRules proxies;
};
// Reads the file of authorities. The error is a sentence that names the setting.
Result<Outbound, std::string> outbound(const Files& files, const config::Settings& settings);

}  // namespace crosspoint::cli
