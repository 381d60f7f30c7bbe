#pragma once
// What both libraries that other programs link (include/crosspoint) are told in the same words: whom to
// trust, and which proxies to go through. The errors are sentences that name the option.

#include <memory>
#include <string>

#include "base/files.h"
#include "base/result.h"
#include "http/proxy.h"
#include "net/tls.h"

namespace crosspoint::client {

struct TlsFiles {
  std::string authorities = {};            // PEM; empty: those that the system trusts
  std::string certificate = {}, key = {};  // PEM; empty: nothing is shown
};
Result<std::unique_ptr<net::TlsContext>, std::string> tls_of(const Files& files, const TlsFiles& named);

// Each as the environment's variable of its name spells it; empty: none.
Result<http::ProxyRules, std::string> proxy_rules(const std::string& http_proxy,
                                                  const std::string& https_proxy, std::string no_proxy);

}  // namespace crosspoint::client
