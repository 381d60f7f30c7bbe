#include "client/message_log.h"

#include <fmt/core.h>

#include <cstdlib>

#include "base/base64.h"

namespace crosspoint::client {
namespace {

// ".5", ".123456789", or nothing.
std::string fraction(std::int64_t nanoseconds) {
  if (nanoseconds == 0) return {};
  auto digits = fmt::format(".{:09}", nanoseconds);
  while (digits.ends_with('0')) digits.pop_back();
  return digits;
}

std::string zone(Duration east_of_utc) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(east_of_utc).count();
  if (minutes == 0) return "Z";
  const auto size = std::abs(minutes);
  return fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', size / 60, size % 60);
}

}  // namespace

std::string local_time_text(WallTime at, Duration east_of_utc) {
  const auto local = at + east_of_utc;
  const auto second = std::chrono::floor<std::chrono::seconds>(local);
  const auto day = std::chrono::floor<std::chrono::days>(second);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(second - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     fraction((local - second).count()), zone(east_of_utc));
}

std::string log_line(MessageKind kind, Bytes payload, WallTime at, Duration east_of_utc) {
  return fmt::format(
      "[{}] {}\n", local_time_text(at, east_of_utc),
      kind == MessageKind::text ? std::string(as_text(payload)) : encode_base64(Base64::standard, payload));
}

}  // namespace crosspoint::client
