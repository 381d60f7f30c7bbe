// 188 bytes, whatever they say: views stay inside them, and fields that are written read the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "media/ts_packet.h"

using namespace crosspoint;
using namespace crosspoint::media;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  const auto checked = check_packet(bytes.first(size < packet_bytes ? size : packet_bytes));
  if (size < packet_bytes) {
    CROSSPOINT_ASSERT(!checked && checked.error() == PacketError::wrong_size);
    return 0;
  }
  const PacketView view(bytes.first<packet_bytes>());
  const Bytes payload = view.payload();
  CROSSPOINT_ASSERT(payload.empty() || payload.data() + payload.size() == bytes.data() + packet_bytes);
  CROSSPOINT_ASSERT(!view.pcr() || *view.pcr() / 300 < pcr_modulus / 300);
  if (checked) CROSSPOINT_ASSERT(view.has_payload() == !payload.empty());

  Packet copy;
  std::copy_n(bytes.begin(), packet_bytes, copy.begin());
  set_pid(copy, 0x1abc);
  set_continuity_counter(copy, 9);
  const bool marked = set_discontinuity(copy);
  const bool timed = set_pcr(copy, 12345);
  const PacketView changed{copy};
  CROSSPOINT_ASSERT(changed.pid() == 0x1abc && changed.continuity_counter() == 9);
  CROSSPOINT_ASSERT(!marked || changed.discontinuity());
  CROSSPOINT_ASSERT(timed == view.pcr().has_value());
  CROSSPOINT_ASSERT(!timed || changed.pcr() == 12345u);
  CROSSPOINT_ASSERT(changed.payload().size() == payload.size());

  // The rest of the input is a payload to write.
  const Bytes rest = bytes.subspan(packet_bytes);
  PacketHeader header{.pid = view.pid(), .continuity_counter = view.continuity_counter()};
  header.random_access = view.random_access();
  header.pcr = view.pcr();
  Packet written;
  const std::size_t taken = write_packet(header, rest, written);
  const auto again = check_packet(written);
  CROSSPOINT_ASSERT(again && again->pid() == view.pid() &&
                    again->pcr().has_value() == view.pcr().has_value());
  CROSSPOINT_ASSERT(std::ranges::equal(again->payload(), rest.first(taken)));
  return 0;
}
