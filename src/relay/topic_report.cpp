#include "relay/topic_report.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

namespace crosspoint::relay {
namespace {

void add(TopicReport& to, TopicReport&& more) {
  to.token = to.token || more.token;
  to.senders += more.senders;
  to.viewers += more.viewers;
  to.messages += more.messages;
  to.bytes += more.bytes;
  to.text_dropped += more.text_dropped;
  to.kept_bytes += more.kept_bytes;
  if (to.media.empty()) to.media = std::move(more.media);
}

}  // namespace

std::vector<TopicReport> merged(std::vector<std::vector<TopicReport>> of_loops) {
  std::map<std::string, TopicReport> by_name;
  for (auto& reports: of_loops) {
    for (auto& report: reports) {
      auto& there = by_name[report.topic];
      there.topic = report.topic;
      add(there, std::move(report));
    }
  }
  std::vector<TopicReport> all;
  all.reserve(by_name.size());
  for (auto& [name, report]: by_name) all.push_back(std::move(report));
  return all;
}

std::string to_json(const TopicReport& report) {
  const nlohmann::ordered_json object{{"topic", report.topic},
                                      {"token", report.token},
                                      {"clients", report.senders + report.viewers},
                                      {"senders", report.senders},
                                      {"viewers", report.viewers},
                                      {"messages", report.messages},
                                      {"bytes", report.bytes},
                                      {"text_dropped", report.text_dropped},
                                      {"kept_bytes", report.kept_bytes},
                                      {"media", report.media}};
  // A topic's name may hold bytes that are not UTF-8; they are shown as U+FFFD.
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace crosspoint::relay
