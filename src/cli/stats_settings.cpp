#include "cli/stats_settings.h"

#include <utility>

#include "cli/host_settings.h"
#include "cli/tls_settings.h"

namespace crosspoint::cli {
namespace {

Result<std::unique_ptr<client::TokenSource>, std::string> stats_token_source(
    const Files& files, const config::Settings& settings) {
  const auto& token = settings.get<"status.token">();
  const auto& file = settings.get<"status.token-file">();
  if (!token.empty() && !file.empty())
    return fail(std::string("--token and --token-file exclude each other; give one"));
  if (!file.empty()) return std::make_unique<client::TokenFile>(files, file);
  if (token.empty()) return nullptr;
  if (const auto checked = client::check_token(token); !checked)
    return fail(settings.source<"status.token">().text + ": the token " + checked.error());
  return std::make_unique<client::FixedToken>(token);
}

}  // namespace

Result<StatsSource, std::string> stats_source(const Files& files, const config::Settings& settings) {
  const auto& text = settings.get<"status.url">();
  if (text.empty()) return fail(std::string("give the address of the relay with --url"));
  auto url = http::parse_url(text);
  if (!url) return fail(settings.source<"status.url">().text + ": " + url.error());
  auto token = stats_token_source(files, settings);
  if (!token) return fail(std::move(token.error()));
  const bool is_websocket = url->scheme == "ws" || url->scheme == "wss";
  if (!is_websocket && *token == nullptr)
    return fail(
        std::string("an http or https address needs a token: set CROSSPOINT_STATUS_TOKEN, or give "
                    "--token-file"));
  auto tls = trusting(files, settings.get<"status.ca-file">(), settings.source<"status.ca-file">());
  if (!tls) return fail(std::move(tls.error()));
  StatsSource source;
  source.address = client::stats_address(std::move(*url));
  source.token = std::move(*token);
  source.tls = std::move(*tls);
  source.outbound.tls = source.tls.get();
  return source;
}

}  // namespace crosspoint::cli
