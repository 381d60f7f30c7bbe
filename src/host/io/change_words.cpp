#include "host/io/change_words.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "client/io/reconnecting_socket.h"
#include "host/rules.h"

namespace crosspoint::host {
namespace {

constexpr std::size_t shown_max = 200;

std::string in_words(std::string_view answer) {
  const auto rule = nlohmann::json::parse(answer, nullptr, false);
  if (!rule.is_object() || !rule.contains("destination")) return std::string(answer);
  const auto text = [&](const char* key) {
    const auto found = rule.find(key);
    return found != rule.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto url = http::parse_url(text("destination"));
  return fmt::format("{}: {} to {}", to_json(text("id")), to_json(text("stream")),
                     url ? client::printable(*url) : std::string("nowhere"));
}

}  // namespace

std::string change_in_words(std::string_view answer) { return in_words(answer).substr(0, shown_max); }

}  // namespace crosspoint::host
