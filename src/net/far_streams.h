#pragma once
// Streams that are used on one loop while their sockets live on another: system calls, TLS and what the
// kernel does for them cost that other loop's thread, and whoever uses them notices nothing.
//
//   FarStreams far(home, away);                          // before the loops run
//   far.send(std::move(stream), [](auto stream) { … })   // on `away`; called on `home`, in a later turn
//
// What a turn of either loop has for the other, of however many streams, leaves as one post at the turn's
// end. The stream that arrives keeps the promises of stream.h, with these words on them:
//   - it takes `unwritten_bytes_max` more than the socket would, which is its buffer; unacknowledged_bytes()
//   counts
//     what is in there alone
//   - it does not move to yet another loop, and knows nothing of TLS: ask before it is sent
//   - a failure, and room to write, are known when the other loop has told
//
// Bytes are copied once each way, but for those that are written as shared: of a segment that many receivers
// get one copy crosses, the segment itself, and the other loop lets go of it when their sockets have taken
// it. A stream that is destroyed with bytes that its socket did not take yet
// leaves them with the other loop, which has 10 s to get them out.

#include <cstddef>
#include <functional>
#include <memory>

#include "net/loop.h"
#include "net/stream.h"

namespace crosspoint::net {

// Of each stream.
struct FarStreamLimits {
  // Written here and not taken by the socket there: then a write takes less.
  std::size_t unwritten_bytes_max = 256 * 1024;
  // Read there and not told here, as far as is known there: then the socket is not read. The last read may go
  // past it by as much as is read at once (Loop::read_buffer).
  std::size_t undelivered_bytes_max = 128 * 1024;
};

class FarStreams {
 public:
  // Both loops outlive it. Made before they run, and destroyed when neither runs any more, or all turn in one
  // thread: then sockets close as they are, and streams that are still there have failed.
  FarStreams(Loop& home, Loop& away, const FarStreamLimits& limits = {});
  ~FarStreams();
  FarStreams(const FarStreams&) = delete;
  FarStreams& operator=(const FarStreams&) = delete;

  Loop& away() const { return away_; }

  // On `away`, whose stream it is: not started, or paused and telling nobody. `arrived` gets what stands for
  // it, not started, and is destroyed uncalled when the loops end before.
  using Arrived = std::move_only_function<void(std::unique_ptr<Stream>)>;
  void send(std::unique_ptr<Stream> stream, Arrived arrived);

  // On `home`: calls `done` there once the sockets have been told all that happened to their streams until
  // the end of this turn.
  void settle(std::move_only_function<void()> done);

 private:
  class Home;
  class Away;

  Loop& home_;
  Loop& away_;
  const FarStreamLimits limits_;
  std::shared_ptr<Home> here_;   // what lives on `home`
  std::shared_ptr<Away> there_;  // on `away`
};

}  // namespace crosspoint::net
