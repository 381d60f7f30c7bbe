#include "testing/encrypting_stream.h"

#include <openssl/evp.h>

#include <algorithm>

#include "base/assert.h"

namespace crosspoint::testing {
namespace {

constexpr std::size_t tag_bytes = 16;
constexpr std::size_t content_bytes_max = 16 * 1024;
constexpr std::uint8_t application_data = 23, alert_record = 21;

const unsigned char* raw(Bytes bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* raw(MutableBytes bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

}  // namespace

void EncryptingStream::start(net::StreamEvents& events) {
  events_ = &events;
  inner_->start(*this);
}

bool EncryptingStream::encrypt_below(const net::TlsWriteKey& key) {
  key_ = key;
  return true;
}

ByteVector EncryptingStream::record(std::uint8_t type, Bytes content) {
  const std::size_t length = content.size() + 1 + tag_bytes;
  ByteVector made{std::byte{application_data}, std::byte{3}, std::byte{3}, std::byte(length >> 8),
                  std::byte(length & 0xff)};
  ByteVector inner(content.begin(), content.end());
  inner.push_back(std::byte{type});

  auto nonce = key_->iv;
  for (std::size_t i = 0; i < 8; ++i) nonce[11 - i] ^= std::byte(number_ >> (8 * i) & 0xff);
  ++number_;

  const auto* cipher =
      key_->cipher == net::TlsWriteKey::Cipher::aes_128_gcm ? EVP_aes_128_gcm() : EVP_aes_256_gcm();
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                &EVP_CIPHER_CTX_free);
  ByteVector sealed(inner.size() + tag_bytes);
  int size = 0;
  CROSSPOINT_ASSERT(
      EVP_EncryptInit_ex(context.get(), cipher, nullptr, raw(Bytes(key_->key)), raw(Bytes(nonce))) == 1);
  CROSSPOINT_ASSERT(
      EVP_EncryptUpdate(context.get(), nullptr, &size, raw(Bytes(made)), static_cast<int>(made.size())) == 1);
  CROSSPOINT_ASSERT(EVP_EncryptUpdate(context.get(), raw(MutableBytes(sealed)), &size, raw(Bytes(inner)),
                                      static_cast<int>(inner.size())) == 1);
  CROSSPOINT_ASSERT(EVP_EncryptFinal_ex(context.get(), raw(MutableBytes(sealed)) + size, &size) == 1);
  CROSSPOINT_ASSERT(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_bytes,
                                        raw(MutableBytes(sealed).last(tag_bytes))) == 1);
  append(made, sealed);
  return made;
}

// True when nothing waits any more.
Result<bool, net::StreamError> EncryptingStream::flush() {
  if (unsent_.empty()) return true;
  const auto taken = inner_->write_some(Bytes(unsent_));
  if (!taken) return fail(taken.error());
  unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<std::ptrdiff_t>(*taken));
  if (unsent_.empty() && fin_waits_) inner_->shutdown_write();
  return unsent_.empty();
}

Result<std::size_t, net::StreamError> EncryptingStream::write_record(std::uint8_t type, Bytes content) {
  const auto clear = flush();
  if (!clear) return fail(clear.error());
  if (!*clear) return 0;
  unsent_ = record(type, content);
  if (const auto flushed = flush(); !flushed) return fail(flushed.error());
  return content.size();
}

Result<std::size_t, net::StreamError> EncryptingStream::write_some(std::span<const Bytes> pieces) {
  if (!key_) return inner_->write_some(pieces);
  std::size_t taken = 0;
  for (Bytes piece: pieces) {
    while (!piece.empty()) {
      const auto content = piece.first(std::min(piece.size(), content_bytes_max));
      const auto written = write_record(application_data, content);
      if (!written) return written;
      if (*written == 0) return taken;
      taken += *written;
      piece = piece.subspan(*written);
    }
  }
  return taken;
}

Result<std::size_t, net::StreamError> EncryptingStream::write_alert(Bytes alert) {
  return write_record(alert_record, alert);
}

void EncryptingStream::shutdown_write() {
  fin_waits_ = true;
  if (const auto clear = flush(); clear && *clear) inner_->shutdown_write();
}

void EncryptingStream::on_writable() {
  const auto clear = flush();
  if (clear && !*clear) return inner_->await_writable();
  events_->on_writable();
}

}  // namespace crosspoint::testing
