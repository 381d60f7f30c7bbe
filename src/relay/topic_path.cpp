#include "relay/topic_path.h"

namespace crosspoint::relay {

TopicPath topic_path(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  while (path.starts_with('/')) path.remove_prefix(1);
  const std::string route = "/" + std::string(path);
  if (route.starts_with("/out/")) return {.topic = route, .route = route, .part = Part::receiver};
  if (route.starts_with("/in/"))
    return {.topic = "/out" + route.substr(3), .route = route, .part = Part::sender};
  return {.topic = route, .route = route, .part = Part::both};
}

}  // namespace crosspoint::relay
