#pragma once
// One loop of the relay in numbers, for the statistics of a node.

#include <cstdint>

namespace crosspoint::relay {

struct LoopReport {
  std::uint64_t topics = 0;  // that live there
  std::uint64_t topics_refused = 0;
  std::uint64_t clients = 0;
  std::uint64_t clients_ever = 0;
  std::uint64_t visitors = 0;  // of /ws and /echo
  // Of everybody, those that have gone included.
  std::uint64_t messages_in = 0, bytes_in = 0;
  std::uint64_t messages_out = 0, bytes_out = 0;
  std::uint64_t dropped = 0;
  std::uint64_t waiting_bytes = 0;  // in outboxes, now

  void add(const LoopReport& other) {
    topics += other.topics;
    topics_refused += other.topics_refused;
    clients += other.clients;
    clients_ever += other.clients_ever;
    visitors += other.visitors;
    messages_in += other.messages_in;
    bytes_in += other.bytes_in;
    messages_out += other.messages_out;
    bytes_out += other.bytes_out;
    dropped += other.dropped;
    waiting_bytes += other.waiting_bytes;
  }
};

}  // namespace crosspoint::relay
