// A TLS stream's other half: what leaves.
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <utility>

#include "net/tls.h"
#include "net/tls_transport.h"
#include "net/tls_trouble.h"

namespace crosspoint::net {
namespace {

constexpr std::size_t record_bytes_max = 16 * 1024;  // of plain text, RFC 8446 section 5.1
// Records that leave with one call below: a call costs as much as encrypting a record.
constexpr std::size_t gathered_records_max = 4;

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

}  // namespace

Result<std::size_t, StreamError> TlsStream::write_some(std::span<const Bytes> pieces) {
  if (!failure_ && shut_down_) return fail(StreamError::closed);
  std::size_t taken = 0;
  if (!failure_ && encrypting_below_) {
    const auto written = inner_->write_some(pieces);
    if (written) taken = *written;
    if (!written) give_up(written.error());
  } else if (!failure_ && established_ && flush()) {
    taken = write_records(pieces);
  }
  if (!failure_) return taken;
  told_failure_ = true;
  return fail(*failure_);
}

// Until everything is taken, or something encrypted waits. A single record is passed on from where OpenSSL
// has it, several are put together first.
std::size_t TlsStream::write_records(std::span<const Bytes> pieces) {
  RecordsOf records(pieces);
  std::size_t taken = 0;
  const std::size_t total = total_bytes(pieces);
  while (!failure_ && unsent_.empty() && taken < total) {
    gathering_ = total - taken > record_bytes_max;
    const std::size_t most = gathering_ ? gathered_records_max : 1;
    for (std::size_t count = 0; count < most && taken < total && !failure_; ++count)
      taken += encrypt(records.next());
    if (gathering_) pass_on_gathered();
  }
  return taken;
}

// The stream below may be TLS as well and gather there itself, so the buffer is away meanwhile.
void TlsStream::pass_on_gathered() {
  gathering_ = false;
  auto together = std::exchange(TlsTransport::gathered(), {});
  if (!failure_ && !TlsTransport::pass_on(*this, together)) give_up(*write_error_);
  together.clear();
  TlsTransport::gathered() = std::move(together);
}

std::size_t TlsStream::encrypt(Bytes record) {
  std::size_t written = 0;
  ERR_clear_error();
  if (SSL_write_ex(tls_.get(), record.data(), record.size(), &written) == 1) return record.size();
  write_error_ ? give_up(*write_error_)
               : give_up(StreamError::tls, why_broken(ERR_peek_last_error(), peer_name_));
  return 0;
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
  if (goodbye_waits_) say_goodbye_below();
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

void TlsStream::say_goodbye_below() {
  constexpr std::array close_notify{std::byte{1}, std::byte{0}};
  const auto written = inner_->write_alert(close_notify);
  goodbye_waits_ = written && *written == 0;
  if (!written) {
    give_up(written.error());
    return wake();
  }
  goodbye_waits_ ? inner_->await_writable() : inner_->shutdown_write();
}

void TlsStream::say_goodbye() {
  if (encrypting_below_) return say_goodbye_below();
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

}  // namespace crosspoint::net
