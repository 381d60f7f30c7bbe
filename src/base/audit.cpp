#include "base/audit.h"

namespace crosspoint::log {

std::string quoted(std::string_view text) {
  constexpr std::size_t shown_max = 200;
  std::string shown = "\"";
  for (const char c: text.substr(0, shown_max)) {
    if (c == '"' || c == '\\') shown += '\\';
    shown += c;
  }
  return shown + '"';
}

}  // namespace crosspoint::log
