#pragma once
// Pictures as ffmpeg would post them: tables and a key frame every twelve, one HTTP chunk each.

#include <cstdint>
#include <cstdio>
#include <string>

#include "media/test_stream.h"
#include "testing/raw_client.h"
#include "testing/world.h"

namespace crosspoint::journeys {

class Camera {
 public:
  Camera(testing::World& world, const net::Endpoint& server, const std::string& path)
      : client_(world.loop(), world.network(), server) {
    client_.send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Lavf/59\r\n" +
                 "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
  }
  // Returns the bytes of the picture it posted.
  std::string post(std::size_t elementary_bytes = 500) {
    const bool key = number_ % 12 == 0;
    const media::Timestamp at = 90'000 + 3600 * number_++;
    if (key) stream_.tables();
    key ? stream_.key_frame(at, elementary_bytes) : stream_.other_frame(at, elementary_bytes);
    const auto picture = to_string(stream_.take());
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", picture.size());
    client_.send(size + picture + "\r\n");
    return picture;
  }
  void skip_to_next_key_frame() { number_ += (12 - number_ % 12) % 12; }
  void end() { client_.send("0\r\n\r\n"); }
  const std::string& answer() const { return client_.received(); }

 private:
  testing::RawClient client_;
  media::TestStream stream_;
  std::uint64_t number_ = 0;
};

}  // namespace crosspoint::journeys
