#pragma once
// One end of a Link (link.h) as a net::Stream. It tells what has happened in later turns of its loop, never
// from inside the call that caused it, as the real one does. Strict where the contract is: destroying it
// inside one of its own callbacks ends the test at once.

#include <memory>

#include "net/loop.h"
#include "net/stream.h"
#include "testing/link.h"

namespace crosspoint::testing {

class MemoryStream final : public net::Stream {
 public:
  MemoryStream(std::shared_ptr<Link> link, Link::Side side, net::Loop& loop);
  ~MemoryStream() override;

  void start(net::StreamEvents& events) override;
  using Stream::write_some;
  Result<std::size_t, net::StreamError> write_some(std::span<const Bytes> pieces) override;
  void await_writable() override;
  void pause_reading() override { paused_ = true; }
  void resume_reading() override;
  void shutdown_write() override;
  void reset_on_close() override { reset_on_close_ = true; }
  net::Address peer_address() const override;
  std::size_t unacknowledged_bytes() const override { return out().bytes; }
  void detach() override;
  void attach(net::Loop& loop) override;

 private:
  friend class Link;
  // Something may have happened to this end: look at it in a later turn.
  void wake();
  void service();
  bool tell_failure();
  void tell_bytes();
  void tell_end();
  void tell_writable();
  std::size_t take_arrived(MutableBytes out);
  void watch_time();
  template <class Call>
  void tell(Call call);

  Link::Side other() const {
    return side_ == Link::Side::listener ? Link::Side::connector : Link::Side::listener;
  }
  Link::Lane& in() const { return link_->lanes_[Link::index(side_)]; }
  Link::Lane& out() const { return link_->lanes_[Link::index(other())]; }
  std::optional<net::StreamError>& failure() const { return link_->failures_[Link::index(side_)]; }
  bool arrived(MonotonicTime at) const;

  std::shared_ptr<Link> link_;
  Link::Side side_;
  net::Loop* loop_;
  net::StreamEvents* events_ = nullptr;
  // What is posted holds this weakly, and finds out that the stream has gone or moved.
  std::shared_ptr<MemoryStream*> self_;
  std::unique_ptr<net::Timer> timer_;
  bool woken_ = false;
  bool paused_ = false;
  bool over_ = false;  // the end or the failure of reading was told
  bool failure_told_ = false;
  bool awaiting_writable_ = false;
  bool shut_down_ = false;
  bool reset_on_close_ = false;
  bool calling_ = false;
};

}  // namespace crosspoint::testing
