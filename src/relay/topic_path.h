#pragma once
// From the path that a client opens to the topic it means and the part it plays there: the open relay's only
// routing.
//
//   /in/video   sends on /out/video (and hears the other senders, from when it came)
//   /out/video  receives on /out/video
//   /anything   sends and receives on /anything
//
// Compared byte for byte; nesting is free; `/in`, `/in/`, `/out` and `/out/` are ordinary topics.

#include <cstdint>
#include <string>
#include <string_view>

namespace crosspoint::relay {

enum class Part : std::uint8_t { sender, receiver, both };

struct TopicPath {
  std::string topic;
  std::string route;  // the client's own form, one trailing slash taken away: what tokens name
  Part part = Part::both;

  bool sends() const { return part != Part::receiver; }
};

// `path` is percent-decoded and begins with a slash.
TopicPath topic_path(std::string_view path);

}  // namespace crosspoint::relay
