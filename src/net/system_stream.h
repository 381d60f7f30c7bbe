#pragma once
// A connected socket as a Stream, writes tried first. Private to net/*.cpp. While it is idle, this object and
// its entry in the kernel are all there is of a connection.

#include "net/descriptor.h"
#include "net/poller.h"
#include "net/stream.h"
#include "net/system_loop.h"

namespace crosspoint::net {

class SystemStream final : public Stream, private Watcher {
 public:
  // The socket does not block and has its options.
  SystemStream(SystemLoop& loop, Descriptor socket, const Address& peer);
  ~SystemStream() override;

  void start(StreamEvents& events) override;
  using Stream::write_some;
  Result<std::size_t, StreamError> write_some(std::span<const Bytes> pieces) override;
  void await_writable() override;
  void pause_reading() override { paused_ = true; }
  void resume_reading() override;
  void shutdown_write() override;
  bool encrypt_below(const TlsWriteKey& key) override;
  Result<std::size_t, StreamError> write_alert(Bytes alert) override;
  void reset_on_close() override;
  Address peer_address() const override { return peer_; }
  std::size_t unacknowledged_bytes() const override;
  void detach() override;
  void attach(Loop& loop) override;

 private:
  void on_ready(Readiness ready) override;
  void read();
  bool read_once();
  void tell_writable(Readiness ready);
  void tell_waiting_error();
  void tell_failure(StreamError error);
  void read_in_next_turn();
  void unwatch();
  Result<std::size_t, StreamError> give_up(StreamError error);
  bool reading() const { return watched_ && !paused_ && !over_ && !failed_; }

  SystemLoop* loop_;
  StreamEvents* events_ = nullptr;
  Descriptor socket_;
  Address peer_;
  StreamError failure_ = StreamError::other;  // if failed_
  bool watched_ : 1 = false;
  bool watching_writable_ : 1 = false;
  bool awaiting_writable_ : 1 = false;
  bool paused_ : 1 = false;
  bool readable_ : 1 = false;     // there may be something to read that no further edge will tell of
  bool last_edge_ : 1 = false;    // the end or an error stands behind what is unread: read on until it comes
  bool error_waits_ : 1 = false;  // in the socket, not fetched yet
  bool unwatchable_ : 1 = false;
  bool queued_ : 1 = false;  // the poller calls again in the next turn
  bool over_ : 1 = false;    // on_end was told
  bool failed_ : 1 = false;
  bool shut_down_ : 1 = false;
};

}  // namespace crosspoint::net
