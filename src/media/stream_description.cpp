#include "media/stream_description.h"

namespace crosspoint::media {

std::string_view to_string(Container container) {
  switch (container) {
    case Container::unknown: return "unknown";
    case Container::mpeg_ts: return "mpegts";
    case Container::other: return "other";
  }
  return "unknown";
}

std::string_view to_string(Player player) {
  switch (player) {
    case Player::none: return "";
    case Player::jsmpeg: return "jsmpeg";
    case Player::mpegts: return "mpegts";
  }
  return "";
}

}  // namespace crosspoint::media
