#pragma once
// From the options of `status` and `top` to where reports come from.

#include <memory>
#include <string>

#include "base/files.h"
#include "base/result.h"
#include "client/io/stats_feed.h"
#include "config/settings.h"
#include "net/tls.h"

namespace crosspoint::cli {

// Made once; `outbound` refers to `tls`.
struct StatsSource {
  client::StatsAddress address;
  std::unique_ptr<client::TokenSource> token;  // null: none
  std::unique_ptr<net::TlsContext> tls;
  client::Outbound outbound;
};

// `files` outlives it. The error is a sentence that names the setting, and never repeats the token.
Result<StatsSource, std::string> stats_source(const Files& files, const config::Settings& settings);

}  // namespace crosspoint::cli
