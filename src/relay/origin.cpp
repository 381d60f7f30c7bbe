#include "relay/origin.h"

#include <algorithm>
#include <cctype>

namespace crosspoint::relay {

std::string normalised_origin(std::string_view origin) {
  std::string text(origin);
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const auto& [scheme, port]:
       {std::pair<std::string_view, std::string_view>{"http://", ":80"}, {"https://", ":443"}}) {
    if (!text.starts_with(scheme) || !text.ends_with(port)) continue;
    const auto host = std::string_view(text).substr(scheme.size(), text.size() - scheme.size() - port.size());
    const bool has_port_already = host.ends_with(']') ? false : host.find(':') != host.npos;
    if (!has_port_already) text.resize(text.size() - port.size());
  }
  return text;
}

OriginPolicy::OriginPolicy(const std::vector<std::string>& allowed) {
  for (const auto& origin: allowed) allowed_.push_back(normalised_origin(origin));
}

bool OriginPolicy::allows(std::optional<std::string_view> origin) const {
  if (allowed_.empty() || !origin) return true;
  return std::find(allowed_.begin(), allowed_.end(), normalised_origin(*origin)) != allowed_.end();
}

}  // namespace crosspoint::relay
