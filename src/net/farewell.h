#pragma once
// The last bytes of a stream that is gone already (encrypted ones of TLS, or what came from another loop):
// written as the peer takes them, then closed. What still comes is thrown away: unread, it would turn the end
// into a reset. Private to net/*.cpp; owned by the loop.

#include <memory>

#include "net/loop.h"
#include "net/stream.h"

namespace crosspoint::net {

class Farewell final : public Disposable, private StreamEvents {
 public:
  // `bytes` is not empty.
  static void begin(Loop& loop, std::unique_ptr<Stream> stream, ByteVector bytes);

 private:
  Farewell(Loop& loop, std::unique_ptr<Stream> stream, ByteVector bytes);
  void on_bytes(MutableBytes) override {}
  void on_end() override {}
  void on_failure(StreamError) override { leave(); }
  void on_writable() override;
  void leave();

  Loop& loop_;
  std::unique_ptr<Stream> stream_;
  const ByteVector bytes_;
  std::size_t written_ = 0;
  bool left_ = false;
  Timer timer_;
};

}  // namespace crosspoint::net
