// `crosspoint token`: makes a token; `token inspect` shows what one says, `token verify` checks one. Standard
// output is for the result alone, since scripts write TOKEN=$(crosspoint token): what goes wrong is said on
// standard error.
#include <fmt/core.h>

#include <cstdio>

#include "cli/commands.h"
#include "cli/startup.h"
#include "cli/token_exchange.h"
#include "net/system_clock.h"
#include "net/system_files.h"
#include "token/compact.h"
#include "token/inspection.h"
#include "token/signer.h"
#include "token/token_request.h"
#include "token/verifier.h"

namespace crosspoint::cli {
namespace {

WallTime now() { return net::SystemClock().wall(); }

// The file's text, or a sentence that begins with the option.
Result<std::string, std::string> read_key_file(const std::string& path) {
  auto text = net::SystemFiles().read(path, {});
  if (!text) return fail(fmt::format("--key-file: cannot read {}: {}", path, text.error().reason));
  return std::move(*text);
}

// The error begins with the option that names the key.
template <class Made>
Result<Made, std::string> named(std::string_view option, Result<Made, std::string> made) {
  if (!made) return fail(fmt::format("{}: {}", option, made.error()));
  return made;
}

constexpr std::string_view no_key =
    "no key: set --key-file, or --secret (CROSSPOINT_TOKEN_SECRET, RELAY_TOKEN_SECRET)";

Result<token::Signer, std::string> signer(const config::Settings& settings) {
  if (const auto& path = settings.get<"token.key-file">(); !path.empty()) {
    const auto pem = read_key_file(path);
    if (!pem) return fail(pem.error());
    return named("--key-file", token::Signer::from_private_pem(*pem));
  }
  const auto& secret = settings.get<"token.secret">();
  if (secret.empty()) return fail(std::string(no_key));
  return named("--secret", token::Signer::from_secret(secret));
}

Result<token::KeySet, std::string> keys(const config::Settings& settings) {
  if (const auto& path = settings.get<"token.key-file">(); !path.empty()) {
    const auto text = read_key_file(path);
    if (!text) return fail(text.error());
    return named("--key-file", token::KeySet::from_file_text(*text));
  }
  const auto& secret = settings.get<"token.secret">();
  if (secret.empty()) return fail(std::string(no_key));
  return named("--secret", token::KeySet::from_secret(secret, token::hmac_algorithms));
}

std::string_view sentence_for(token::RequestError error) {
  switch (error) {
    case token::RequestError::no_audience:
      return "no audience: set --audience (CROSSPOINT_TOKEN_AUDIENCE, RELAY_TOKEN_AUDIENCE)";
    case token::RequestError::no_lifetime:
      return "no lifetime: set --lifetime, as in 10m (CROSSPOINT_TOKEN_LIFETIME, RELAY_TOKEN_LIFETIME)";
    case token::RequestError::no_topic:
      return "no topic: set --topic (CROSSPOINT_TOKEN_TOPIC, RELAY_TOKEN_TOPIC), or --scope-admin";
    case token::RequestError::no_scopes:
      return "No scopes requested: leave on one of --scope-read, --scope-write, --scope-admin";
    case token::RequestError::too_far_ahead: return "--lifetime: the token would expire after the year 2255";
  }
  return "";
}

// Scripts of the old program get the very claims that it made.
token::LifetimeFrom lifetime_from(const config::Settings& settings) {
  return settings.source<"token.lifetime">().text.ends_with("RELAY_TOKEN_LIFETIME")
             ? token::LifetimeFrom::issue
             : token::LifetimeFrom::now;
}

int make(const config::Settings& settings) {
  const token::TokenRequest request{.audience = audience_of(settings),
                                    .lifetime = settings.get<"token.lifetime">(),
                                    .lifetime_from = lifetime_from(settings),
                                    .topic = settings.get<"token.topic">(),
                                    .connection_type = settings.get<"token.connection-type">(),
                                    .booking_id = settings.get<"token.booking-id">(),
                                    .read = settings.get<"token.scope-read">(),
                                    .write = settings.get<"token.scope-write">(),
                                    .admin = settings.get<"token.scope-admin">(),
                                    .other_scope = settings.get<"token.scope-other">()};
  const auto claims = token::claims_for(request, now());
  if (!claims) return complain_and_fail(sentence_for(claims.error()));
  const auto made = signer(settings);
  if (!made) return complain_and_fail(made.error());
  const auto text = made->sign(*claims);
  if (text.size() > token::token_bytes_max) complain("the token is longer than 8 KiB: no relay will take it");
  if (settings.get<"token.url">().empty()) {
    announce(text);
    return 0;
  }
  const auto address = trade_token(settings, text);
  if (!address) return complain_and_fail(address.error());
  announce(*address);
  return 0;
}

// A little more than a token may have, so that one that is too long is seen to be.
std::string read_standard_input() {
  std::string text(2 * token::token_bytes_max, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), stdin));
  return text;
}

// Without the white space around it that editors and `echo` leave.
std::string given_token(const std::vector<std::string>& words) {
  const auto text = words.size() > 1 ? words[1] : read_standard_input();
  constexpr std::string_view space = " \t\r\n";
  const auto first = text.find_first_not_of(space);
  return first == text.npos ? std::string() : text.substr(first, text.find_last_not_of(space) + 1 - first);
}

int inspect(const std::string& text) {
  const auto shown = token::inspect(text, now());
  if (!shown) return complain_and_fail(token::to_sentence(shown.error()));
  std::fputs(shown->c_str(), stdout);
  return 0;
}

int verify(const config::Settings& settings, const std::string& text) {
  auto made = keys(settings);
  if (!made) return complain_and_fail(made.error());
  for (const auto& warning: made->warnings()) complain(warning);
  const auto& audience = settings.get<"token.audience">();
  const token::Verifier verifier(std::move(*made), {.audience = audience});
  const auto claims = verifier.verify(text, now());
  if (!claims) return complain_and_fail(token::to_sentence(claims.error()));
  announce(audience.empty() ? "valid; its audience was not compared (--audience)" : "valid");
  return 0;
}

}  // namespace

int token_command(const config::Settings& settings, const std::vector<std::string>& words,
                  const Notes& notes) {
  for (const auto& note: notes) complain(note);
  if (words.empty()) return make(settings);
  if (words[0] == "inspect") return inspect(given_token(words));
  if (words[0] == "verify") return verify(settings, given_token(words));
  complain("token: inspect or verify, or nothing, to make one; see crosspoint token --help");
  return 2;
}

}  // namespace crosspoint::cli
