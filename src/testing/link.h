#pragma once
// The cable between the two streams of one connection in memory, and the hand of the test on it: how much it
// holds, how it cuts what passes into pieces, how long it takes, and everything that goes wrong with cables.

#include <array>
#include <cstdint>
#include <deque>
#include <optional>

#include "base/bytes.h"
#include "base/time.h"
#include "net/address.h"
#include "net/network.h"
#include "net/stream.h"

namespace crosspoint::testing {

class MemoryStream;

struct LinkSettings {
  std::size_t capacity_bytes = 256 * 1024;   // written and not yet read, each way; full: writes take nothing
  std::size_t segment_bytes_max = SIZE_MAX;  // the most that one on_bytes brings; 1: byte by byte
  std::size_t write_bytes_max = SIZE_MAX;    // the most that one write_some takes
  Duration latency = Duration::zero();       // one way; connecting takes two
  std::uint64_t bytes_per_second = 0;        // each way; 0: no limit
};

class Link {
 public:
  enum class Way { to_listener, to_connector };
  enum class Side { listener, connector };

  // `options` of either side: how long it takes to see that the link is dead.
  struct End {
    net::Address address;
    Duration dead_link_after;
  };
  Link(const Clock& clock, const LinkSettings& settings, const End& listener, const End& connector);
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  void set(const LinkSettings& settings);
  const LinkSettings& settings() const { return settings_; }

  // The receiving program does not read: bytes stay in the pipe until it is full.
  void stall(Way way);
  void resume(Way way);
  // The connection is reset in the middle, what is under way is lost.
  void cut();
  // Half-open (row J6): from now on nothing passes, and nobody is told. Each end times out after its
  // dead_link_after.
  void go_silent();

  bool alive() const;  // both ends are there and neither has failed
  std::size_t waiting_bytes(Way way) const { return lane(way).bytes; }

 private:
  friend class MemoryStream;
  // How the bytes of a lane end.
  enum class Ending { none, end_of_stream, reset };
  struct Packet {
    MonotonicTime arrives;
    ByteVector bytes;
    std::size_t begin = 0;  // [0, begin) has been read
  };
  struct Lane {
    std::deque<Packet> packets;
    std::size_t bytes = 0;
    Ending ending = Ending::none;
    MonotonicTime ending_arrives{};
    MonotonicTime line_free{};  // when the last byte put in so far has left the writer
    bool stalled = false;
  };

  static std::size_t index(Way way) { return way == Way::to_listener ? 0 : 1; }
  static std::size_t index(Side side) { return side == Side::listener ? 0 : 1; }
  Lane& lane(Way way) { return lanes_[index(way)]; }
  const Lane& lane(Way way) const { return lanes_[index(way)]; }
  MonotonicTime send(Lane& lane, std::size_t bytes);
  void end_lane(Lane& lane, Ending ending);
  void fail_end(Side side, net::StreamError error);
  void wake(Side side);

  const Clock& clock_;
  LinkSettings settings_;
  std::array<End, 2> ends_;
  std::array<Lane, 2> lanes_;
  std::array<MemoryStream*, 2> streams_{};
  std::array<std::optional<net::StreamError>, 2> failures_{};
  std::optional<MonotonicTime> silent_since_;
};

}  // namespace crosspoint::testing
