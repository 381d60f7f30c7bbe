// What a router sends to a client: the first byte chooses the format. Whatever it is, it is read or refused
// with a sentence; what was read goes out again as a router writes it, is well-formed there, and reads as the
// same once more.
#include <cstddef>
#include <cstdint>

#include "data/transcode.h"
#include "require.h"
#include "wamp/read_reply.h"
#include "wamp/write_message.h"

using namespace crosspoint;
using namespace crosspoint::wamp;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto format = data::formats[data[0] % std::size(data::formats)];
  ReplyReader reader(format, Bytes(reinterpret_cast<const std::byte*>(data) + 1, size - 1));
  const auto message = reader.read();
  if (!message) {
    REQUIRE(!message.error().sentence.empty());
    return 0;
  }
  ByteVector once, twice;
  REQUIRE(write_message(format, *message, once) == Sent::sent);
  const data::Limits limits{.depth_max = 65, .bytes_max = once.size()};
  REQUIRE(data::check(format, once, limits));
  ReplyReader again(format, once, limits);
  const auto same = again.read();
  REQUIRE(same);
  REQUIRE(same->index() == message->index());
  REQUIRE(write_message(format, *same, twice) == Sent::sent);
  REQUIRE(once == twice);
  return 0;
}
