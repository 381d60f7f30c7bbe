#pragma once
// A topic and who is on it, in numbers: what one loop knows of it, added up over the loops, and as JSON:
//
//   {"topic":"rig01-st-data","token":true,"clients":3,"senders":1,"viewers":2,"messages":250,"bytes":3000000,
//    "text_dropped":0,"kept_bytes":65536,"media":"mpeg1video 640x480 25 fps"}

#include <cstdint>
#include <string>
#include <vector>

namespace crosspoint::relay {

struct TopicReport {
  std::string topic;
  bool token = false;         // opened by tokens
  std::uint64_t senders = 0;  // may send
  std::uint64_t viewers = 0;  // only receive
  // Since the topic came into being; only its own loop knows them.
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;         // payload
  std::uint64_t text_dropped = 0;  // text on a topic that carries a transport stream
  std::uint64_t kept_bytes = 0;    // memory of its log
  std::string media;               // empty: nothing is known

  bool operator==(const TopicReport&) const = default;
};

// Those of the same name added up; in the order of their names.
std::vector<TopicReport> merged(std::vector<std::vector<TopicReport>> of_loops);

std::string to_json(const TopicReport& report);

}  // namespace crosspoint::relay
