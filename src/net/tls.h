#pragma once
// TLS 1.2 and 1.3 (RFC 5246, RFC 8446) over any stream: the same Stream again, whose bytes are encrypted and
// whose peer is who it should be. One TlsContext is made when the program starts; it makes a TlsStream of
// each connection.
//
// There is no way to skip the check of a certificate. No compression, no renegotiation, no early data; key
// exchange with forward secrecy and authenticated ciphers only.
//
//   auto tls = TlsContext::client();                     // once
//   auto stream = (*tls)->connect(loop, std::move(tcp), "relay.example.org");
//   stream->start(events);                               // the handshake begins; wait to write as ever
//
// The handshake has no limit of time of its own: whoever starts the stream has one, which on_writable ends.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "net/stream.h"
#include "net/tls_identity.h"
#include "net/tls_session.h"
#include "net/work_share.h"

struct ssl_st;
struct ssl_ctx_st;

namespace crosspoint::net {

class TlsStream;

struct TlsServerSettings {
  // Written, as it is, to a client that does not speak TLS but whose first byte is a letter; then the
  // connection is closed. Whoever knows the protocol knows what such a client can read.
  std::string answer_to_plain_text = {};
  // Where the stream below can encrypt (net/kernel_tls.h), and TLS 1.3 with AES was agreed on, it does.
  // Alerts but close_notify are then not sent, nor is a client's wish for new keys answered.
  bool encrypt_below = false;
  // Clients are asked for a certificate. One that has none is as welcome; one that shows one has its key, and
  // nothing else about the certificate is judged here (TlsSession::peer_certificate). Browsers that have some
  // may ask their user which one to show.
  bool ask_for_certificate = false;
};

// Immutable once made; may be used by every loop's thread. Outlives nothing: streams keep what they need.
class TlsContext {
 public:
  // Trusts the authorities in this text and no others, or those that the system trusts (OpenSSL's directory,
  // or SSL_CERT_FILE and SSL_CERT_DIR). The error is a sentence that completes "the file …".
  static Result<std::unique_ptr<TlsContext>, std::string> client(
      std::optional<std::string_view> authorities_pem = {});
  // Of a client's, before it is used: what is shown to a server that asks for a certificate.
  Result<void, TlsIdentityError> prove_with(const TlsIdentity& identity);
  // Shows the identity for the name that a client asks for (SNI): the first that has this very name, else the
  // first with a wildcard for it, else the first of all. Speaks HTTP/1.1 alone where a client asks (ALPN).
  // Sessions are not resumed. Not empty, and at most identities_max.
  static Result<std::unique_ptr<TlsContext>, TlsIdentityError> server(std::span<const TlsIdentity> identities,
                                                                      const TlsServerSettings& settings = {});
  static Result<std::unique_ptr<TlsContext>, TlsIdentityError> server(
      const TlsIdentity& identity, const TlsServerSettings& settings = {}) {
    return server(std::span(&identity, 1), settings);
  }
  static constexpr std::size_t identities_max = 100;  // each handshake looks through them
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  // The client's end. `peer_name`, a host name or an IP address without brackets, is what the certificate
  // must be for; a name is also told to the server (SNI). `stream` is not started, or is paused. `loop` is
  // its loop, by whose clock certificates are judged.
  std::unique_ptr<TlsStream> connect(Loop& loop, std::unique_ptr<Stream> stream,
                                     std::string_view peer_name) const;
  // The server's end. Hands are shaken in `share`, where one is given: it
  // belongs to the same loop, and outlives the handshake.
  std::unique_ptr<TlsStream> accept(Loop& loop, std::unique_ptr<Stream> stream,
                                    WorkShare* share = nullptr) const;

 private:
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}
  ssl_ctx_st* context_;
};

// What stream.h says of every stream holds, and:
//   - until the handshake is done write_some takes 0, and on_writable tells of its end. Pausing does not stop
//     it; not starting does.
//   - shutdown_write sends close_notify, then FIN. on_end is the peer's close_notify; an end without one
//   means
//     that something may have cut the peer off, and is StreamError::reset.
//   - whatever is wrong with certificate, handshake or records is StreamError::tls, and trouble() says what.
//   - a stream that is destroyed with encrypted bytes that the stream below did not take yet leaves them with
//     the loop, which has 10 s to get them out.
class TlsStream final : public Stream, private StreamEvents, private TlsSession {
 public:
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;
  ~TlsStream() override;

  bool established() const { return established_; }
  bool encrypting_below() const { return encrypting_below_; }
  // A whole sentence that names the peer: "the certificate of relay.example.org has expired". Empty unless
  // the stream failed with StreamError::tls.
  const std::string& trouble() const { return trouble_; }

  void start(StreamEvents& events) override;
  using Stream::write_some;
  Result<std::size_t, StreamError> write_some(std::span<const Bytes> pieces) override;
  void await_writable() override;
  void pause_reading() override;
  void resume_reading() override;
  void shutdown_write() override;
  void reset_on_close() override;
  Address peer_address() const override { return inner_->peer_address(); }
  const TlsSession* tls() const override { return this; }
  std::size_t unacknowledged_bytes() const override;
  void detach() override;
  void attach(Loop& loop) override;

 private:
  friend class TlsContext;
  friend struct TlsTransport;
  struct Free {
    void operator()(ssl_st* tls) const;
  };
  enum class Heard { nothing, something };
  class Handshake;

  TlsStream(Loop& loop, std::unique_ptr<Stream> inner, ssl_ctx_st* context);
  void expect(std::string_view peer_name);

  void on_bytes(MutableBytes bytes) override;
  void on_end() override;
  void on_failure(StreamError error) override;
  void on_writable() override;

  ByteVector channel_binding(ChannelBinding kind) const override;
  ByteVector peer_certificate() const override;

  void shake_hands_in(WorkShare& share);
  void advance();
  void advance_handshake();
  bool shake_hands();
  void answer_plain_text();
  void after_handshake();
  void let_below_encrypt();
  void say_goodbye_below();
  Heard tell_what_came();
  std::size_t decrypt(MutableBytes out);
  void judge_reading(int result);
  void tell_end_of_input();
  void tell_failure();
  void tell_writable();
  void wake();
  bool reading() const { return events_ != nullptr && !paused_ && !over_ && !told_failure_; }
  bool input_waits() const;

  bool flush();
  std::size_t write_records(std::span<const Bytes> pieces);
  void pass_on_gathered();
  std::size_t encrypt(Bytes record);
  void say_goodbye();
  void give_up(StreamError error, std::string trouble = {});

  Loop* loop_;
  StreamEvents* events_ = nullptr;
  std::unique_ptr<Stream> inner_;
  std::unique_ptr<ssl_st, Free> tls_;
  std::unique_ptr<Handshake> handshake_;  // what takes part in a share; none without one, or afterwards
  ByteVector
      arrived_;  // encrypted, not looked at yet from arrived_begin_ on; empty but while reading is paused
  std::size_t arrived_begin_ = 0;
  ByteVector unsent_;  // encrypted, not taken yet by inner_ from unsent_begin_ on
  std::size_t unsent_begin_ = 0;
  ByteVector secret_;  // from which the key for encrypting below comes; gone after the handshake
  std::string peer_name_;
  std::string trouble_;
  // What is posted holds this weakly, and finds out that the stream has gone or moved. Made when needed.
  std::shared_ptr<TlsStream*> self_;
  std::optional<StreamError> failure_;      // of the whole stream
  std::optional<StreamError> write_error_;  // of inner_, met below OpenSSL
  std::optional<std::byte> first_byte_;     // that the peer sent: tells TLS from everything else
  bool established_ : 1 = false;
  bool woken_ : 1 = false;
  bool paused_ : 1 = false;
  bool awaiting_writable_ : 1 = false;
  bool inner_ended_ : 1 = false;
  bool peer_ended_ : 1 = false;  // with close_notify
  bool over_ : 1 = false;        // on_end was told
  bool told_failure_ : 1 = false;
  bool shut_down_ : 1 = false;
  bool fin_waits_ : 1 = false;  // for unsent_ to be empty
  bool reset_on_close_ : 1 = false;
  bool encrypting_below_ : 1 = false;
  bool goodbye_waits_ : 1 = false;  // for the stream below to take it
  bool gathering_ : 1 = false;      // what OpenSSL writes, to be passed on together
};

}  // namespace crosspoint::net
