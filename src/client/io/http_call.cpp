#include "client/io/http_call.h"

#include <fmt/core.h>

#include <utility>
#include <variant>

#include "base/base64.h"
#include "http/head_writer.h"
#include "http/response_parser.h"

namespace crosspoint::client {
namespace {

using Cause = HttpCallError::Cause;

void add_proxy_authorization(const http::Proxy& proxy, http::Fields& fields) {
  if (proxy.user_info.empty()) return;
  fields.add("Proxy-Authorization", "Basic " + encode_base64(Base64::standard, as_bytes(proxy.user_info)));
}

// "relay.example.org:443": what CONNECT names always has its port.
std::string authority_with_port(const http::Url& url) {
  const bool is_ipv6 = url.host.find(':') != std::string::npos;
  return fmt::format("{}:{}", is_ipv6 ? "[" + url.host + "]" : url.host, url.port);
}

// Empty when something in it cannot be sent.
std::string encode(const http::RequestHead& head) {
  std::string text;
  if (!http::encode_request_head(head, text)) return {};
  return text;
}

std::string tunnel_request(const http::Url& url, const http::Proxy& proxy) {
  auto where = authority_with_port(url);
  http::RequestHead head{.method = "CONNECT", .target = where, .fields = {}};
  head.fields.add("Host", where);
  add_proxy_authorization(proxy, head.fields);
  return encode(head);
}

bool is_tunnelled(const HttpQuestion& question) { return question.proxy && question.url.secure(); }

std::string request_text(const HttpQuestion& question) {
  const auto host = http::host_header(question.url);
  http::RequestHead head{.method = question.method, .target = question.url.target, .fields = {}};
  head.fields.add("Host", host);
  for (const auto& field: question.fields) head.fields.add(field.name, field.value);
  if (!question.body.empty() || question.method == "POST" || question.method == "PUT")
    head.fields.add("Content-Length", std::to_string(question.body.size()));
  head.fields.add("Connection", "close");
  if (question.proxy && !is_tunnelled(question)) {
    head.target = "http://" + host + question.url.target;
    add_proxy_authorization(*question.proxy, head.fields);
  }
  auto text = encode(head);
  if (!text.empty()) text += question.body;
  return text;
}

net::Endpoint endpoint_of(const HttpQuestion& question) {
  if (question.proxy)
    return {.kind = net::Endpoint::Kind::tcp,
            .host = question.proxy->host,
            .port = question.proxy->port,
            .path = {}};
  return {.kind = net::Endpoint::Kind::tcp, .host = question.url.host, .port = question.url.port, .path = {}};
}

}  // namespace

// Lives until the turn after its HttpCall ends, so that it may be given up from inside any of its callbacks.
class HttpCall::Attempt final : public net::Disposable, private net::StreamEvents, private net::TurnEndHook {
 public:
  Attempt(net::Loop& loop, net::Network& network, HttpQuestion question, Done done)
      : loop_(loop),
        question_(std::move(question)),
        where_(http::host_header(question_.url)),
        timer_(loop, [this] { fail_late(); }),
        done_(std::move(done)) {
    begin(network);
  }

  void give_up() {
    done_ = nullptr;
    timer_.stop();
    connecting_.reset();
  }

 private:
  // What the stream is asked for now.
  enum class Stage { tunnel, question };

  void begin(net::Network& network);
  void on_connected(Result<std::unique_ptr<net::Stream>, net::NetworkError> result);
  void ask(Stage stage, std::string text);
  const net::TlsStream* secure(const std::string& peer_name);
  void write_request();
  void read_answer(Bytes bytes);
  void take(http::ResponseEvent&& event);
  void judge_tunnel(const http::ResponseHead& answer);
  std::string asked() const;
  bool over() const { return !done_ || result_; }
  void fail_late();
  void fail_with(Cause cause, std::string_view what) {
    fail_saying(cause, fmt::format("{} {}", asked(), what));
  }
  void fail_saying(Cause cause, std::string sentence) {
    complete(fail(HttpCallError{cause, std::move(sentence)}));
  }
  void complete(Result<HttpAnswer, HttpCallError> result);

  void on_bytes(MutableBytes bytes) override {
    if (!over()) read_answer(bytes);
  }
  void on_end() override;
  void on_failure(net::StreamError error) override;
  void on_writable() override { write_request(); }
  void on_turn_end() override;

  net::Loop& loop_;
  const HttpQuestion question_;
  const std::string where_;  // "lab.example.org:8080"
  Stage stage_ = Stage::question;
  std::string text_;     // the question, asked last
  std::string request_;  // being asked
  std::size_t written_ = 0;
  http::ResponseParser parser_{http::HeadLimits{}};
  HttpAnswer answer_;
  net::Timer timer_;
  std::unique_ptr<net::Connecting> connecting_;
  std::unique_ptr<net::Stream> stream_;
  const net::TlsStream* tls_to_proxy_ = nullptr;  // both are stream_, or below it
  const net::TlsStream* tls_ = nullptr;
  std::optional<Result<HttpAnswer, HttpCallError>> result_;
  Done done_;
};

HttpCall::HttpCall(net::Loop& loop, net::Network& network, HttpQuestion question, Done done)
    : loop_(loop), attempt_(std::make_unique<Attempt>(loop, network, std::move(question), std::move(done))) {}

HttpCall::~HttpCall() {
  attempt_->give_up();
  loop_.dispose(std::move(attempt_));
}

void HttpCall::Attempt::begin(net::Network& network) {
  const bool needs_tls = question_.url.secure() || (question_.proxy && question_.proxy->secure);
  if (needs_tls && question_.tls == nullptr)
    return fail_with(Cause::tls_unavailable, "needs TLS, which this connection cannot do");
  text_ = request_text(question_);
  if (text_.empty())
    return fail_with(Cause::bad_request,
                     "cannot be asked: a field or the path holds a character that "
                     "cannot be sent");
  timer_.start_after(question_.limit);
  connecting_ = network.connect(loop_, endpoint_of(question_), question_.stream, question_.limit,
                                [this](auto result) { on_connected(std::move(result)); });
}

void HttpCall::Attempt::on_connected(Result<std::unique_ptr<net::Stream>, net::NetworkError> result) {
  if (over()) return;
  if (!result) {
    const bool timed_out = result.error().cause == net::NetworkError::Cause::timed_out;
    return fail_saying(timed_out ? Cause::timed_out : Cause::network,
                       (question_.proxy ? "no way through the proxy: " : "") + result.error().sentence);
  }
  stream_ = std::move(*result);
  if (question_.proxy && question_.proxy->secure) tls_to_proxy_ = secure(question_.proxy->host);
  if (is_tunnelled(question_)) return ask(Stage::tunnel, tunnel_request(question_.url, *question_.proxy));
  if (question_.url.secure()) tls_ = secure(question_.url.host);
  ask(Stage::question, std::move(text_));
}

const net::TlsStream* HttpCall::Attempt::secure(const std::string& peer_name) {
  auto secured = question_.tls->connect(loop_, std::move(stream_), peer_name);
  const auto* const tls = secured.get();
  stream_ = std::move(secured);
  return tls;
}

void HttpCall::Attempt::ask(Stage stage, std::string text) {
  stage_ = stage;
  request_ = std::move(text);
  written_ = 0;
  // To CONNECT no body is answered, whatever the fields say (RFC 9110 section 9.3.6).
  const bool bodiless = stage == Stage::tunnel || question_.method == "HEAD";
  parser_ = http::ResponseParser(http::HeadLimits{},
                                 bodiless ? http::AnswerTo::head_request : http::AnswerTo::other_request);
  stream_->start(*this);
  write_request();
}

// Who was asked last, for sentences.
std::string HttpCall::Attempt::asked() const {
  return stage_ == Stage::tunnel ? "the proxy " + http::printable(*question_.proxy) : where_;
}

void HttpCall::Attempt::write_request() {
  if (over()) return;
  const auto written = stream_->write_some(as_bytes(request_).subspan(written_));
  if (!written) return on_failure(written.error());
  written_ += *written;
  if (written_ < request_.size()) stream_->await_writable();
}

void HttpCall::Attempt::read_answer(Bytes bytes) {
  parser_.feed(bytes);
  while (!over()) {
    auto event = parser_.next();
    if (!event)
      return fail_with(stage_ == Stage::tunnel ? Cause::proxy : Cause::not_http, "did not answer in HTTP");
    if (!*event) return;
    const auto* start = std::get_if<http::ResponseStart>(&**event);
    if (stage_ == Stage::tunnel && start != nullptr && !start->interim) return judge_tunnel(start->head);
    take(std::move(**event));
  }
}

void HttpCall::Attempt::take(http::ResponseEvent&& event) {
  if (auto* start = std::get_if<http::ResponseStart>(&event)) {
    if (start->interim) return;
    if (start->head.status == 101) return fail_with(Cause::not_http, "switched protocols unasked");
    answer_.head = std::move(start->head);
  } else if (const auto* body = std::get_if<http::BodyBytes>(&event)) {
    if (body->bytes.size() > question_.answer_bytes_max - answer_.body.size())
      return fail_with(Cause::too_big,
                       fmt::format("answered more than {} bytes", question_.answer_bytes_max));
    answer_.body += as_text(body->bytes);
  } else if (std::holds_alternative<http::MessageEnd>(event)) {
    complete(std::move(answer_));
  }
}

void HttpCall::Attempt::judge_tunnel(const http::ResponseHead& answer) {
  if (answer.status < 200 || answer.status > 299) {
    return fail_with(Cause::proxy, fmt::format("answered {} {} to CONNECT {}", answer.status,
                                               http::reason_of(answer.status), where_));
  }
  // In TLS it is for us to speak first: whatever follows here comes from the proxy.
  if (!parser_.unread().empty()) return fail_with(Cause::proxy, "sent something that nobody asked for");
  tls_ = secure(question_.url.host);
  ask(Stage::question, std::move(text_));
}

void HttpCall::Attempt::on_end() {
  if (over()) return;
  auto event = parser_.finish();
  if (event && *event && stage_ == Stage::question) take(std::move(**event));
  if (!over()) fail_with(Cause::network, "closed the connection without a whole answer");
}

void HttpCall::Attempt::on_failure(net::StreamError error) {
  if (over()) return;
  for (const auto* tls: {tls_, tls_to_proxy_}) {
    if (tls != nullptr && !tls->trouble().empty()) return fail_saying(Cause::tls, tls->trouble());
  }
  fail_saying(Cause::network, fmt::format("{}: {}", asked(), net::to_string(error)));
}

void HttpCall::Attempt::fail_late() {
  const auto* const tls = stage_ == Stage::tunnel ? tls_to_proxy_ : tls_;
  const bool shaking_hands = tls != nullptr && !tls->established();
  fail_with(Cause::timed_out,
            shaking_hands ? "did not finish the TLS handshake in time" : "did not answer in time");
}

void HttpCall::Attempt::complete(Result<HttpAnswer, HttpCallError> result) {
  timer_.stop();
  result_ = std::move(result);
  loop_.at_turn_end(*this);
}

void HttpCall::Attempt::on_turn_end() {
  if (!done_) return;
  connecting_.reset();
  stream_.reset();
  tls_ = tls_to_proxy_ = nullptr;
  // The callback may destroy the HttpCall, and with it all but this object.
  auto done = std::exchange(done_, nullptr);
  done(std::move(*result_));
}

}  // namespace crosspoint::client
