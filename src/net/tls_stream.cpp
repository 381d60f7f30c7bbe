#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"
#include "net/loop.h"
#include "net/tls.h"
#include "net/tls_farewell.h"
#include "net/tls_trouble.h"

namespace crosspoint::net {
namespace {

constexpr std::size_t record_bytes_max = 16 * 1024;  // of plain text, RFC 8446 section 5.1
// More than a record and every flight of a handshake; a peer that makes us answer without reading is cut off.
constexpr std::size_t unsent_bytes_max = 256 * 1024;

// What the records of one write are made of: views of large pieces, small ones put together.
class RecordsOf {
 public:
  explicit RecordsOf(std::span<const Bytes> pieces) : pieces_(pieces) { skip_empty(); }

  // The next record's plain text, valid until the next call; empty at the end.
  Bytes next() {
    if (pieces_.empty()) return {};
    if (rest_of_piece().size() >= record_bytes_max || pieces_.size() == 1)
      return take(std::min(rest_of_piece().size(), record_bytes_max));
    std::size_t filled = 0;
    while (!pieces_.empty() && filled < together_.size()) {
      const auto some = take(std::min(rest_of_piece().size(), together_.size() - filled));
      std::ranges::copy(some, together_.begin() + static_cast<std::ptrdiff_t>(filled));
      filled += some.size();
    }
    return Bytes(together_).first(filled);
  }

 private:
  Bytes rest_of_piece() const { return pieces_.front().subspan(begin_); }
  Bytes take(std::size_t bytes) {
    const auto taken = rest_of_piece().first(bytes);
    begin_ += bytes;
    skip_empty();
    return taken;
  }
  void skip_empty() {
    while (!pieces_.empty() && begin_ == pieces_.front().size()) {
      pieces_ = pieces_.subspan(1);
      begin_ = 0;
    }
  }

  std::span<const Bytes> pieces_;
  std::size_t begin_ = 0;
  std::array<std::byte, record_bytes_max> together_;
};

bool begins_a_tls_record(std::byte first) {
  const auto type = to_u8(first);
  return type >= SSL3_RT_CHANGE_CIPHER_SPEC && type <= SSL3_RT_APPLICATION_DATA;
}

}  // namespace

// What OpenSSL reads from and writes to: the bytes that have come, and the stream below. Not its own memory
// BIOs, which would copy everything once more and never give their memory back.
struct TlsTransport {
  static TlsStream& stream_of(BIO* bio) { return *static_cast<TlsStream*>(BIO_get_data(bio)); }

  static int read(BIO* bio, char* out, std::size_t room, std::size_t* got) {
    auto& stream = stream_of(bio);
    BIO_clear_retry_flags(bio);
    const auto rest = Bytes(stream.arrived_).subspan(stream.arrived_begin_);
    *got = std::min(room, rest.size());
    if (*got == 0) {
      BIO_set_retry_read(bio);  // whether more can come is judged above
      return 0;
    }
    std::copy_n(rest.data(), *got, reinterpret_cast<std::byte*>(out));
    stream.arrived_begin_ += *got;
    return 1;
  }

  // Takes everything or fails: what the stream below leaves is kept.
  static int write(BIO* bio, const char* data, std::size_t size, std::size_t* taken) {
    auto& stream = stream_of(bio);
    BIO_clear_retry_flags(bio);
    *taken = 0;
    if (stream.write_error_) return 0;
    auto bytes = Bytes(reinterpret_cast<const std::byte*>(data), size);
    if (stream.unsent_.empty()) {
      const auto written = stream.inner_->write_some(bytes);
      if (!written) {
        stream.write_error_ = written.error();
        return 0;
      }
      bytes = bytes.subspan(*written);
      if (!bytes.empty() && stream.loop_ != nullptr) stream.inner_->await_writable();
    }
    append(stream.unsent_, bytes);
    if (stream.unsent_.size() > unsent_bytes_max) {
      stream.write_error_ = StreamError::timed_out;
      return 0;
    }
    *taken = size;
    return 1;
  }

  static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

  static const BIO_METHOD* method() {
    struct Free {
      void operator()(BIO_METHOD* made) const { BIO_meth_free(made); }
    };
    static const std::unique_ptr<BIO_METHOD, Free> made = [] {
      std::unique_ptr<BIO_METHOD, Free> making(
          BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "stream"));
      CROSSPOINT_ASSERT(making != nullptr);
      BIO_meth_set_read_ex(making.get(), read);
      BIO_meth_set_write_ex(making.get(), write);
      BIO_meth_set_ctrl(making.get(), control);
      return making;
    }();
    return made.get();
  }
};

void TlsStream::Free::operator()(ssl_st* tls) const { SSL_free(tls); }

TlsStream::TlsStream(Loop& loop, std::unique_ptr<Stream> inner, ssl_ctx_st* context)
    : loop_(&loop), inner_(std::move(inner)), tls_(SSL_new(context)) {
  CROSSPOINT_ASSERT(tls_ != nullptr);
  BIO* bio = BIO_new(TlsTransport::method());
  CROSSPOINT_ASSERT(bio != nullptr);
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(tls_.get(), bio, bio);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(loop.wall_now()).time_since_epoch().count();
  X509_VERIFY_PARAM_set_time(SSL_get0_param(tls_.get()), static_cast<std::time_t>(seconds));
}

TlsStream::~TlsStream() {
  if (failure_ || reset_on_close_) return;
  // What was never read is lost, and the peer should know.
  if (input_waits()) {
    inner_->reset_on_close();
    return;
  }
  if (established_ && !shut_down_) say_goodbye();
  if (unsent_.empty() || write_error_ || loop_ == nullptr) return;
  unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<std::ptrdiff_t>(unsent_begin_));
  TlsFarewell::begin(*loop_, std::move(inner_), std::move(unsent_));
}

void TlsStream::start(StreamEvents& events) {
  CROSSPOINT_ASSERT(loop_ != nullptr);
  events_ = &events;
  inner_->start(*this);
  if (!unsent_.empty()) inner_->await_writable();
  if (!established_ && !failure_) shake_hands();
  if (failure_ || inner_ended_ || input_waits()) wake();
}

bool TlsStream::input_waits() const {
  return arrived_begin_ < arrived_.size() || SSL_pending(tls_.get()) > 0;
}

// In a later turn: nobody is called from inside a call of theirs.
void TlsStream::wake() {
  if (woken_ || loop_ == nullptr || events_ == nullptr) return;
  woken_ = true;
  if (!self_) self_ = std::make_shared<TlsStream*>(this);
  loop_->post([self = std::weak_ptr(self_)] {
    const auto stream = self.lock();
    if (!stream) return;
    (*stream)->woken_ = false;
    (*stream)->advance();
  });
}

// The first cause stays: what follows from it says less.
void TlsStream::give_up(StreamError error, std::string trouble) {
  if (failure_) return;
  failure_ = error;
  trouble_ = std::move(trouble);
}

// Reading
// ---------------------------------------------------------------------------------------------------------

void TlsStream::on_bytes(MutableBytes bytes) {
  if (peer_ended_ || failure_) return;  // after close_notify nothing counts
  if (!first_byte_) first_byte_ = bytes.front();
  append(arrived_, bytes);
  advance();
}

void TlsStream::on_end() {
  inner_ended_ = true;
  advance();
}

void TlsStream::on_failure(StreamError error) {
  give_up(error);
  tell_failure();
}

void TlsStream::advance() {
  if (!failure_ && !established_ && shake_hands()) after_handshake();
  while (established_ && reading() && tell_what_came() == Heard::something) {
  }
  if (failure_ && (!paused_ || awaiting_writable_ || !established_)) tell_failure();
}

// True when it is done.
bool TlsStream::shake_hands() {
  ERR_clear_error();
  const int result = SSL_do_handshake(tls_.get());
  if (result == 1) {
    established_ = true;
  } else if (write_error_) {
    give_up(*write_error_);
  } else if (SSL_get_error(tls_.get(), result) == SSL_ERROR_WANT_READ) {
    if (inner_ended_) give_up(StreamError::tls, left_during_handshake(peer_name_));
  } else if (const long verdict = SSL_get_verify_result(tls_.get()); verdict != X509_V_OK) {
    give_up(StreamError::tls, why_not_trusted(verdict, peer_name_));
  } else if (first_byte_ && !begins_a_tls_record(*first_byte_)) {
    give_up(StreamError::tls, speaks_no_tls(peer_name_));
  } else {
    give_up(StreamError::tls, why_handshake_failed(ERR_peek_last_error(), peer_name_));
  }
  return established_;
}

void TlsStream::after_handshake() {
  if (paused_) inner_->pause_reading();
  if (shut_down_) say_goodbye();
  if (unsent_.empty()) tell_writable();
}

// As many records as there are and as fit: one round of telling. The callback may pause, detach, or write.
TlsStream::Heard TlsStream::tell_what_came() {
  const auto buffer = loop_->read_buffer();
  const auto bytes = failure_ ? 0 : decrypt(buffer);
  if (bytes > 0) {
    events_->on_bytes(buffer.first(bytes));
    return Heard::something;
  }
  if (!failure_) tell_end_of_input();
  return Heard::nothing;
}

std::size_t TlsStream::decrypt(MutableBytes out) {
  std::size_t filled = 0;
  int result = 1;
  while (result == 1 && filled < out.size()) {
    std::size_t got = 0;
    ERR_clear_error();
    result = SSL_read_ex(tls_.get(), out.data() + filled, out.size() - filled, &got);
    filled += got;
  }
  if (result != 1) judge_reading(result);
  if (arrived_begin_ == arrived_.size()) {
    arrived_ = {};
    arrived_begin_ = 0;
  }
  return filled;
}

void TlsStream::judge_reading(int result) {
  const int error = SSL_get_error(tls_.get(), result);
  if (error == SSL_ERROR_WANT_READ) return;
  if (error == SSL_ERROR_ZERO_RETURN) {
    peer_ended_ = true;
  } else if (write_error_) {
    give_up(*write_error_);
  } else {
    give_up(StreamError::tls, why_broken(ERR_peek_last_error(), peer_name_));
  }
}

void TlsStream::tell_end_of_input() {
  if (peer_ended_) {
    over_ = true;
    events_->on_end();
  } else if (inner_ended_) {
    give_up(StreamError::reset);  // no close_notify: cut off, by whomever
  }
}

void TlsStream::tell_failure() {
  if (told_failure_ || events_ == nullptr) return;
  told_failure_ = true;
  events_->on_failure(*failure_);
}

// Until the handshake is done, reading goes on: it brings nobody any bytes.
void TlsStream::pause_reading() {
  paused_ = true;
  if (established_) inner_->pause_reading();
}

void TlsStream::resume_reading() {
  paused_ = false;
  inner_->resume_reading();
  if (failure_ || inner_ended_ || peer_ended_ || input_waits()) wake();
}

// Writing
// ---------------------------------------------------------------------------------------------------------

Result<std::size_t, StreamError> TlsStream::write_some(std::span<const Bytes> pieces) {
  if (!failure_ && shut_down_) return fail(StreamError::closed);
  std::size_t taken = 0;
  if (!failure_ && established_ && flush()) {
    RecordsOf records(pieces);
    while (unsent_.empty()) {
      const auto record = records.next();
      if (record.empty()) break;
      std::size_t written = 0;
      ERR_clear_error();
      if (SSL_write_ex(tls_.get(), record.data(), record.size(), &written) != 1) {
        write_error_ ? give_up(*write_error_)
                     : give_up(StreamError::tls, why_broken(ERR_peek_last_error(), peer_name_));
        break;
      }
      taken += record.size();
    }
  }
  if (!failure_) return taken;
  told_failure_ = true;
  return fail(*failure_);
}

// True when nothing encrypted waits any more.
bool TlsStream::flush() {
  if (unsent_.empty()) return true;
  const auto written = inner_->write_some(Bytes(unsent_).subspan(unsent_begin_));
  if (!written) {
    give_up(written.error());
    return false;
  }
  unsent_begin_ += *written;
  if (unsent_begin_ < unsent_.size()) {
    inner_->await_writable();
    return false;
  }
  unsent_ = {};
  unsent_begin_ = 0;
  if (fin_waits_) inner_->shutdown_write();
  fin_waits_ = false;
  return true;
}

void TlsStream::await_writable() {
  awaiting_writable_ = true;
  if (failure_) return wake();
  if (established_ && unsent_.empty()) inner_->await_writable();
}

void TlsStream::on_writable() {
  if (flush()) return tell_writable();
  if (failure_) tell_failure();
}

void TlsStream::tell_writable() {
  if (!established_ || events_ == nullptr || !awaiting_writable_) return;
  awaiting_writable_ = false;
  events_->on_writable();
}

void TlsStream::shutdown_write() {
  if (shut_down_) return;
  shut_down_ = true;
  if (established_ && !failure_) say_goodbye();
}

void TlsStream::say_goodbye() {
  ERR_clear_error();
  SSL_shutdown(tls_.get());
  if (write_error_) {
    give_up(*write_error_);
    return wake();
  }
  if (unsent_.empty()) return inner_->shutdown_write();
  fin_waits_ = true;
}

void TlsStream::reset_on_close() {
  reset_on_close_ = true;
  inner_->reset_on_close();
}

std::size_t TlsStream::unacknowledged_bytes() const {
  return inner_->unacknowledged_bytes() + unsent_.size() - unsent_begin_;
}

// Moving
// ---------------------------------------------------------------------------------------------------------

void TlsStream::detach() {
  inner_->detach();
  self_.reset();
  loop_ = nullptr;
  events_ = nullptr;
  woken_ = awaiting_writable_ = false;
}

void TlsStream::attach(Loop& loop) {
  CROSSPOINT_ASSERT(loop_ == nullptr);
  inner_->attach(loop);
  loop_ = &loop;
}

}  // namespace crosspoint::net
