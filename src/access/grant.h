#pragma once
// What a verified token lets its bearer do on one topic, until when, and whose booking that is. Made when a
// token is exchanged for a code, kept while the code waits, and carried by the connection that it opens.

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace crosspoint::access {

struct Grant {
  std::string topic;
  std::string booking;              // the id that deny and allow name; may be empty where that is permitted
  std::vector<std::string> scopes;  // as the token had them: reported verbatim
  WallTime expires{};

  bool may_read() const { return has("read"); }
  bool may_write() const { return has("write"); }
  bool has(std::string_view scope) const {
    for (const auto& held: scopes) {
      if (held == scope) return true;
    }
    return false;
  }
};

}  // namespace crosspoint::access
