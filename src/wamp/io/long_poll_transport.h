#pragma once
// A WAMP session over HTTP requests (wamp-router §6.3): what the client posts goes to the session, what the
// session sends waits for a request that takes it. The client is there as long as it keeps asking.

#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "wamp/io/long_poll_reply.h"
#include "wamp/io/message_frame.h"
#include "wamp/io/transport.h"
#include "wamp/long_poll.h"

namespace crosspoint::wamp {

struct LongPollSettings {
  std::string base = "/lp";  // the path that it is mounted at; empty: it is off
  // A request to receive is answered with nothing after so long: AutobahnJS gives up after 12 s.
  Duration receive_time_max = 10s;
  Duration away_time_max = 30s;  // without a request to receive: the client is gone
  // A session that has ended leaves its transport there for so long: AutobahnJS takes a /close that is not
  // answered with success for no end at all, and its user hears nothing.
  Duration ended_time_max = 5s;
  // Queued for one client. Crossbar.io has 128 KiB and 100, which a burst of events fills in one turn.
  std::size_t waiting_bytes_max = 1024 * 1024;
  std::size_t waiting_messages_max = 1000;
  std::size_t transports_max = 10'000;  // they need no connection of their own to stay
};

class LongPollTransport final : public Transport,
                                private Wire,
                                private net::TurnEndHook,
                                private net::Deadline {
 public:
  // `on_over` is called once, when there is nothing more to ask this transport for.
  LongPollTransport(TransportHome& home, TransportOwner& owner, const LongPollSettings& settings,
                    const Subprotocol& subprotocol, batch::Separator separator, TransportFacts facts,
                    std::function<void()> on_over);
  ~LongPollTransport() override;

  const Subprotocol& subprotocol() const { return subprotocol_; }
  // False: it was garbage.
  bool take(Bytes body);
  // A request that came before and still waits is answered with nothing: its client has asked again. `lost`
  // is called if what was answered reached nobody.
  void receive(LongPollReply reply, std::function<void()> lost);
  void close_by_client();
  // A message went astray; the session would not be what its client believes it to be.
  void lose() { finish(); }
  void shut_down() override;
  void abort() override { finish(); }

 private:
  // Wire. Requests are not held back while a message waits for the gate: the session keeps what they bring,
  // in order, up to its bound.
  data::Format format() const override { return subprotocol_.format; }
  WireKind kind() const override { return message_frame_kind(subprotocol_, separator_); }
  std::size_t message_bytes_max() const override { return home_.settings.waiting_bytes_max; }
  void send(Bytes message) override;
  Span frame_for_many(Bytes message) override {
    return message_frame(home_, subprotocol_, separator_, message);
  }
  void send_frame(const Span& frame, fanout::Keep keep) override;
  void close(Farewell why) override;

  void on_turn_end() override;
  void on_due() override;

  // A message, or a batch of one, and who has its bytes.
  struct Waiting {
    Span shared = {};
    ByteVector own = {};
    MonotonicTime since = {};
    fanout::Keep keep = fanout::Keep::always;
    Bytes bytes() const { return own.empty() ? shared.bytes() : Bytes(own); }
  };
  void take_batch(Bytes batch);
  bool full(std::size_t more) const;
  bool has_room_for(std::size_t bytes);
  void drop_events(std::size_t bytes, std::size_t messages, MonotonicTime before);
  bool behind() const;
  void add(Waiting waiting);
  void give_up();
  void end_too_slow();
  void answer_receive();
  http::Response next_content();
  void finish();
  void watch_deadlines();

  TransportHome& home_;
  TransportOwner& owner_;
  const LongPollSettings& settings_;
  const Subprotocol subprotocol_;
  batch::Separator separator_;
  std::function<void()> on_over_;
  bool closing_ = false;  // what waits may still be fetched
  bool over_ = false;
  bool violated_ = false;
  bool shutting_down_ = false;
  bool awaits_close_ = false;  // GOODBYE or ABORT is said, and the client may still say /close
  Slow slow_ = Slow::no;
  std::deque<Waiting> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::optional<LongPollReply> receive_;  // a request that waits
  std::function<void()> lost_;            // of that request
  MonotonicTime own_deadline_;            // of that request, or of the client's absence
  Session session_;
};

}  // namespace crosspoint::wamp
