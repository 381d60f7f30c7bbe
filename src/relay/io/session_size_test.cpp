// An idle viewer may cost 600 bytes of memory (docs/performance.md; bench/idle measures it). This is what it
// consists of, so that whoever makes a part larger hears of it, and decides.
#include <gtest/gtest.h>

#include "net/system_stream.h"
#include "relay/io/session.h"

namespace crosspoint::relay {
namespace {

constexpr std::size_t idle_viewer_bytes_max = 600;
constexpr std::size_t slack_bytes = 50;  // of the heap and of lists that have grown, as measured

TEST(SessionSize, AnIdleViewerStaysWithinItsBudget) {
  const std::size_t slot = sizeof(Session) + sizeof(void*);              // in the gateway's pool
  const std::size_t stream = sizeof(net::SystemStream) + sizeof(void*);  // and what malloc adds
  const std::size_t timer = 24;                                          // a node of TimerQueue's heap
  const std::size_t lists = 2 * sizeof(void*);                           // of the gateway and of the audience

  EXPECT_LE(slot + stream + timer + lists + slack_bytes, idle_viewer_bytes_max)
      << "Session: " << sizeof(Session) << ", of it Socket: " << sizeof(websocket::Socket)
      << ", Member: " << sizeof(fanout::Member) << "; SystemStream: " << sizeof(net::SystemStream);
}

// What only some sessions need is behind a pointer that is null for the others.
TEST(SessionSize, ItsPartsAreSmall) {
  EXPECT_LE(sizeof(Session), 440u);
  EXPECT_LE(sizeof(Seat), 16u);
  EXPECT_LE(sizeof(ClientIdentity), 16u);
  EXPECT_LE(sizeof(fanout::Member), 96u);
  EXPECT_LE(sizeof(fanout::Outbox), 64u);
  EXPECT_LE(sizeof(net::Deadline), 24u);
}

}  // namespace
}  // namespace crosspoint::relay
