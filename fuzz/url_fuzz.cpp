// Targets and addresses: what is accepted has one canonical form, which is its own canonical form; what is
// written out reads back.

#include <string>

#include "http/characters.h"
#include "http/url.h"
#include "require.h"

using namespace crosspoint;
using namespace crosspoint::http;

namespace {

bool has_dot_segment(const std::string& path) {
  return (path + "/").find("/./") != std::string::npos || (path + "/").find("/../") != std::string::npos;
}

void check_target(std::string_view text) {
  const auto target = parse_target(text);
  if (!target) return;
  const auto& cleaned = target->cleaned;
  REQUIRE(target->path.starts_with('/') && cleaned.starts_with('/'));
  REQUIRE(cleaned.size() <= target->path.size());
  REQUIRE(cleaned.find("//") == std::string::npos && !has_dot_segment(cleaned));
  REQUIRE(target->clean == (cleaned == target->path));
  for (const char c: target->path) REQUIRE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);

  const auto again = parse_target(encode_path(cleaned));
  REQUIRE(again && again->clean && again->path == cleaned && again->query.empty());
}

void check_url(std::string_view text) {
  const auto url = parse_url(text);
  if (!url) {
    REQUIRE(!url.error().empty());
    return;
  }
  REQUIRE(url->port != 0 && !url->host.empty());
  REQUIRE(url->target.starts_with('/'));
  for (const char c: url->target) REQUIRE(is_target_char(c));
  const auto again = parse_url(url->scheme + "://" + host_header(*url) + url->target);
  REQUIRE(again && *again == *url);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_target(text);
  check_url(text);
  const auto value = query_value(text, "code");
  REQUIRE(!value || value->size() + 4 <= size);
  return 0;
}
