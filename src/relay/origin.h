#pragma once
// Which web pages may open a WebSocket here (RFC 6455 section 10.2): browsers say where a page came from in
// the Origin field, and a page from elsewhere may ride on what the visitor is allowed to do. Compared whole,
// never by prefix or suffix.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosspoint::relay {

class OriginPolicy {
 public:
  // Origins as a browser writes them: "https://lab.example.org", "http://localhost:8080". None: every page is
  // welcome.
  explicit OriginPolicy(const std::vector<std::string>& allowed);

  // `origin` is the request's field; programs that are not browsers send none, and are not what this is
  // about.
  bool allows(std::optional<std::string_view> origin) const;

 private:
  std::vector<std::string> allowed_;  // normalised
};

// Scheme and host in lower case, the scheme's default port left out: the form that is compared.
std::string normalised_origin(std::string_view origin);

}  // namespace crosspoint::relay
