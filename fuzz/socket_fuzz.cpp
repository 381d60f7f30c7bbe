// A whole socket on a memory network, told what to do by the input: what its peer says and does, what its
// owner says and does, how the line behaves, what time it is. Whatever happens: what the socket says is a
// right conversation, nothing follows its close frame, on_closed comes exactly once, and in the end
// everything has gone.
#include <cstdint>
#include <memory>
#include <optional>

#include "base/assert.h"
#include "testing/raw_client.h"
#include "testing/world.h"
#include "websocket/deflate.h"
#include "websocket/frame_encoder.h"
#include "websocket/handshake.h"
#include "websocket/io/socket.h"
#include "websocket/message_assembler.h"

using namespace crosspoint;
using namespace crosspoint::websocket;

namespace {

class Input {
 public:
  explicit Input(Bytes bytes) : left_(bytes) {}
  bool empty() const { return left_.empty(); }
  std::uint8_t byte() { return left_.empty() ? std::uint8_t{0} : to_u8(take(1)[0]); }
  Bytes take(std::size_t size) {
    const Bytes taken = left_.first(std::min(size, left_.size()));
    left_ = left_.subspan(taken.size());
    return taken;
  }

 private:
  Bytes left_;
};

struct Owner final : SocketEvents {
  void on_message(MessageType type, Bytes payload) override {
    CROSSPOINT_ASSERT(!closed);
    CROSSPOINT_ASSERT(type == MessageType::binary || is_utf8(payload));
    if (echo) socket->send(type, payload);
  }
  void on_closed(const CloseReason&, const std::optional<CloseReason>&) override {
    CROSSPOINT_ASSERT(!closed);
    closed = true;
  }
  void on_drained() override { CROSSPOINT_ASSERT(socket->unwritten_bytes() == 0 || !socket->open()); }

  std::unique_ptr<Socket> socket;
  bool echo = false;
  bool closed = false;
};

class Play final : net::Acceptor {
 public:
  explicit Play(Input& input) : input_(input), settings_(input.byte()) {
    limits_.message_bytes_max = 5000;
    limits_.message_time_max = 20s;
    if ((settings_ & 4) != 0) limits_.receive_bytes_per_second_max = 1000;
    owner_.echo = (settings_ & 8) != 0;
    const net::Network::ListenPoint point{&world_.loop(), this};
    listeners_ = *world_.network().listen(endpoint_, {}, std::span(&point, 1));
    client_ = std::make_unique<testing::RawClient>(world_.loop(), world_.network(), endpoint_);
    world_.run_until_idle();
  }

  void run() {
    while (!input_.empty()) {
      act();
      if (input_.byte() % 4 != 0) world_.run_until_idle();
    }
    check_what_was_said();
    // Whatever state this is: a peer that has gone is noticed.
    client_.reset();
    world_.advance(200s);
    CROSSPOINT_ASSERT(owner_.closed);
  }

 private:
  void on_accept(std::unique_ptr<net::Stream> stream, const net::Address&) override {
    const DeflateAgreement agreement{.server_no_context_takeover = forgetful(),
                                     .client_no_context_takeover = forgetful()};
    owner_.socket = std::make_unique<Socket>(world_.loop(), std::move(stream), role(), limits_, random_,
                                             owner_, deflate() ? &agreement : nullptr);
    owner_.socket->start({}, to_vector(input_.take(settings_ >> 5)));
  }
  Role role() const { return (settings_ & 1) != 0 ? Role::client : Role::server; }
  bool deflate() const { return (settings_ & 2) != 0; }
  bool forgetful() const { return (settings_ & 16) != 0; }

  void act() {
    Socket& socket = *owner_.socket;
    switch (input_.byte() % 14) {
      case 0: return client_->send(input_.take(input_.byte()));
      case 1: return client_->stop_reading();
      case 2: return client_->resume_reading();
      case 3: return client_->finish();
      case 4: return socket.send(MessageType::binary, input_.take(input_.byte()));
      case 5: return socket.send(MessageType::text, as_bytes(std::string(input_.byte() * 20u, 't')));
      case 6: return socket.close(CloseCode::going_away, "the fuzzer says so");
      case 7: return input_.byte() % 8 == 0 ? socket.abort() : socket.wake();
      case 8: return world_.advance(std::chrono::milliseconds(input_.byte() * 100));
      case 9: return socket.pause_reading();
      case 10: return socket.resume_reading();
      case 11: return drop_unwritten();
      case 12: return set_line();
      // A right frame, since the fuzzer seldom finds one.
      case 13: return send_frame();
    }
  }

  void drop_unwritten() {
    // Messages that later ones refer to may not be thrown away.
    if (!deflate() || forgetful()) owner_.socket->outbox().drop_unwritten();
  }

  void set_line() {
    const auto links = world_.network().links();
    if (links.empty()) return;
    links.front()->set({.capacity_bytes = 1 + input_.byte() * 4u, .segment_bytes_max = 1u + input_.byte()});
  }

  void send_frame() {
    constexpr Opcode opcodes[] = {Opcode::text, Opcode::binary, Opcode::continuation,
                                  Opcode::ping, Opcode::pong,   Opcode::close};
    const Opcode opcode = opcodes[input_.byte() % 6];
    ByteVector payload = to_vector(input_.take(input_.byte() % 32));
    const FrameBits bits{.final = is_control(opcode) || input_.byte() % 2 == 0, .compressed = false};
    if (role() == Role::client) {
      client_->send(FrameHeader(opcode, payload.size(), bits));
    } else {
      const MaskKey key{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
      apply_mask(payload, key);
      client_->send(FrameHeader(opcode, payload.size(), key, bits));
    }
    client_->send(payload);
  }

  void check_what_was_said() {
    Inflater inflater(forgetful() ? Inflater::Context::forgotten : Inflater::Context::kept);
    FrameDecoder decoder(role() == Role::server ? Role::client : Role::server, 1 << 20,
                         deflate() ? FrameDecoder::Compression::agreed : FrameDecoder::Compression::refused);
    MessageAssembler assembler(1 << 20, 0, deflate() ? &inflater : nullptr);
    ByteVector said = to_vector(as_bytes(client_->received()));
    decoder.feed(said);
    bool closed = false;
    while (true) {
      const auto part = decoder.next();
      CROSSPOINT_ASSERT(part.has_value());
      if (!*part) return;
      CROSSPOINT_ASSERT(!closed);
      const auto message = assembler.add(**part);
      CROSSPOINT_ASSERT(message.has_value());
      closed = *message && (*message)->opcode == Opcode::close;
    }
  }

  Input& input_;
  const std::uint8_t settings_;
  const net::Endpoint endpoint_{
      .kind = net::Endpoint::Kind::tcp, .host = "127.0.0.1", .port = 9000, .path = {}};
  testing::MemoryWorld world_;
  SocketLimits limits_;
  SeededRandom random_{1};
  Owner owner_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;
  std::unique_ptr<testing::RawClient> client_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 4096) return 0;
  Input input(std::as_bytes(std::span(data, size)));
  Play(input).run();
  return 0;
}
