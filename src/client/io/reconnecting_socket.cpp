#include "client/io/reconnecting_socket.h"

#include <fmt/core.h>

#include <optional>
#include <utility>

#include "base/assert.h"

namespace crosspoint::client {
namespace {

// What a peer writes into a close frame goes to logs and pages: control characters do not.
std::string without_control_characters(std::string text) {
  for (auto& c: text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

std::string sentence_of(const websocket::CloseReason& peer,
                        const std::optional<websocket::CloseReason>& own) {
  if (own && peer.code == websocket::CloseCode::abnormal) {
    return own->text.empty()
               ? fmt::format("closed by this side with {}", std::to_underlying(own->code))
               : fmt::format("closed by this side with {}: {}", std::to_underlying(own->code), own->text);
  }
  if (peer.code == websocket::CloseCode::abnormal) return "the connection broke without a close frame";
  if (peer.text.empty()) return fmt::format("the relay closed with {}", std::to_underlying(peer.code));
  return fmt::format("the relay closed with {}: {}", std::to_underlying(peer.code),
                     without_control_characters(peer.text));
}

}  // namespace

std::string_view to_string(LinkState state) {
  switch (state) {
    case LinkState::idle: return "idle";
    case LinkState::connecting: return "connecting";
    case LinkState::connected: return "connected";
    case LinkState::waiting: return "waiting";
    case LinkState::closing: return "closing";
    case LinkState::closed: return "closed";
  }
  return "";
}

std::string printable(const http::Url& url) {
  const auto path = std::string_view(url.target).substr(0, url.target.find('?'));
  return fmt::format("{}://{}{}", url.scheme, http::host_header(url), path);
}

// One connection, from the handshake to its end. Outlives the events of its socket by being disposed of.
class ReconnectingSocket::Connection final : public net::Disposable, private websocket::SocketEvents {
 public:
  Connection(ReconnectingSocket& owner, std::unique_ptr<net::Stream> stream,
             const std::optional<websocket::DeflateAgreement>& deflate)
      : owner_(owner),
        socket_(owner.loop_, std::move(stream), websocket::Role::client, owner.settings_.limits,
                owner.random_, *this, deflate ? &*deflate : nullptr) {}

  websocket::Socket& socket() { return socket_; }

 private:
  void on_message(websocket::MessageType type, Bytes payload) override { owner_.on_message(type, payload); }
  void on_closed(const websocket::CloseReason& peer,
                 const std::optional<websocket::CloseReason>& own) override {
    owner_.on_connection_closed(peer, own);
  }

  ReconnectingSocket& owner_;
  websocket::Socket socket_;
};

ReconnectingSocket::ReconnectingSocket(net::Loop& loop, net::Network& network, Random& random,
                                       ReconnectingSocketSettings settings, ReconnectingSocketEvents& events)
    : ReconnectingSocket(loop, network, random, std::make_unique<FixedAddress>(settings.url), settings,
                         events) {}

ReconnectingSocket::ReconnectingSocket(net::Loop& loop, net::Network& network, Random& random,
                                       std::unique_ptr<AddressSource> address,
                                       ReconnectingSocketSettings settings, ReconnectingSocketEvents& events)
    : loop_(loop),
      network_(network),
      random_(random),
      settings_(std::move(settings)),
      events_(events),
      backoff_(settings_.backoff, random),
      timer_(loop, [this] { on_timer(); }),
      address_(std::move(address)) {
  status_.since = loop.wall_now();
}

ReconnectingSocket::~ReconnectingSocket() = default;

void ReconnectingSocket::enter(LinkState state) {
  state_ = state;
  status_.since = loop_.wall_now();
  events_.on_link_changed();
}

void ReconnectingSocket::start() {
  CROSSPOINT_ASSERT(state_ == LinkState::idle);
  attempt();
}

void ReconnectingSocket::attempt() {
  enter(LinkState::connecting);
  ++status_.attempts;
  address_->ask([this](Result<Address, std::string> address) { on_address(std::move(address)); });
}

void ReconnectingSocket::on_address(Result<Address, std::string> address) {
  if (!address) {
    note_error(std::move(address.error()));
    return wait(backoff_.after_failure());
  }
  first_message_ = std::move(address->first_message);
  websocket::ConnectRequest request;
  request.proxy = settings_.proxies.proxy_for(address->url);
  request.url = std::move(address->url);
  request.subprotocols = settings_.subprotocols;
  request.fields = settings_.fields;
  request.limit = settings_.connect_time_max;
  request.tls = settings_.tls;
  connector_ = std::make_unique<websocket::Connector>(
      loop_, network_, random_, std::move(request),
      [this](Result<websocket::Connected, websocket::ConnectError> result) {
        on_attempt_done(std::move(result));
      });
}

void ReconnectingSocket::on_attempt_done(Result<websocket::Connected, websocket::ConnectError> result) {
  connector_.reset();
  if (!result) {
    note_error(std::move(result.error().sentence));
    wait(backoff_.after_failure());
    return;
  }
  connection_ = std::make_unique<Connection>(*this, std::move(result->stream), result->deflate);
  if (first_message_.empty()) {
    // Before the first bytes are looked at: they may hold messages, or the end of the connection.
    begin_connection();
    return connection_->socket().start({}, std::move(result->early_bytes));
  }
  token_shown_ = TokenShown{.token = std::move(first_message_)};
  timer_.start_after(settings_.token_answer_time_max);
  connection_->socket().start({}, std::move(result->early_bytes));
  connection_->socket().send(websocket::MessageType::text, as_bytes(token_shown_->token));
}

void ReconnectingSocket::begin_connection() {
  connected_at_ = loop_.now();
  ++status_.connections;
  enter(LinkState::connected);
  events_.on_connected();
}

void ReconnectingSocket::on_message(websocket::MessageType type, Bytes payload) {
  if (token_shown_) return take_token_answer(type, payload);
  events_.on_message(type, payload);
}

// A relay that checks no tokens hands this one on to everybody, and never answers: what others say meanwhile
// is no answer.
void ReconnectingSocket::take_token_answer(websocket::MessageType type, Bytes payload) {
  if (type != websocket::MessageType::text || state_ != LinkState::connecting) return;
  const auto answer = read_token_answer(as_text(payload), token_shown_->token);
  switch (answer.kind) {
    case TokenAnswer::Kind::something_else: return;
    case TokenAnswer::Kind::refused:
      return refuse_connection("the relay refused the token" +
                               (answer.reason.empty() ? "" : ": " + answer.reason));
    case TokenAnswer::Kind::authorised: break;
  }
  token_shown_.reset();
  timer_.stop();
  begin_connection();
}

void ReconnectingSocket::refuse_connection(std::string sentence) {
  if (std::exchange(token_shown_->refused, true)) return;
  note_error(std::move(sentence));
  timer_.stop();
  connection_->socket().close(websocket::CloseCode::normal);
}

void ReconnectingSocket::on_connection_closed(const websocket::CloseReason& peer,
                                              const std::optional<websocket::CloseReason>& own) {
  const auto& counters = connection_->socket().counters();
  status_.messages_sent += counters.messages_sent;
  status_.bytes_sent += counters.bytes_sent;
  status_.messages_received += counters.messages_received;
  status_.bytes_received += counters.bytes_received;
  loop_.dispose(std::move(connection_));
  if (state_ == LinkState::closing) {
    token_shown_.reset();
    enter(LinkState::closed);
    timer_.start_after(Duration::zero());
    return;
  }
  if (const auto shown = std::exchange(token_shown_, std::nullopt)) {
    if (!shown->refused) note_error(sentence_of(peer, own) + ", with the token unanswered");
    return wait(backoff_.after_failure());
  }
  note_error(sentence_of(peer, own));
  wait(backoff_.after_connection(loop_.now() - connected_at_));
  events_.on_disconnected();
}

void ReconnectingSocket::wait(Duration delay) {
  enter(LinkState::waiting);
  timer_.start_after(delay);
}

void ReconnectingSocket::on_timer() {
  if (state_ == LinkState::waiting) {
    attempt();
  } else if (state_ == LinkState::closed) {
    events_.on_closed();
  } else if (token_shown_) {
    refuse_connection("the relay did not answer to the token: it checks none, or in another way");
  }
}

void ReconnectingSocket::close(websocket::CloseCode code, std::string_view reason) {
  if (state_ == LinkState::closing || state_ == LinkState::closed) return;
  timer_.stop();
  if (connection_) {
    enter(LinkState::closing);
    connection_->socket().close(code, reason);
    return;
  }
  address_->stop();
  connector_.reset();
  enter(LinkState::closed);
  timer_.start_after(Duration::zero());
}

void ReconnectingSocket::send(websocket::MessageType type, Bytes payload) {
  CROSSPOINT_ASSERT(connected());
  connection_->socket().send(type, payload);
}

fanout::Outbox& ReconnectingSocket::outbox() {
  CROSSPOINT_ASSERT(connected());
  return connection_->socket().outbox();
}

std::size_t ReconnectingSocket::queued_bytes() const {
  return connection_ ? connection_->socket().unwritten_bytes() : 0;
}

void ReconnectingSocket::note_error(std::string sentence) {
  status_.last_error = std::move(sentence);
  status_.last_error_at = loop_.wall_now();
}

LinkStatus ReconnectingSocket::status() const {
  auto status = status_;
  status.state = state_;
  if (connection_) {
    const auto& counters = connection_->socket().counters();
    status.messages_sent += counters.messages_sent;
    status.bytes_sent += counters.bytes_sent;
    status.messages_received += counters.messages_received;
    status.bytes_received += counters.bytes_received;
  }
  return status;
}

}  // namespace crosspoint::client
