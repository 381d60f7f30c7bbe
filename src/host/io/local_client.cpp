#include "host/io/local_client.h"

#include <utility>

#include "base/assert.h"

namespace crosspoint::host {

LocalClient::LocalClient(net::Loop& loop, Random& random, Feeds& feeds, const LocalClientSettings& settings,
                         Gone gone)
    : loop_(loop),
      random_(random),
      feeds_(feeds),
      settings_(settings),
      gate_(settings.gate),
      gone_(std::move(gone)) {}

LocalClient::~LocalClient() = default;

bool LocalClient::listen(std::string_view name) {
  subscription_ = feeds_.subscribe(name, *this);
  return subscription_ != nullptr;
}

void LocalClient::start(http::Takeover takeover, const websocket::Acceptance& acceptance) {
  CROSSPOINT_ASSERT(subscription_ != nullptr);
  auto& stream = *takeover.stream;
  socket_.emplace(loop_, std::move(takeover.stream), websocket::Role::server, settings_.limits, random_,
                  static_cast<websocket::SocketEvents&>(*this));
  socket_->start(as_bytes(acceptance.response), std::move(takeover.early_bytes));
  stream.resume_reading();  // the HTTP server hands it over paused
}

void LocalClient::close(websocket::CloseCode code, std::string_view reason) {
  if (socket_) socket_->close(code, reason);
}

void LocalClient::receive(Message& message) {
  if (!socket_ || !socket_->open()) return;
  auto& outbox = socket_->outbox();
  const QueueState queue{outbox.bytes(), outbox.empty() ? Duration::zero() : loop_.now() - outbox.oldest()};
  rewritten_.clear();
  const auto ruling = gate_.judge(message.facts(), message.type(), message.payload(), queue, rewritten_);
  if (ruling.drop_waiting) outbox.drop_unwritten();
  switch (ruling.verdict) {
    case Gate::Verdict::give: outbox.push(message.server_frame(), loop_.now()); return socket_->wake();
    case Gate::Verdict::rewrite: return socket_->send(message.type(), rewritten_);
    case Gate::Verdict::withhold: return;
    case Gate::Verdict::overflow:
      // What waits would only keep the reason from being read.
      outbox.drop_unwritten();
      return socket_->close(websocket::CloseCode::try_again_later, "this client reads too slowly");
  }
}

void LocalClient::on_message(websocket::MessageType type, Bytes payload) {
  if (!feeds_.is_stream(subscription_->feed().name()))
    feeds_.publish(*subscription_, type, payload, loop_.now());
}

void LocalClient::on_closed(const websocket::CloseReason&, const std::optional<websocket::CloseReason>&) {
  if (gone_) std::exchange(gone_, nullptr)(*this);
}

}  // namespace crosspoint::host
