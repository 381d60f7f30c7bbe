#include "http/io/waiting_room.h"

#include <algorithm>

#include "base/assert.h"

namespace crosspoint::http {

std::optional<WaitingRoom::HostKey> WaitingRoom::key_of(const net::Address& peer) {
  constexpr std::array<std::uint8_t, 12> mapped_ipv4{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  HostKey key{};
  const auto copy = [&](std::uint8_t kind, std::size_t from, std::size_t count) {
    key[0] = kind;
    std::copy_n(peer.bytes.begin() + static_cast<std::ptrdiff_t>(from), count, key.begin() + 1);
  };
  switch (peer.family) {
    case net::Address::Family::ipv4: copy(4, 0, 4); return key;
    case net::Address::Family::ipv6:
      if (std::equal(mapped_ipv4.begin(), mapped_ipv4.end(), peer.bytes.begin())) {
        copy(4, mapped_ipv4.size(), 4);
      } else {
        copy(6, 0, 8);
      }
      return key;
    case net::Address::Family::none:
    case net::Address::Family::unix_socket: break;
  }
  return std::nullopt;
}

void WaitingRoom::push(Queue& queue, Guest& guest, Links Guest::* links) {
  guest.*links = {queue.youngest, nullptr};
  (queue.youngest != nullptr ? (queue.youngest->*links).younger : queue.oldest) = &guest;
  queue.youngest = &guest;
  ++queue.size;
}

void WaitingRoom::unlink(Queue& queue, Guest& guest, Links Guest::* links) {
  const auto [older, younger] = guest.*links;
  (older != nullptr ? (older->*links).younger : queue.oldest) = younger;
  (younger != nullptr ? (younger->*links).older : queue.youngest) = older;
  guest.*links = {};
  --queue.size;
}

void WaitingRoom::enter(Guest& guest, const net::Address& peer) {
  CROSSPOINT_ASSERT(guest.room_ == nullptr);
  guest.room_ = this;
  push(all_, guest, &Guest::in_all_);
  if (const auto key = key_of(peer)) {
    guest.host_ = &*hosts_.try_emplace(*key).first;
    auto& host = guest.host_->second;
    push(host, guest, &Guest::in_host_);
    if (host.size > limits_.guests_per_host_max) put_out(*host.oldest);
  }
  if (all_.size > limits_.guests_max) put_out(*all_.oldest);
}

void WaitingRoom::leave(Guest& guest) {
  if (guest.room_ == nullptr) return;
  guest.room_ = nullptr;
  unlink(all_, guest, &Guest::in_all_);
  if (guest.host_ == nullptr) return;
  unlink(guest.host_->second, guest, &Guest::in_host_);
  if (guest.host_->second.size == 0) hosts_.erase(HostKey(guest.host_->first));
  guest.host_ = nullptr;
}

void WaitingRoom::put_out(Guest& guest) {
  leave(guest);
  guest.on_put_out();
}

}  // namespace crosspoint::http
