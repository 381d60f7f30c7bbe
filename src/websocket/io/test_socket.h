#pragma once
// A Socket on a memory network with a client that speaks bytes at the other end. For tests only.

#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "testing/raw_client.h"
#include "testing/world.h"
#include "websocket/handshake.h"
#include "websocket/io/socket.h"
#include "websocket/test_frames.h"

namespace crosspoint::websocket {

// Remembers what a socket told, and does what the test wants done about it.
struct Recorder final : SocketEvents {
  struct Closed {
    CloseReason peer;
    std::optional<CloseReason> own;
  };
  std::vector<Heard::One> messages;
  std::optional<Closed> closed;
  std::size_t times_drained = 0;
  std::vector<Slowness> slow;
  std::function<void(Slowness)> then_slow;
  std::function<void(MessageType, Bytes)> then;  // after a message

  void on_message(MessageType type, Bytes payload) override {
    EXPECT_FALSE(closed) << "a message after on_closed";
    messages.push_back({static_cast<Opcode>(type), to_string(payload)});
    if (then) then(type, payload);
  }
  void on_closed(const CloseReason& peer, const std::optional<CloseReason>& own) override {
    EXPECT_FALSE(closed) << "on_closed twice";
    closed = Closed{peer, own};
  }
  void on_drained() override { ++times_drained; }
  void on_slow(Slowness how) override {
    slow.push_back(how);
    if (then_slow) then_slow(how);
  }
};

class SocketTest : public ::testing::Test, private net::Acceptor {
 protected:
  SocketTest() {
    const net::Network::ListenPoint point{&world.loop(), this};
    listeners = *world.network().listen(endpoint, {}, std::span(&point, 1));
  }

  // Connects the client; the socket is made, and started, when the connection comes in.
  void open() {
    client = std::make_unique<crosspoint::testing::RawClient>(world.loop(), world.network(), endpoint);
    world.run_until_idle();
    ASSERT_NE(socket, nullptr);
  }
  void echo() {
    recorder.then = [this](MessageType type, Bytes payload) { socket->send(type, payload); };
  }
  // What the client says, and everything that follows from it at once.
  void say(std::string_view bytes) {
    client->send(bytes);
    world.run_until_idle();
  }
  // What the socket has said so far, as its peer understands it.
  Heard heard(bool compressed = false) {
    return hear(client->received(), {.role = role == Role::server ? Role::client : Role::server,
                                     .message_bytes_max = 64 * 1024 * 1024,
                                     .deflate = compressed});
  }
  std::vector<Heard::One> said() { return heard().messages; }
  static Heard::One close_frame(int code, std::string_view text = {}) {
    std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
    return {Opcode::close, payload.append(text)};
  }
  crosspoint::testing::Link& link() { return *world.network().newest_link(); }

  const net::Endpoint endpoint{
      .kind = net::Endpoint::Kind::tcp, .host = "127.0.0.1", .port = 9000, .path = {}};
  crosspoint::testing::MemoryWorld world;
  Role role = Role::server;
  SocketLimits limits;
  SeededRandom random{1};
  std::optional<DeflateAgreement> deflate;
  std::string handshake;
  std::string early;
  Recorder recorder;
  std::vector<std::unique_ptr<net::Listener>> listeners;
  std::unique_ptr<Socket> socket;
  std::unique_ptr<crosspoint::testing::RawClient> client;

 private:
  void on_accept(std::unique_ptr<net::Stream> stream, const net::Address&) override {
    socket = std::make_unique<Socket>(world.loop(), std::move(stream), role, limits, random, recorder,
                                      deflate ? &*deflate : nullptr);
    socket->start(as_bytes(handshake), to_vector(as_bytes(early)));
  }
};

}  // namespace crosspoint::websocket
