// What a client sends to the router: the first byte chooses the format. Whatever it is, it is read or refused
// with a sentence; what was read as PUBLISH, CALL or YIELD goes out again in every format, and reads there as
// well-formed.
#include <cstddef>
#include <cstdint>

#include "data/transcode.h"
#include "require.h"
#include "wamp/read_message.h"
#include "wamp/write_message.h"

using namespace crosspoint;
using namespace crosspoint::wamp;

namespace {

void check_written(const Outgoing& message) {
  for (const data::Format format: data::formats) {
    ByteVector out;
    const auto sent = write_message(format, message, out);
    REQUIRE(sent == Sent::sent || (sent == Sent::not_spellable && out.empty()));
    if (sent == Sent::sent) REQUIRE(data::check(format, out, {.depth_max = 65, .bytes_max = out.size()}));
  }
}

struct Forward {
  void operator()(const Publish& message) const {
    check_written(Event{SubscriptionId{1},
                        PublicationId{2},
                        message.topic,
                        {},
                        message.retain,
                        false,
                        message.pass_through,
                        message.payload});
  }
  void operator()(const Call& message) const {
    check_written(Invocation{message.request,
                             RegistrationId{1},
                             message.procedure,
                             {},
                             message.receive_progress,
                             message.progress,
                             message.timeout_ms,
                             message.pass_through,
                             message.payload});
  }
  void operator()(const Yield& message) const {
    check_written(CallResult{message.request, message.progress, message.pass_through, message.payload});
  }
  void operator()(const InvocationError& message) const {
    check_written(
        ErrorOut{Code::call, message.request, message.error, {}, message.pass_through, message.payload});
  }
  void operator()(const auto&) const {}
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto format = data::formats[data[0] % std::size(data::formats)];
  MessageReader reader(format, Bytes(reinterpret_cast<const std::byte*>(data) + 1, size - 1));
  const auto message = reader.read();
  if (!message) {
    REQUIRE(!message.error().sentence.empty());
    return 0;
  }
  std::visit(Forward{}, *message);
  return 0;
}
