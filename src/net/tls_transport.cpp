#include "net/tls_transport.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "net/tls_server_data.h"
#include "net/tls_write_key.h"

namespace crosspoint::net {
namespace {

// More than a write's records and every flight of a handshake; a peer that makes us answer without reading is
// cut off.
constexpr std::size_t unsent_bytes_max = 256 * 1024;

}  // namespace

TlsStream& TlsTransport::stream_of(BIO* bio) { return *static_cast<TlsStream*>(BIO_get_data(bio)); }

ByteVector& TlsTransport::gathered() {
  thread_local ByteVector bytes;
  return bytes;
}

int TlsTransport::read(BIO* bio, char* out, std::size_t room, std::size_t* got) {
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

int TlsTransport::write(BIO* bio, const char* data, std::size_t size, std::size_t* taken) {
  auto& stream = stream_of(bio);
  BIO_clear_retry_flags(bio);
  *taken = 0;
  if (stream.write_error_) return 0;
  const Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  if (stream.encrypting_below_) {
    // OpenSSL would use numbers again that have been used below with the same key: nothing of its own may
    // leave any more.
  } else if (stream.gathering_) {
    append(gathered(), bytes);
  } else if (!pass_on(stream, bytes)) {
    return 0;
  }
  *taken = size;
  return 1;
}

bool TlsTransport::pass_on(TlsStream& stream, Bytes bytes) {
  if (stream.unsent_.empty()) {
    const auto written = stream.inner_->write_some(bytes);
    if (!written) {
      stream.write_error_ = written.error();
      return false;
    }
    bytes = bytes.subspan(*written);
    if (!bytes.empty() && stream.loop_ != nullptr) stream.inner_->await_writable();
  }
  append(stream.unsent_, bytes);
  if (stream.unsent_.size() > unsent_bytes_max) stream.write_error_ = StreamError::timed_out;
  return !stream.write_error_;
}

void TlsTransport::keep_secret(const SSL* tls, const char* line) {
  auto secret = server_secret_in(line);
  if (!secret.empty()) stream_of(SSL_get_rbio(tls)).secret_ = std::move(secret);
}

void TlsServerData::keep_secrets(SSL_CTX* context) {
  SSL_CTX_set_keylog_callback(context, TlsTransport::keep_secret);
}

long TlsTransport::control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

const BIO_METHOD* TlsTransport::method() {
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

}  // namespace crosspoint::net
