#include "token/inspection.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "base/base64.h"
#include "token/claims.h"
#include "token/compact.h"
#include "token/strict_json.h"

namespace crosspoint::token {
namespace {

using nlohmann::ordered_json;

// Read strictly first: what is shown is what a verifier would see.
Result<std::string, Refusal> readable(std::string_view part) {
  const auto text = decode_part(part);
  if (!text) return fail(text.error());
  if (const auto strict = read_json_object(*text); !strict) return fail(refusal_of(strict.error()));
  return ordered_json::parse(*text, nullptr, false)
      .dump(2, ' ', true, ordered_json::error_handler_t::replace);
}

// "3d4h", "5m10s", "12s": the two largest units.
std::string rough(Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  const std::pair<std::int64_t, char> units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
  for (std::size_t i = 0; i + 1 < std::size(units); ++i) {
    const auto [size, name] = units[i];
    if (seconds < size) continue;
    const auto [smaller, smaller_name] = units[i + 1];
    const auto rest = seconds % size / smaller;
    return rest == 0 ? fmt::format("{}{}", seconds / size, name)
                     : fmt::format("{}{}{}{}", seconds / size, name, rest, smaller_name);
  }
  return fmt::format("{}s", seconds);
}

std::string in_words(WallTime at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - day));
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string line(std::string_view what, const std::optional<WallTime>& at, WallTime now) {
  if (!at) return fmt::format("{:<13}not said\n", what);
  const auto distance = *at >= now ? "in " + rough(*at - now) : rough(now - *at) + " ago";
  return fmt::format("{:<13}{}, {}\n", what, in_words(*at), distance);
}

std::string dates(const Claims& claims, WallTime now) {
  std::string text = line("issued", claims.issued, now) + line("valid from", claims.not_before, now);
  const bool past = claims.expires && now >= *claims.expires;
  return text + line(past ? "EXPIRED" : "expires", claims.expires, now);
}

}  // namespace

Result<std::string, Refusal> inspect(std::string_view token, WallTime now) {
  const auto parts = split_compact(token);
  if (!parts) return fail(parts.error());
  const auto header = readable(parts->header);
  if (!header) return fail(header.error());
  const auto claims = readable(parts->claims);
  if (!claims) return fail(claims.error());
  const auto signature = decode_base64(Base64::url, parts->signature);
  if (!signature) return fail(Refusal::malformed);

  std::string text = fmt::format("header {}\nclaims {}\n", *header, *claims);
  const auto understood = read_claims(*decode_part(parts->claims));
  text += understood ? dates(*understood, now) : std::string(to_sentence(understood.error())) + "\n";
  text += fmt::format("{:<13}{} bytes\n", "signature", signature->size());
  return text + "Nothing was verified: anybody can write such a token. See crosspoint token verify.\n";
}

}  // namespace crosspoint::token
