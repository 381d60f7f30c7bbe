#pragma once
// One accepted connection from its first byte to its last, or to its upgrade: a small state machine between a
// stream, the request parser and the routes' handlers. Idle it holds no buffer; what one request needs
// (Exchange) comes and goes with it.
//
//   waiting ──head──▶ receiving ──body──▶ handling ──answer──▶ writing ──▶ waiting (kept alive) or lingering
//   ──▶ closed
//      └─────upgrade──▶ upgrading ──end of turn──▶ somebody else's

#include <list>
#include <memory>

#include "http/io/answer.h"
#include "http/io/route_match.h"
#include "http/io/server_state.h"
#include "http/request_parser.h"
#include "net/loop.h"
#include "net/stream.h"

namespace crosspoint::http {

class Responder::Target {
 public:
  virtual void answer(Response&& response) = 0;
  virtual net::Loop& loop() = 0;

 protected:
  ~Target() = default;
};

class ServerConnection final : public net::Disposable,
                               private net::StreamEvents,
                               private net::TurnEndHook,
                               private WaitingRoom::Guest,
                               private Responder::Target,
                               private BodyFlow {
 public:
  // `server` outlives the connection, or has closed it.
  ServerConnection(ServerState& server, std::unique_ptr<net::Stream> stream, const net::Address& peer);
  ~ServerConnection() override;

  void settle(ServerState::Connections::iterator place) { place_ = place; }
  // Begins to read requests.
  void start();
  // Writes this one answer and closes (Takeover::refuse).
  void start_refusing(Response&& response);
  void stop();
  // At once, without an answer.
  void close();

 private:
  enum class Phase : std::uint8_t { waiting, receiving, handling, upgrading, writing, lingering, closed };

  // One request and what becomes of it. Disposed of at the end of the turn: its sink may be on the stack.
  struct Exchange final : net::Disposable {
    Request request;
    const Route* route = nullptr;
    std::unique_ptr<BodySink> sink;
    std::shared_ptr<Responder::Target*> responder;
    bool keep_alive = false;
    bool body_complete = false;
    bool sink_aborted = false;
    bool http_1_0 = false;
    BodyOnWire body_on_wire = BodyOnWire::sent;
  };

  void on_bytes(MutableBytes bytes) override;
  void on_end() override;
  void on_failure(net::StreamError error) override;
  void on_writable() override;
  void on_turn_end() override;
  void on_put_out() override;
  void answer(Response&& response) override;
  net::Loop& loop() override { return server_.loop; }
  void pause() override;
  void resume() override;
  void answer_now(Response response) override;
  void on_time_up();
  void look_at_progress();

  // Reading
  bool reading() const { return phase_ == Phase::waiting || (phase_ == Phase::receiving && !flow_paused_); }
  void wait_for_head();
  void read(Bytes bytes);
  void read_pending();
  void keep_for_later(Bytes bytes);
  void handle(RequestEvent&& event);
  void take_body(Bytes bytes);
  void take_body_end();

  // Another protocol
  bool is_foreign(Bytes bytes) const;
  void begin_handing_over(Bytes bytes);

  // Requests
  void begin_request(RequestStart&& start);
  void route_request(const RequestStart& start);
  void begin_collecting(const RequestStart& start);
  void begin_streaming(const RequestStart& start, const StreamedHandler& handler);
  void begin_receiving(const RequestStart& start);
  Response answer_without_route(const RouteMatch& match);
  Responder make_responder();

  // Answers
  void refuse(int status);
  void refuse(Response&& response);
  void send_answer(Response&& response);
  void flush();
  void end_answer();
  void linger();
  void time_out();
  void drop_exchange();
  void abort_sink();
  void pause_stream();
  void resume_stream();

  ServerState& server_;
  std::unique_ptr<net::Stream> stream_;
  ServerState::Connections::iterator place_{};
  net::Timer timer_;
  RequestParser parser_;
  std::unique_ptr<Exchange> exchange_;
  ByteVector pending_;  // read, and waiting for its turn
  OutgoingAnswer out_;
  std::size_t bytes_counted_ = 0;  // writing: written when the timer was last started; lingering: thrown away
  net::Address peer_;
  Phase phase_ = Phase::waiting;
  bool stream_paused_ = false;
  bool flow_paused_ = false;
  bool inside_read_ = false;
  bool peer_ended_ = false;
  bool close_after_answer_ = false;
  bool first_request_ = true;
  bool head_begun_ = false;  // waiting: the first byte of a head has come
};

}  // namespace crosspoint::http
