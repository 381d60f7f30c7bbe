#pragma once
// A client made of OpenSSL alone, which a test may set to anything that our own client would never do.

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <tuple>

#include "net/network.h"
#include "testing/world.h"

namespace crosspoint::net {

class ForeignClient final : private StreamEvents {
 public:
  struct Wish {
    std::string name = {};                       // SNI; empty: none
    std::function<void(SSL_CTX*)> context = {};  // versions, ciphers, …
    std::function<void(SSL*)> connection = {};   // protocols, a session to resume, …
  };

  ForeignClient(testing::MemoryWorld& world, const Endpoint& server, const Wish& wish)
      : world_(world), context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_security_level(context_.get(), 0);
    if (wish.context) wish.context(context_.get());
    tls_.reset(SSL_new(context_.get()));
    SSL_set_connect_state(tls_.get());
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    SSL_set_bio(tls_.get(), in_, out_);
    if (!wish.name.empty())
      SSL_ctrl(tls_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(wish.name.c_str()));
    if (wish.connection) wish.connection(tls_.get());
    connecting_ = world.network().connect(world.loop(), server, {}, 5s, [this](auto result) {
      stream_ = std::move(*result);
      stream_->start(*this);
      advance();
    });
    world.run_until_idle();
  }

  SSL* tls() { return tls_.get(); }
  bool established() const { return SSL_is_init_finished(tls_.get()) == 1; }
  bool ended() const { return ended_; }
  // The certificate that was shown is for this name.
  bool shown_to(const std::string& name) const {
    const std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(tls_.get()),
                                                            &X509_free);
    return shown && X509_check_host(shown.get(), name.data(), name.size(), 0, nullptr) == 1;
  }
  std::string protocol() const {
    const unsigned char* chosen = nullptr;
    unsigned bytes = 0;
    SSL_get0_alpn_selected(tls_.get(), &chosen, &bytes);
    return {reinterpret_cast<const char*>(chosen), bytes};
  }
  void send(const std::string& text) {
    SSL_write(tls_.get(), text.data(), static_cast<int>(text.size()));
    flush();
    world_.run_until_idle();
  }

  // Past OpenSSL.
  void send_raw(const std::string& bytes) {
    EXPECT_TRUE(stream_->write_some(as_bytes(bytes)));
    world_.run_until_idle();
  }

  std::string received;
  std::string alert;  // that the server sent, in OpenSSL's words

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* tls) const { SSL_free(tls); }
  };

  void on_bytes(MutableBytes bytes) override {
    BIO_write(in_, bytes.data(), static_cast<int>(bytes.size()));
    advance();
  }
  void on_end() override { ended_ = true; }
  void on_failure(StreamError) override { ended_ = true; }
  void on_writable() override {}

  void advance() {
    char buffer[4096];
    ERR_clear_error();
    int got = 0;
    while ((got = SSL_read(tls_.get(), buffer, sizeof buffer)) > 0)
      received.append(buffer, static_cast<std::size_t>(got));
    if (const int reason = ERR_GET_REASON(ERR_peek_last_error()); reason >= SSL_AD_REASON_OFFSET)
      alert = SSL_alert_desc_string_long(reason - SSL_AD_REASON_OFFSET);
    flush();
  }
  void flush() {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(out_, &bytes);
    if (size > 0) {
      EXPECT_TRUE(stream_->write_some(as_bytes(std::string_view(bytes, std::size_t(size)))));
    }
    std::ignore = BIO_reset(out_);
  }

  testing::MemoryWorld& world_;
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> tls_;
  BIO* in_ = nullptr;  // both are tls_'s
  BIO* out_ = nullptr;
  std::unique_ptr<Connecting> connecting_;
  std::unique_ptr<Stream> stream_;
  bool ended_ = false;
};

}  // namespace crosspoint::net
