#pragma once
// A WAMP session over WebSocket (wamp-router §6.1): one WAMP message in each WebSocket message, or several
// (batch.h), where the client asked for that. Then what a turn has for it leaves as one batch.

#include <memory>
#include <optional>

#include "wamp/io/outgoing_batch.h"
#include "wamp/io/transport.h"
#include "wamp/subprotocol.h"
#include "websocket/io/socket.h"

namespace crosspoint::wamp {

class WebSocketTransport final : public Transport,
                                 private websocket::SocketEvents,
                                 private Wire,
                                 private net::TurnEndHook,
                                 private net::Deadline {
 public:
  // `separator` is for batches in JSON, until the client has sent one.
  WebSocketTransport(TransportHome& home, TransportOwner& owner, std::unique_ptr<net::Stream> stream,
                     const websocket::SocketLimits& limits, Random& random, const Subprotocol& subprotocol,
                     batch::Separator separator, TransportFacts facts,
                     const websocket::DeflateAgreement* deflate);
  ~WebSocketTransport() override;

  void start(Bytes handshake, ByteVector early) { socket_.start(handshake, std::move(early)); }
  void shut_down() override;
  void abort() override { socket_.abort(); }

 private:
  // websocket::SocketEvents
  void on_message(websocket::MessageType type, Bytes payload) override;
  void on_closed(const websocket::CloseReason& peer,
                 const std::optional<websocket::CloseReason>& own) override;
  void on_slow(websocket::Slowness how) override;

  // Wire
  data::Format format() const override { return format_; }
  WireKind kind() const override { return message_frame_kind(subprotocol(), separator()); }
  std::size_t message_bytes_max() const override;
  void send(Bytes message) override;
  Span frame_for_many(Bytes message) override;
  void send_frame(const Span& frame, fanout::Keep keep) override;
  void pause_reading() override { socket_.pause_reading(); }
  void resume_reading() override;
  void close(Farewell why) override;
  void deadline_changed() override { watch_deadline(); }

  void on_turn_end() override;  // there is a batch, or the bound was reached
  void on_due() override;
  void watch_deadline();

  websocket::MessageType message_type() const;
  Subprotocol subprotocol() const { return {format_, batch_ != nullptr}; }
  batch::Separator separator() const { return batch_ ? batch_->separator() : batch::Separator::record; }
  void take_batch(Bytes batch);
  void flush_batch();
  std::size_t waiting_bytes() const { return socket_.unwritten_bytes() + (batch_ ? batch_->bytes() : 0); }
  bool has_room_for(std::size_t bytes);
  void drop_events(std::size_t bytes, MonotonicTime before);
  void give_up();
  void end_too_slow();

  TransportHome& home_;
  TransportOwner& owner_;
  const data::Format format_;
  Slow slow_ = Slow::no;
  std::unique_ptr<OutgoingBatch> batch_;  // null: messages go one by one
  websocket::Socket socket_;
  Session session_;
};

}  // namespace crosspoint::wamp
