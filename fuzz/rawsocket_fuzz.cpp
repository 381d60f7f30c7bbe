// A RawSocket client's handshake and frames: however the bytes are cut, the same frames come out, none longer
// than was allowed.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "require.h"
#include "wamp/rawsocket.h"

using namespace crosspoint;
using namespace crosspoint::wamp;

namespace {

constexpr std::size_t message_bytes_max = 4096;

std::string frames_in(Bytes stream, std::size_t piece) {
  rawsocket::FrameReader reader(message_bytes_max);
  std::string seen;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    Bytes bytes = stream.subspan(at, std::min(piece, stream.size() - at));
    while (true) {
      const auto next = reader.next(bytes);
      if (!next) return seen + "error " + std::to_string(static_cast<int>(next.error()));
      if (!*next) break;
      REQUIRE((*next)->payload.size() <= message_bytes_max);
      seen += std::to_string(static_cast<int>((*next)->type)) + ":" + to_string((*next)->payload) + "\n";
    }
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  if (size < rawsocket::handshake_bytes) return 0;
  const auto four = bytes.first(rawsocket::handshake_bytes);
  if (const auto offer = rawsocket::read_offer(four); offer && *offer) {
    REQUIRE(rawsocket::find_format((*offer)->serializer));
    REQUIRE((*offer)->message_bytes_max >= rawsocket::message_bytes_least);
    const auto again = rawsocket::handshake((*offer)->message_bytes_max, (*offer)->serializer);
    REQUIRE(std::equal(again.begin(), again.end(), four.begin()));
  }
  (void)rawsocket::read_answer(four);
  const auto stream = bytes.subspan(rawsocket::handshake_bytes);
  const auto whole = frames_in(stream, stream.size() + 1);
  for (const std::size_t piece: {1, 3, 7}) REQUIRE(frames_in(stream, piece) == whole);
  return 0;
}
