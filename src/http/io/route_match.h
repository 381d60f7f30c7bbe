#pragma once
// Which row of a Routes table a request is for (http/io/server.h says how rows match). No sockets here:
// values only.

#include <string>
#include <string_view>

#include "http/io/server.h"

namespace crosspoint::http {

struct RouteMatch {
  const Route* route = nullptr;
  // Without a route: the methods of the rows that have this path, as an Allow field lists them. Empty: no row
  // has it.
  std::string allow;
};

enum class Asking { for_answer, for_upgrade };

// `path` is decoded and clean. Of `head` the method counts, and for upgrades the subprotocols on offer.
RouteMatch find_route(const Routes& routes, const RequestHead& head, std::string_view path, Asking asking);

}  // namespace crosspoint::http
