#include "client/access_reply.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "http/message.h"

namespace crosspoint::client {
namespace {

using Cause = AccessRefusal::Cause;
using Json = nlohmann::json;

// A UUID has 36, a session's id or a key seldom fewer than 32; words of people are shorter.
constexpr std::size_t secret_run_min = 32;

bool may_stand_in_a_secret(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_.~+/=%").find(c) != std::string_view::npos;
}

void mask_each(std::string& text, std::string_view secret) {
  if (secret.empty()) return;
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3))
    text.replace(at, secret.size(), "***");
}

void mask_long_runs(std::string& text) {
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin;
    while (end < text.size() && may_stand_in_a_secret(text[end])) ++end;
    if (end - begin >= secret_run_min) {
      text.replace(begin, end - begin, "***");
      end = begin + 3;
    }
    begin = end + 1;
  }
}

// JSON, or nothing; never an exception.
std::optional<Json> parse(std::string_view text) {
  if (text.size() > access_reply_bytes_max) return std::nullopt;
  auto json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

std::string text_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Shapes F and H hold a message, shape S is one.
std::string message_in(const std::optional<Json>& body) {
  if (!body) return {};
  if (body->is_string()) return body->get<std::string>();
  return body->is_object() ? text_in(*body, "message") : std::string();
}

Cause cause_of(int status) {
  if (status == 401 || status == 403) return Cause::unauthorized;
  if (status >= 500) return Cause::failed;
  if (status >= 400) return Cause::refused;
  return status >= 300 ? Cause::redirected : Cause::not_access;
}

AccessRefusal refusal(int status, const std::optional<Json>& body, std::string_view token) {
  const auto cause = cause_of(status);
  if (cause == Cause::redirected)
    return {cause, status, fmt::format("answered {} (a redirect, which a token does not follow)", status)};
  const auto message = quoted(message_in(body), token);
  if (!message.empty()) return {cause, status, fmt::format("answered {}: {}", status, message)};
  const auto reason = http::reason_of(status);
  return {cause, status, fmt::format("answered {}{}{}", status, reason.empty() ? "" : " ", reason)};
}

}  // namespace

Result<http::Url, AccessRefusal> read_access_reply(int status, std::string_view body,
                                                   std::string_view token) {
  const auto json = parse(body);
  if (status < 200 || status > 299) return fail(refusal(status, json, token));
  const auto uri = json && json->is_object() ? text_in(*json, "uri") : std::string();
  if (uri.empty()) {
    return fail(AccessRefusal{
        Cause::not_access, status,
        fmt::format("answered {} without an address: it is no access service, or a login page stands "
                    "before it",
                    status)});
  }
  const auto unusable = [&](std::string_view why) {
    return fail(AccessRefusal{Cause::bad_address, status,
                              fmt::format("gave an address that cannot be used: {}", why)});
  };
  if (uri.size() > access_uri_bytes_max) return unusable("it is too long");
  auto url = http::parse_url(uri);
  if (!url) return unusable(url.error());
  if (url->scheme != "ws" && url->scheme != "wss") return unusable("it does not begin with ws:// or wss://");
  return std::move(*url);
}

std::string quoted(std::string_view text, std::string_view secret) {
  std::string line(text.substr(0, access_reply_bytes_max));
  mask_each(line, secret);
  mask_long_runs(line);
  // ASCII only: what is cut or replaced cannot leave half a character, and terminals are told nothing.
  for (auto& c: line) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    if (static_cast<unsigned char>(c) >= 0x7f) c = '?';
  }
  if (line.size() > quoted_bytes_max) line.replace(quoted_bytes_max - 3, std::string::npos, "...");
  const auto begin = line.find_first_not_of(' ');
  if (begin == std::string::npos) return {};
  return line.substr(begin, line.find_last_not_of(' ') - begin + 1);
}

TokenAnswer read_token_answer(std::string_view text, std::string_view token) {
  const auto json = parse(text);
  if (!json || !json->is_object()) return {};
  const auto found = json->find("authorised");
  if (found == json->end() || !found->is_boolean()) return {};
  if (found->get<bool>()) return {TokenAnswer::Kind::authorised, {}};
  return {TokenAnswer::Kind::refused, quoted(text_in(*json, "reason"), token)};
}

}  // namespace crosspoint::client
