#pragma once
// The half of a far stream (far_streams.h) that has the socket, on the away loop. Private to net/*.cpp.

#include <cstdint>
#include <memory>

#include "net/courier.h"
#include "net/far_streams.h"
#include "net/stream.h"
#include "net/write_queue.h"

namespace crosspoint::net {

class FarSocket final : private StreamEvents {
 public:
  // Courier and limits outlive it; `loop` is the stream's.
  FarSocket(Loop& loop, Courier& courier, const FarStreamLimits& limits, std::uint32_t line,
            std::unique_ptr<Stream> stream)
      : loop_(loop), courier_(courier), limits_(limits), stream_(std::move(stream)), line_(line) {}
  FarSocket(const FarSocket&) = delete;
  FarSocket& operator=(const FarSocket&) = delete;

  // What the other loop tells; after `close` or `reset` it is to be destroyed.
  void on_note(const FarNote& note, FarBatch& batch);

 private:
  void on_bytes(MutableBytes bytes) override;
  void on_end() override { tell(FarNews::end); }
  void on_failure(StreamError error) override { fail_with(error); }
  void on_writable() override;

  void start();
  void apply_pause();
  void write(const FarBatch& batch, std::span<const FarPiece> pieces);
  std::size_t write_now(std::span<const Bytes> pieces);
  void keep(Bytes bytes, const SegmentRef* segment);
  std::size_t unwritten_bytes() const { return unwritten_ ? unwritten_->bytes() : 0; }
  void report_taken();
  void close(bool reset);
  void fail_with(StreamError error);
  void tell(FarNews news, std::uint64_t value = 0) { courier_.note({news, line_, value}); }

  Loop& loop_;
  Courier& courier_;
  const FarStreamLimits& limits_;
  std::unique_ptr<Stream> stream_;
  std::uint32_t line_;
  std::size_t undelivered_ = 0;            // told of, and not known to be delivered
  std::size_t untold_taken_ = 0;           // taken by the stream since that was last told
  std::unique_ptr<WriteQueue> unwritten_;  // what the stream did not take yet; null: nothing
  bool started_ = false;
  bool wanted_ = true;   // the other half wants to read
  bool reading_ = true;  // so is the stream, once started
  bool fin_waits_ = false;
  bool failed_ = false;
};

}  // namespace crosspoint::net
