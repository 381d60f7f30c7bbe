#pragma once
// The half of a far stream (far_streams.h) that is used: a Stream on the home loop. Private to net/*.cpp.

#include <cstdint>
#include <optional>

#include "net/courier.h"
#include "net/far_streams.h"
#include "net/stream.h"

namespace crosspoint::net {

class FarStream;

// What all streams of a pair of loops share on the home loop.
class FarHome {
 public:
  virtual Courier& courier() = 0;
  virtual const FarStreamLimits& limits() const = 0;
  // Calls serve() in a later turn, if the stream is still there.
  virtual void serve_later(std::uint32_t line) = 0;
  virtual void on_stream_gone(std::uint32_t line) = 0;

 protected:
  ~FarHome() = default;
};

class FarStream final : public Stream {
 public:
  FarStream(FarHome& home, std::uint32_t line, const Address& peer)
      : home_(&home), peer_(peer), line_(line) {}
  ~FarStream() override;
  FarStream(const FarStream&) = delete;
  FarStream& operator=(const FarStream&) = delete;

  void start(StreamEvents& events) override;
  using Stream::write_some;
  Result<std::size_t, StreamError> write_some(std::span<const Bytes> pieces) override;
  Result<std::size_t, StreamError> write_shared(std::span<const Bytes> pieces,
                                                std::span<const SegmentRef* const> segments) override;
  void await_writable() override;
  void pause_reading() override;
  void resume_reading() override;
  void shutdown_write() override;
  void reset_on_close() override { reset_on_close_ = true; }
  Address peer_address() const override { return peer_; }
  std::size_t unacknowledged_bytes() const override { return untaken_; }
  void detach() override;
  void attach(Loop& loop) override;

  // What the other loop tells.
  void on_note(const FarNote& note, FarBatch& batch);
  // Tells what waited for a later turn.
  void serve();
  // There are no others any more.
  void lose_home();

 private:
  bool reading() const { return events_ != nullptr && !paused_ && !over_ && !told_failure_; }
  void on_bytes(MutableBytes bytes);
  void deliver(MutableBytes bytes);
  void wake();
  void tell(FarNews news, std::uint64_t value = 0);

  FarHome* home_;  // null: lost
  StreamEvents* events_ = nullptr;
  Address peer_;
  std::uint32_t line_;
  std::size_t untaken_ = 0;           // written, and not known to be taken by the socket
  std::size_t untold_delivered_ = 0;  // delivered since the socket's side was last told
  ByteVector arrived_;                // while nobody reads
  std::optional<StreamError> failure_;
  bool started_ = false;
  bool paused_ = false;
  bool ended_ = false;  // FIN has come
  bool over_ = false;   // on_end was told
  bool told_failure_ = false;
  bool awaiting_writable_ = false;
  bool shut_down_ = false;
  bool reset_on_close_ = false;
  bool woken_ = false;
};

}  // namespace crosspoint::net
