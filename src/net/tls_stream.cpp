#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "base/assert.h"
#include "net/farewell.h"
#include "net/loop.h"
#include "net/tls.h"
#include "net/tls_server_data.h"
#include "net/tls_transport.h"
#include "net/tls_trouble.h"
#include "net/tls_write_key.h"

namespace crosspoint::net {
namespace {

bool begins_a_tls_record(std::byte first) {
  const auto type = to_u8(first);
  return type >= SSL3_RT_CHANGE_CIPHER_SPEC && type <= SSL3_RT_APPLICATION_DATA;
}

// What a client may send while its handshake waits for its share of the loop.
constexpr std::size_t unshaken_bytes_max = 32 * 1024;

bool is_letter(std::byte byte) {
  const auto lower = to_u8(byte | std::byte{0x20});
  return lower >= 'a' && lower <= 'z';
}

}  // namespace

// The part of a server's end that costs: signing, and agreeing on keys.
class TlsStream::Handshake final : public WorkShare::Work {
 public:
  Handshake(TlsStream& stream, WorkShare& share) : stream_(stream), share_(share) {}
  void run() {
    running_ = true;
    share_.run(*this);
    running_ = false;
  }

 private:
  void on_share() override;
  TlsStream& stream_;
  WorkShare& share_;
  bool running_ = false;
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
  Farewell::begin(*loop_, std::move(inner_), std::move(unsent_));
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
  if (!failure_ && !established_) advance_handshake();
  if (established_) handshake_.reset();
  while (established_ && reading() && tell_what_came() == Heard::something) {
  }
  if (failure_ && (!paused_ || awaiting_writable_ || !established_)) tell_failure();
}

void TlsStream::shake_hands_in(WorkShare& share) { handshake_ = std::make_unique<Handshake>(*this, share); }

// At once, or when the share has room; then the rest of advance() follows in a later turn.
void TlsStream::advance_handshake() {
  if (!handshake_) {
    if (shake_hands()) after_handshake();
    return;
  }
  if (!handshake_->waits()) handshake_->run();
  // Not before: a client that leaves meanwhile should be noticed.
  if (handshake_->waits() && arrived_.size() > unshaken_bytes_max) inner_->pause_reading();
}

void TlsStream::Handshake::on_share() {
  if (!running_) stream_.inner_->resume_reading();
  if (stream_.shake_hands()) stream_.after_handshake();
  if (!running_) stream_.wake();  // else advance() goes on
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
    answer_plain_text();
    give_up(StreamError::tls, speaks_no_tls(peer_name_));
  } else {
    give_up(StreamError::tls, why_handshake_failed(ERR_peek_last_error(), peer_name_));
  }
  return established_;
}

// As far as the stream below takes it at once.
void TlsStream::answer_plain_text() {
  const auto* data = TlsServerData::of(SSL_get_SSL_CTX(tls_.get()));
  if (data == nullptr || data->settings.answer_to_plain_text.empty() || !is_letter(*first_byte_)) return;
  std::ignore = inner_->write_some(as_bytes(data->settings.answer_to_plain_text));
  inner_->shutdown_write();
}

// Only when nothing that is encrypted already waits: it would be encrypted again.
void TlsStream::let_below_encrypt() {
  if (secret_.empty()) return;
  auto key = unsent_.empty() ? derive_write_key(tls_.get(), secret_) : std::nullopt;
  wipe(secret_);
  if (!key) return;
  encrypting_below_ = inner_->encrypt_below(*key);
  OPENSSL_cleanse(&*key, sizeof *key);
}

void TlsStream::after_handshake() {
  let_below_encrypt();
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
