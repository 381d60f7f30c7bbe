#pragma once
// What has happened on one loop since somebody was last told: topics that came and went, clients that came
// and went, in that order. Strangers make it happen, thousands of times a second if they like: past news_max
// of a kind it is only counted.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relay/client_report.h"

namespace crosspoint::relay {

enum class NewsKind : std::uint8_t { topic_created, topic_deleted, client_joined, client_left };
inline constexpr std::size_t news_kinds = 4;

struct NewsItem {
  NewsKind kind{};
  ClientReport client = {};  // of a topic: only its name
};

struct News {
  std::vector<NewsItem> items;
  std::array<std::uint64_t, news_kinds> left_out{};  // by kind
};

class NewsBook {
 public:
  static constexpr std::size_t news_max = 64;  // of each kind, until they are taken

  // Is there room for one more of this kind? If not, it is counted.
  bool has_room(NewsKind kind) {
    auto& there = there_[static_cast<std::size_t>(kind)];
    if (there == news_max) {
      ++news_.left_out[static_cast<std::size_t>(kind)];
      return false;
    }
    ++there;
    return true;
  }
  // After has_room().
  void add(NewsItem item) { news_.items.push_back(std::move(item)); }
  News take() {
    there_ = {};
    return std::exchange(news_, {});
  }

 private:
  std::array<std::size_t, news_kinds> there_{};
  News news_;
};

}  // namespace crosspoint::relay
