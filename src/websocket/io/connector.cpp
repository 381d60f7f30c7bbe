#include "websocket/io/connector.h"

#include <fmt/core.h>

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

#include "base/base64.h"
#include "http/response_parser.h"

namespace crosspoint::websocket {
namespace {

using Cause = ConnectError::Cause;

std::string_view words(AnswerError error) {
  switch (error) {
    case AnswerError::not_switching: return "it did not switch protocols";
    case AnswerError::no_upgrade: return "its 101 does not name WebSocket";
    case AnswerError::wrong_accept: return "its Sec-WebSocket-Accept does not match the request";
    case AnswerError::wrong_subprotocol: return "it chose a subprotocol that was not offered";
    case AnswerError::wrong_extension:
      return "it chose an extension that was not offered, or with impossible parameters";
  }
  return {};
}

// RFC 9110 section 9.3.6. The host has been checked to hold nothing but what hosts hold.
std::string connect_request(const http::Url& url, const http::Proxy& proxy) {
  const bool is_ipv6 = url.host.find(':') != std::string::npos;
  const auto target = fmt::format("{}:{}", is_ipv6 ? "[" + url.host + "]" : url.host, url.port);
  auto text = fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n", target);
  if (!proxy.user_info.empty()) {
    text += fmt::format("Proxy-Authorization: Basic {}\r\n",
                        encode_base64(Base64::standard, as_bytes(proxy.user_info)));
  }
  return text + "\r\n";
}

bool is_plain_text(const http::ResponseHead& answer) {
  const auto type = answer.fields.find("Content-Type").value_or("");
  return http::equal_ignoring_case(type.substr(0, type.find(';')), "text/plain");
}

// The first line, as a terminal may show it; empty: it is too long, or there is none.
std::string first_line(std::string_view text) {
  const auto end = text.find('\n');
  if (end == text.npos && text.size() > quoted_bytes_max) return {};
  std::string line;
  for (const char c: text.substr(0, end)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\r') continue;
    if (byte < 0x20 || byte >= 0x7f) {
      line += fmt::format("\\x{:02x}", byte);
    } else {
      line += c;
    }
  }
  return line;
}

net::Endpoint endpoint_of(const ConnectRequest& request) {
  const auto& [host, port] = request.proxy ? std::tie(request.proxy->host, request.proxy->port)
                                           : std::tie(request.url.host, request.url.port);
  return {.kind = net::Endpoint::Kind::tcp, .host = host, .port = port, .path = {}};
}

}  // namespace

// Lives until the turn after its Connector ends, so that it may be given up from inside any of its callbacks.
class Connector::Attempt final : public net::Disposable, private net::StreamEvents, private net::TurnEndHook {
 public:
  Attempt(net::Loop& loop, net::Network& network, Random& random, ConnectRequest request, Done done);
  void give_up();

 private:
  // What the stream is asked for now.
  enum class Stage { tunnel, upgrade };

  void begin(net::Network& network, const ConnectRequest& request);
  void on_connected(Result<std::unique_ptr<net::Stream>, net::NetworkError> result);
  void ask(Stage stage, std::string text);
  void ask_for_upgrade();
  const net::TlsStream* secure(const std::string& peer_name);
  void write_request();
  void judge(const http::ResponseHead& answer);
  void hear_refusal(const http::ResponseEvent& event);
  void fail_refused();
  void judge_tunnel(const http::ResponseHead& answer);
  void read_answer(Bytes bytes);
  std::string asked() const;
  void fail_late();
  void fail_with(Cause cause, std::string_view what, int status = 0);
  void fail_saying(Cause cause, std::string sentence, int status = 0);
  void complete(Result<Connected, ConnectError> result);

  void on_bytes(MutableBytes bytes) override;
  void on_end() override;
  void on_failure(net::StreamError error) override;
  void on_writable() override { write_request(); }
  void on_turn_end() override;

  net::Loop& loop_;
  const http::Url url_;
  const std::string where_;  // "relay.example.org:8080"
  const net::TlsContext* tls_context_;
  const std::optional<http::Proxy> proxy_;
  Stage stage_ = Stage::upgrade;
  Offer offer_;
  std::vector<std::string> subprotocols_;  // what offer_ views
  Nonce nonce_;
  std::string upgrade_;  // the request, asked last
  std::string request_;  // being asked
  std::size_t written_ = 0;
  http::ResponseParser parser_{http::HeadLimits{}};
  bool quotes_ = false;
  int refused_ = 0;     // the status, while what the server has to say is still to come
  std::string quoted_;  // that, so far
  net::Timer timer_;
  std::unique_ptr<net::Connecting> connecting_;
  std::unique_ptr<net::Stream> stream_;
  const net::TlsStream* tls_to_proxy_ = nullptr;  // both are stream_, or below it
  const net::TlsStream* tls_ = nullptr;
  std::optional<Result<Connected, ConnectError>> result_;
  Done done_;
};

Connector::Connector(net::Loop& loop, net::Network& network, Random& random, ConnectRequest request,
                     Done done)
    : loop_(loop),
      attempt_(std::make_unique<Attempt>(loop, network, random, std::move(request), std::move(done))) {}

Connector::~Connector() {
  attempt_->give_up();
  loop_.dispose(std::move(attempt_));
}

Connector::Attempt::Attempt(net::Loop& loop, net::Network& network, Random& random, ConnectRequest request,
                            Done done)
    : loop_(loop),
      url_(request.url),
      where_(http::host_header(request.url)),
      tls_context_(request.tls),
      proxy_(request.proxy),
      subprotocols_(std::move(request.subprotocols)),
      quotes_(request.quote_refusal && request.url.target.find('?') == std::string::npos),
      timer_(loop, [this] { fail_late(); }),
      done_(std::move(done)) {
  offer_ = {.host = where_,
            .target = request.url.target,
            .subprotocols = subprotocols_,
            .deflate = request.offer_deflate,
            .fields = std::move(request.fields)};
  random.fill(nonce_);
  begin(network, request);
}

void Connector::Attempt::begin(net::Network& network, const ConnectRequest& request) {
  const bool needs_tls = url_.secure() || (proxy_ && proxy_->secure);
  if (needs_tls && tls_context_ == nullptr)
    return fail_with(Cause::tls_unavailable, "needs TLS, which this connection cannot do");
  auto text = websocket::request(offer_, nonce_);
  if (!text)
    return fail_with(Cause::bad_request,
                     "cannot be asked: a header field or the path holds a control character");
  upgrade_ = std::move(*text);
  timer_.start_after(request.limit);
  connecting_ = network.connect(loop_, endpoint_of(request), request.stream, request.limit,
                                [this](auto result) { on_connected(std::move(result)); });
}

void Connector::Attempt::give_up() {
  done_ = nullptr;
  timer_.stop();
  connecting_.reset();
}

void Connector::Attempt::on_connected(Result<std::unique_ptr<net::Stream>, net::NetworkError> result) {
  if (!done_ || result_) return;
  if (!result) {
    const bool timed_out = result.error().cause == net::NetworkError::Cause::timed_out;
    return fail_saying(timed_out ? Cause::timed_out : Cause::network,
                       (proxy_ ? "no way through the proxy: " : "") + result.error().sentence);
  }
  stream_ = std::move(*result);
  if (!proxy_) return ask_for_upgrade();
  if (proxy_->secure) tls_to_proxy_ = secure(proxy_->host);
  ask(Stage::tunnel, connect_request(url_, *proxy_));
}

void Connector::Attempt::ask_for_upgrade() {
  if (url_.secure()) tls_ = secure(url_.host);
  ask(Stage::upgrade, std::move(upgrade_));
}

const net::TlsStream* Connector::Attempt::secure(const std::string& peer_name) {
  auto secured = tls_context_->connect(loop_, std::move(stream_), peer_name);
  const auto* const tls = secured.get();
  stream_ = std::move(secured);
  return tls;
}

void Connector::Attempt::ask(Stage stage, std::string text) {
  stage_ = stage;
  request_ = std::move(text);
  written_ = 0;
  // To CONNECT no body is answered, whatever the fields say (RFC 9110 section 9.3.6).
  parser_ = http::ResponseParser(http::HeadLimits{}, stage == Stage::tunnel ? http::AnswerTo::head_request
                                                                            : http::AnswerTo::other_request);
  stream_->start(*this);
  write_request();
}

// Who was asked last, for sentences.
std::string Connector::Attempt::asked() const {
  return stage_ == Stage::tunnel ? "the proxy " + http::printable(*proxy_) : where_;
}

void Connector::Attempt::write_request() {
  if (!done_ || result_) return;
  const auto written = stream_->write_some(as_bytes(request_).subspan(written_));
  if (!written) return on_failure(written.error());
  written_ += *written;
  if (written_ < request_.size()) stream_->await_writable();
}

void Connector::Attempt::on_bytes(MutableBytes bytes) {
  if (done_ && !result_) read_answer(bytes);
}

void Connector::Attempt::read_answer(Bytes bytes) {
  parser_.feed(bytes);
  while (!result_) {
    const auto event = parser_.next();
    if (!event) {
      return fail_with(stage_ == Stage::tunnel ? Cause::proxy : Cause::not_websocket,
                       "did not answer in HTTP");
    }
    if (!*event) return;
    if (refused_ != 0) {
      hear_refusal(**event);
      continue;
    }
    const auto* start = std::get_if<http::ResponseStart>(&**event);
    if (start == nullptr || start->interim) continue;
    if (stage_ == Stage::tunnel) return judge_tunnel(start->head);
    judge(start->head);
    if (refused_ == 0) return;
  }
}

void Connector::Attempt::judge_tunnel(const http::ResponseHead& answer) {
  if (answer.status < 200 || answer.status > 299) {
    return fail_with(
        Cause::proxy,
        fmt::format("answered {} {} to CONNECT {}", answer.status, http::reason_of(answer.status), where_),
        answer.status);
  }
  // In TLS and HTTP it is for us to speak first: whatever follows here comes from the proxy.
  if (!parser_.unread().empty())
    return fail_with(Cause::proxy, "sent something that nobody asked for", answer.status);
  ask_for_upgrade();
}

void Connector::Attempt::judge(const http::ResponseHead& answer) {
  const auto agreed = check_answer(answer, offer_, nonce_);
  if (!agreed && agreed.error() == AnswerError::not_switching) {
    refused_ = answer.status;
    if (!quotes_ || !is_plain_text(answer)) fail_refused();
    return;
  }
  if (!agreed) {
    return fail_with(Cause::not_websocket, fmt::format("is no WebSocket server: {}", words(agreed.error())),
                     answer.status);
  }
  // Whoever takes the stream over reads on; until then the kernel keeps what comes.
  stream_->pause_reading();
  complete(Connected{nullptr, to_vector(parser_.unread()), agreed->subprotocol, agreed->deflate});
}

void Connector::Attempt::hear_refusal(const http::ResponseEvent& event) {
  if (const auto* body = std::get_if<http::BodyBytes>(&event)) {
    // One more than may be quoted, so that what is too long is seen to be.
    const auto room = quoted_bytes_max + 1 - quoted_.size();
    quoted_ += as_text(body->bytes.first(std::min(room, body->bytes.size())));
  }
  const bool whole =
      std::holds_alternative<http::MessageEnd>(event) || quoted_.find('\n') != std::string::npos;
  if (whole || quoted_.size() > quoted_bytes_max) fail_refused();
}

void Connector::Attempt::fail_refused() {
  const int status = std::exchange(refused_, 0);
  const auto line = first_line(quoted_);
  fail_with(
      Cause::refused,
      fmt::format("answered {} {}{}{}", status, http::reason_of(status), line.empty() ? "" : ": ", line),
      status);
}

void Connector::Attempt::on_end() { fail_with(Cause::network, "closed the connection without an answer"); }

void Connector::Attempt::on_failure(net::StreamError error) {
  for (const auto* tls: {tls_, tls_to_proxy_}) {
    if (tls != nullptr && !tls->trouble().empty()) return fail_saying(Cause::tls, tls->trouble());
  }
  fail_saying(Cause::network, fmt::format("{}: {}", asked(), net::to_string(error)));
}

void Connector::Attempt::fail_late() {
  const auto* const tls = stage_ == Stage::tunnel ? tls_to_proxy_ : tls_;
  const bool shaking_hands = tls != nullptr && !tls->established();
  fail_with(Cause::timed_out,
            shaking_hands ? "did not finish the TLS handshake in time" : "did not answer in time");
}

void Connector::Attempt::fail_with(Cause cause, std::string_view what, int status) {
  fail_saying(cause, fmt::format("{} {}", asked(), what), status);
}

void Connector::Attempt::fail_saying(Cause cause, std::string sentence, int status) {
  // Whatever ends the connection now: it was refused before.
  if (refused_ != 0) return fail_refused();
  if (result_ && !*result_) return;
  result_.reset();  // a stream that fails before it is handed out is no success
  complete(fail(ConnectError{cause, status, std::move(sentence)}));
}

void Connector::Attempt::complete(Result<Connected, ConnectError> result) {
  timer_.stop();
  result_ = std::move(result);
  loop_.at_turn_end(*this);
}

void Connector::Attempt::on_turn_end() {
  if (!done_) return;
  connecting_.reset();
  if (*result_) {
    // From here on it calls nobody until it is started again.
    stream_->detach();
    stream_->attach(loop_);
    (*result_)->stream = std::move(stream_);
  } else {
    stream_.reset();
  }
  // The callback may destroy the Connector, and with it all but this object.
  auto done = std::exchange(done_, nullptr);
  done(std::move(*result_));
}

}  // namespace crosspoint::websocket
