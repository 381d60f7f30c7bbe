#include "wamp/client/io/websocket_transport.h"

#include <fmt/core.h>

#include <utility>

namespace crosspoint::wamp::client {
namespace {

// Both dialects of UBJSON go by one name.
std::string subprotocol_of(data::Format format) {
  return fmt::format("wamp.2.{}", format == data::Format::bjdata ? "ubjson" : data::to_string(format));
}

std::string closed_with(const websocket::CloseReason& reason) {
  auto text =
      fmt::format("{}{}{}", std::to_underlying(reason.code), reason.text.empty() ? "" : ": ", reason.text);
  for (auto& c: text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

}  // namespace

WebSocketTransport::WebSocketTransport(net::Loop& loop, net::Network& network, Random& random,
                                       const TransportSettings& settings, TransportEvents& events)
    : loop_(loop), random_(random), settings_(settings), events_(events) {
  // A client sits behind NAT oftener than a router: it asks whether the other end still lives.
  limits_.ping_every = 25s;
  limits_.dead_after = 60s;
  limits_.write_time_max = settings.write_time_max;
  limits_.close_time_max = settings.close_time_max;
  limits_.message_bytes_max = settings.message_bytes_max;
  const auto& url = std::get<http::Url>(settings.place);
  websocket::ConnectRequest request;
  request.proxy = settings.proxies.proxy_for(url);
  request.url = url;
  request.subprotocols = {subprotocol_of(settings.format)};
  request.fields = settings.fields;
  request.limit = settings.connect_time_max;
  request.stream = settings.stream;
  request.tls = settings.tls;
  request.quote_refusal = settings.fields.size() == 0;
  connector_ = std::make_unique<websocket::Connector>(
      loop, network, random, std::move(request),
      [this](Result<websocket::Connected, websocket::ConnectError> result) {
        on_attempt_done(std::move(result));
      });
}

WebSocketTransport::~WebSocketTransport() = default;

void WebSocketTransport::on_attempt_done(Result<websocket::Connected, websocket::ConnectError> result) {
  connector_.reset();
  if (!result) return events_.on_closed(std::move(result.error().sentence));
  if (result->subprotocol.empty()) {
    return events_.on_closed(fmt::format("the server speaks no WAMP there: it did not agree to {}",
                                         subprotocol_of(settings_.format)));
  }
  bindings_ = bindings_of(*result->stream);
  websocket::SocketEvents& socket_events = *this;
  socket_ = std::make_unique<websocket::Socket>(loop_, std::move(result->stream), websocket::Role::client,
                                                limits_, random_, socket_events);
  events_.on_open();
  socket_->start({}, std::move(result->early_bytes));
}

void WebSocketTransport::send(Bytes message) {
  socket_->send(
      data::is_text(settings_.format) ? websocket::MessageType::text : websocket::MessageType::binary,
      message);
}

void WebSocketTransport::close() { socket_->close(websocket::CloseCode::normal); }

void WebSocketTransport::on_closed(const websocket::CloseReason& peer,
                                   const std::optional<websocket::CloseReason>& own) {
  if (peer.code != websocket::CloseCode::abnormal)
    return events_.on_closed("the router closed with " + closed_with(peer));
  if (own) return events_.on_closed("closed by this side with " + closed_with(*own));
  events_.on_closed("the connection broke without a close frame");
}

}  // namespace crosspoint::wamp::client
