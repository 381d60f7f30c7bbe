#pragma once
// Connections that can be spared, oldest first: in all, and for each host. Whoever comes when the room is
// full puts the oldest out, so that a flood of silent connections pushes out its own kind (reliability row
// D1). Nothing here allocates but one small node per host.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "net/address.h"

namespace crosspoint::http {

class WaitingRoom {
 public:
  struct Limits {
    std::size_t guests_max;
    std::size_t guests_per_host_max;
  };

  class Guest;

 private:
  // What one attacker has for the asking: one IPv4 address, one IPv6 /64.
  using HostKey = std::array<std::uint8_t, 9>;
  struct Queue {
    Guest* oldest = nullptr;
    Guest* youngest = nullptr;
    std::size_t size = 0;
  };
  using Hosts = std::map<HostKey, Queue>;
  struct Links {
    Guest* older = nullptr;
    Guest* younger = nullptr;
  };

 public:
  // A place in the room, part of the connection that waits. Leaves by itself when it dies; the room outlives
  // it.
  class Guest {
   public:
    Guest() = default;
    Guest(const Guest&) = delete;
    Guest& operator=(const Guest&) = delete;

   protected:
    virtual ~Guest() {  // virtual only because GCC wants it where friends could delete
      if (room_ != nullptr) room_->leave(*this);
    }

   private:
    friend class WaitingRoom;
    // Another one has taken this place; the guest is out already. Must not enter again in this call.
    virtual void on_put_out() = 0;

    WaitingRoom* room_ = nullptr;
    Hosts::value_type* host_ = nullptr;
    Links in_all_;
    Links in_host_;
  };

  explicit WaitingRoom(const Limits& limits) : limits_(limits) {}
  WaitingRoom(const WaitingRoom&) = delete;
  WaitingRoom& operator=(const WaitingRoom&) = delete;

  // `guest`, who is outside, becomes the youngest; who is one too many is put out. Unix sockets count in all
  // only.
  void enter(Guest& guest, const net::Address& peer);
  void leave(Guest& guest);  // nothing happens if it is not inside
  std::size_t size() const { return all_.size; }
  std::size_t hosts() const { return hosts_.size(); }

 private:
  static std::optional<HostKey> key_of(const net::Address& peer);
  static void push(Queue& queue, Guest& guest, Links Guest::* links);
  static void unlink(Queue& queue, Guest& guest, Links Guest::* links);
  void put_out(Guest& guest);

  Limits limits_;
  Queue all_;
  Hosts hosts_;
};

}  // namespace crosspoint::http
