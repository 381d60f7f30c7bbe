#pragma once
// What a client has for its program: messages, and changes of its state, in the order they came, bounded.
// Pure; whoever shares one between threads has the lock.
//
// Messages beyond the bounds are lost, the oldest or the newest first, and counted. Of states without a
// message between them only the latest is kept, so that a connection that comes and goes while the program
// sleeps fills nothing.

#include <crosspoint/client.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <variant>

namespace crosspoint::client {

class Inbox {
 public:
  struct Bounds {
    std::size_t messages_max = 4096;
    std::size_t bytes_max = 64 * 1024 * 1024;
  };
  struct Message {
    Client::Type type;
    std::string payload;
  };
  using Item = std::variant<Message, Client::Status>;

  Inbox(const Bounds& bounds, Client::Overflow overflow) : bounds_(bounds), overflow_(overflow) {}

  // Returns how many messages were lost by it.
  std::size_t push(Message message);
  void push(Client::Status status);
  std::optional<Item> pop();

  bool empty() const { return items_.empty(); }
  std::size_t items() const { return items_.size(); }
  std::size_t messages() const { return messages_; }
  std::size_t bytes() const { return bytes_; }

 private:
  bool has_room_for(std::size_t bytes) const {
    return messages_ < bounds_.messages_max && bytes <= bounds_.bytes_max - bytes_;
  }
  void drop_oldest_message();

  Bounds bounds_;
  Client::Overflow overflow_;
  std::deque<Item> items_;  // never two states in a row
  std::size_t messages_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace crosspoint::client
