#pragma once
// The certificates that a service shows, and those that it trusts, from its options and its files.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/settings.h"
#include "net/tls_files.h"

namespace crosspoint::cli {

struct TlsSettings {
  std::vector<net::TlsFilePair> files;
  net::TlsServerSettings server;
  net::TlsCertificates certificates;
};

// Of `serve`; nothing when it speaks plain text. The error is a sentence that names the setting.
// `ask_for_certificate`: net::TlsServerSettings.
Result<std::optional<TlsSettings>, std::string> tls_settings(const Files& files,
                                                             const config::Settings& settings,
                                                             bool ask_for_certificate);

// Trusts the authorities in `file`, or the system's when there is none. `source` is where the file was named
// (host.ca-file, say); the error is a sentence.
Result<std::unique_ptr<net::TlsContext>, std::string> trusting(const Files& files, const std::string& file,
                                                               const config::Source& source);

}  // namespace crosspoint::cli
