#include "cli/access_parts.h"

#include <fmt/core.h>

#include <unistd.h>
#include <cstdlib>
#include <filesystem>

#include "base/log.h"
#include "cli/startup.h"
#include "http/url.h"

namespace crosspoint::cli {
namespace {

// One line for each, in the words that start scripts of the older relay look for.
std::string list_missing(const config::Settings& settings) {
  std::string missing;
  const auto add = [&](bool absent, std::string_view name) {
    if (absent) missing += fmt::format("{}You must set {}", missing.empty() ? "" : "\n", name);
  };
  add(settings.get<"access.audience">().empty(), "RELAY_AUDIENCE");
  add(settings.get<"access.secret">().empty() && settings.get<"access.key-file">().empty(), "RELAY_SECRET");
  add(settings.get<"access.url">().empty(), "RELAY_URL");
  return missing;
}

Result<token::Algorithms, std::string> algorithms(const config::Settings& settings) {
  const auto& names = settings.get<"access.algorithms">();
  if (names == std::vector<std::string>{"auto"}) {
    return settings.get<"access.key-file">().empty()
               ? token::hmac_algorithms
               : token::Algorithms{token::Algorithm::rs256, token::Algorithm::es256, token::Algorithm::eddsa};
  }
  std::string words;
  for (const auto& name: names) words += name + " ";
  return token::parse_algorithms(words);
}

std::filesystem::path default_state_folder() {
  if (const char* given = std::getenv("STATE_DIRECTORY"); given != nullptr && *given != '\0') return given;
  if (::geteuid() == 0) return "/var/lib/crosspoint";
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/') {
    return std::filesystem::path(state) / "crosspoint";
  }
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home != nullptr ? home : ".") / ".local/state/crosspoint";
}

Result<std::unique_ptr<access::DenyStore>, std::string> deny_store(const config::Settings& settings) {
  std::string file = settings.get<"access.state-file">();
  if (file == "none") {
    log::warning("access", "access.state-file is none: a restart makes cancelled bookings valid again");
    return access::make_forgetful_deny_store();
  }
  if (file == "auto") {
    const auto folder = default_state_folder();
    std::error_code trouble;
    std::filesystem::create_directories(folder, trouble);  // what is wrong shows when the file is opened
    file = folder / "access.db";
  }
  auto store = access::open_deny_store(file);
  if (!store) {
    return fail(fmt::format("{}; choose another place with --access-state-file, or none to remember nothing",
                            store.error()));
  }
  log::info("access", "cancelled bookings are remembered in {}", file);
  return store;
}

// Without the slashes that would break the addresses that codes are handed out with.
Result<std::string, std::string> relay_url(const config::Settings& settings) {
  std::string text = settings.get<"access.url">();
  while (text.ends_with('/')) text.pop_back();
  const auto url = http::parse_url(text);
  if (!url) return fail("access.url: " + url.error());
  if (url->scheme != "ws" && url->scheme != "wss") {
    return fail(std::string("access.url: the address must begin with ws:// or wss://"));
  }
  return text;
}

relay::TokenTopicSettings topic_settings(const config::Settings& settings, IpNetworks trusted) {
  relay::TokenTopicSettings topics;
  topics.desk.allow_no_booking = settings.get<"access.allow-no-booking-id">();
  topics.desk.codes.time_to_live = settings.get<"access.code-time-to-live">();
  topics.desk.codes.per_booking_max =
      static_cast<std::size_t>(settings.get<"access.codes-per-booking-max">());
  topics.desk.codes.codes_max = static_cast<std::size_t>(settings.get<"access.codes-max">());
  topics.attempts.failures_max =
      static_cast<std::uint32_t>(settings.get<"access.bad-codes-per-minute-max">());
  topics.trusted_proxies = std::move(trusted);
  return topics;
}

token::Policy token_policy(const config::Settings& settings) {
  token::Policy policy;
  policy.audience = settings.get<"access.audience">();
  if (const auto& issuer = settings.get<"access.issuer">(); !issuer.empty()) policy.issuer = issuer;
  policy.leeway = settings.get<"access.leeway">();
  if (const auto most = settings.get<"access.token-lifetime-max">(); most > Duration::zero()) {
    policy.lifetime_max = most;
  }
  return policy;
}

// What can be read without doing anything.
struct AccessRead {
  std::string url;
  IpNetworks trusted;
  token::KeySet keys;
};

Result<AccessRead, std::string> read_access(const Files& files, const config::Settings& settings) {
  if (!list_missing(settings).empty()) {
    return fail(
        std::string("token topics need access.audience, access.url, and access.secret or access.key-file"));
  }
  auto url = relay_url(settings);
  if (!url) return fail(std::move(url.error()));
  auto trusted = IpNetworks::parse(settings.get<"serve.trusted-proxies">());
  if (!trusted) return fail("serve.trusted-proxies: " + trusted.error());
  auto keys = read_keys(files, settings);
  if (!keys) return fail(std::move(keys.error()));
  return AccessRead{std::move(*url), std::move(*trusted), std::move(*keys)};
}

}  // namespace

bool wants_token_topics(const config::Settings& settings) {
  return settings.get<"serve.secure">() || settings.is_set<"access.audience">() ||
         settings.is_set<"access.secret">() || settings.is_set<"access.key-file">() ||
         settings.is_set<"access.url">();
}

Result<AccessParts, std::string> access_parts(const Files& files, const config::Settings& settings) {
  // The older relay said so on standard output.
  if (auto missing = list_missing(settings); !missing.empty()) announce(missing);
  auto read = read_access(files, settings);
  if (!read) return fail(std::move(read.error()));
  for (const auto& warning: read->keys.warnings()) log::warning("access", "{}", warning);
  auto store = deny_store(settings);
  if (!store) return fail(std::move(store.error()));

  AccessParts parts;
  parts.deny_store = std::move(*store);
  parts.settings.verifier =
      std::make_shared<const token::Verifier>(std::move(read->keys), token_policy(settings));
  parts.settings.deny_store = parts.deny_store.get();
  parts.settings.audience = settings.get<"access.audience">();
  parts.settings.relay_url = std::move(read->url);
  parts.settings.allow_no_booking = settings.get<"access.allow-no-booking-id">();
  if (settings.get<"access.old-statuses">()) {
    parts.settings.bad_token_status = access::BadTokenStatus::internal_error_500;
  }
  if (const auto& origins = settings.get<"access.allow-origin">();
      origins != std::vector<std::string>{"none"}) {
    parts.settings.allow_origins = origins;
  }
  parts.settings.tidy_every = settings.get<"access.tidy-every">();
  parts.settings.stats_every = settings.get<"access.stats-every">();
  parts.topics = topic_settings(settings, std::move(read->trusted));
  return parts;
}

Result<void, std::string> check_access(const Files& files, const config::Settings& settings) {
  auto read = read_access(files, settings);
  if (!read) return fail(std::move(read.error()));
  return {};
}

Result<token::KeySet, std::string> read_keys(const Files& files, const config::Settings& settings) {
  const auto allowed = algorithms(settings);
  if (!allowed) return fail("access.algorithms: " + allowed.error());
  const auto& file = settings.get<"access.key-file">();
  const auto& secret = settings.get<"access.secret">();
  if (file.empty()) {
    auto from_secret = token::KeySet::from_secret(secret, *allowed);
    if (!from_secret) return fail("access.secret: " + from_secret.error());
    return from_secret;
  }
  if (!secret.empty()) {
    return fail(std::string("access.secret and access.key-file are both set: choose one"));
  }
  const auto text = files.read(file, {});
  if (!text) return fail(fmt::format("access.key-file: {} cannot be read: {}", file, text.error().reason));
  auto from_file = token::KeySet::from_file_text(*text, *allowed);
  if (!from_file) return fail(fmt::format("access.key-file: {}: {}", file, from_file.error()));
  return from_file;
}

net::Endpoint default_token_topic_endpoint() {
  return {.kind = net::Endpoint::Kind::tcp, .host = {}, .port = 3001, .path = {}};
}

}  // namespace crosspoint::cli
