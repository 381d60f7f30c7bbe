#pragma once
// A connected, ordered, two-way stream of bytes: TCP, a Unix socket, TLS over either, or a pair in memory.
// Nothing here blocks. Writes are tried at once; waiting is asked for only when a write took less than it was
// given.

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/segment.h"
#include "net/address.h"

namespace crosspoint::net {

class Loop;
class TlsSession;
struct TlsWriteKey;

enum class StreamError {
  reset,      // the peer, or something between, cut the connection
  timed_out,  // sent bytes were not acknowledged in time (TCP_USER_TIMEOUT, keep-alive)
  closed,     // written after the peer closed, or after shutdown_write
  tls,        // the peer is not who it should be, or does not speak TLS as it should (net/tls.h says why)
  other,
};
std::string_view to_string(StreamError error);

// Who is told what happens on a stream. The stream must not be destroyed inside one of these calls:
// give it to Loop::dispose, or remember to destroy it later.
class StreamEvents {
 public:
  // At least one byte. The bytes lie in the loop's read buffer: they may be changed in place (unmasking
  // does), and are gone when this call returns.
  virtual void on_bytes(MutableBytes bytes) = 0;
  // The peer will send no more (FIN). Writing may still work. Called once; no on_bytes follows.
  virtual void on_end() = 0;
  // The stream works in neither direction any more. Called once; nothing follows.
  virtual void on_failure(StreamError error) = 0;
  // A write may take something again. Called once for each await_writable().
  virtual void on_writable() = 0;

 protected:
  ~StreamEvents() = default;
};

class Stream {
 public:
  // Closes: what was written is still sent by the kernel, then FIN; unread input turns that into a reset.
  virtual ~Stream() = default;

  // Begins reading, and names who is told. May be called again to name somebody else.
  virtual void start(StreamEvents& events) = 0;

  // Writes the pieces in order as one gathered write. Returns how many bytes were taken: all, or fewer when
  // the queue below is full (then call await_writable), possibly 0. An error is final; on_failure is not
  // called for it.
  virtual Result<std::size_t, StreamError> write_some(std::span<const Bytes> pieces) = 0;
  Result<std::size_t, StreamError> write_some(Bytes piece) { return write_some(std::span(&piece, 1)); }
  // The same. A piece that lies in a segment names it, others null: a stream that would have to copy what it
  // takes may hold on to the segment instead (net/far_streams.h).
  virtual Result<std::size_t, StreamError> write_shared(std::span<const Bytes> pieces,
                                                        std::span<const SegmentRef* const> /*segments*/) {
    return write_some(pieces);
  }
  virtual void await_writable() = 0;

  // No on_bytes while paused: the kernel's window then slows the peer down. on_end and on_failure may come
  // late.
  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;

  // FIN after everything that write_some took.
  virtual void shutdown_write() = 0;

  // From now on what is written leaves as TLS records, encrypted below (net/kernel_tls.h). False: that cannot
  // be done here, and nothing has changed. `write_alert` is then how an alert is sent (RFC 8446 section 6):
  // whole, or 0 when the queue below is full.
  virtual bool encrypt_below(const TlsWriteKey&) { return false; }
  virtual Result<std::size_t, StreamError> write_alert(Bytes) { return fail(StreamError::other); }

  // The destructor will send RST instead of FIN, throwing away what is unsent.
  virtual void reset_on_close() = 0;

  virtual Address peer_address() const = 0;
  // What TLS knows of this connection (net/tls_session.h), for as long as the stream lives; null: it is none
  // of TLS.
  virtual const TlsSession* tls() const { return nullptr; }
  // Bytes that write_some took and the peer has not acknowledged, as far as the system tells; for stats.
  virtual std::size_t unacknowledged_bytes() const { return 0; }

  // Moving to another loop: detach on the old loop's thread (no callback follows), post the stream, attach on
  // the new loop's thread, then start() again. A paused stream stays paused.
  virtual void detach() = 0;
  virtual void attach(Loop& loop) = 0;
};

}  // namespace crosspoint::net
