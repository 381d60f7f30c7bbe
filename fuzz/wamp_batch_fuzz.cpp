// A batch of messages, its format given by the first byte: what is cut out of it, put together again, is what
// was there up to the refusal, and no more messages come out than were allowed.
#include <cstddef>
#include <cstdint>

#include "require.h"
#include "wamp/batch.h"

using namespace crosspoint;
using namespace crosspoint::wamp;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t messages_max = 64;
  if (size == 0) return 0;
  const auto format = data[0] % 2 == 0 ? data::Format::json : data::Format::cbor;
  const Bytes input(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
  batch::Reader reader(format, input, messages_max);
  ByteVector again;
  std::size_t messages = 0;
  while (true) {
    const auto message = reader.next();
    if (!message) {
      REQUIRE(reader.next().error() == message.error());
      break;
    }
    if (!*message) {
      REQUIRE(messages > 0 && again.size() == input.size());
      break;
    }
    ++messages;
    REQUIRE(!(*message)->empty());
    const auto separator = reader.separator();
    REQUIRE(separator.has_value() == data::is_text(format));
    const batch::Envelope envelope(format, separator.value_or(batch::Separator::record), (*message)->size());
    append(again, envelope.before());
    append(again, **message);
    append(again, envelope.after());
  }
  REQUIRE(messages <= messages_max);
  REQUIRE(again.size() <= input.size() && to_string(Bytes(again)) == to_string(input.first(again.size())));
  return 0;
}
