#include "client/stats_address.h"

#include <gtest/gtest.h>

namespace crosspoint::client {
namespace {

TEST(StatsAddress, SaysWhetherToAskOrToListenAndWhere) {
  struct Row {
    const char* named;
    StatsWay way;
    const char* url;
  };
  for (const auto& row: {
           Row{"https://lab.example", StatsWay::ask, "https://lab.example/status"},
           Row{"https://lab.example/", StatsWay::ask, "https://lab.example/status"},
           Row{"https://lab.example/ed0/access/", StatsWay::ask, "https://lab.example/ed0/access/status"},
           Row{"http://lab.example/status", StatsWay::ask, "http://lab.example/status"},
           Row{"http://lab.example/access?a=b", StatsWay::ask, "http://lab.example/access/status?a=b"},
           Row{"http://lab.example/access/session/stats", StatsWay::listen,
               "http://lab.example/access/session/stats"},
           Row{"ws://lab.example/ws", StatsWay::listen, "ws://lab.example/ws"},
           Row{"wss://lab.example/session/stats?code=c", StatsWay::listen,
               "wss://lab.example/session/stats?code=c"},
       }) {
    EXPECT_EQ(stats_address(*http::parse_url(row.named)), (StatsAddress{row.way, *http::parse_url(row.url)}))
        << row.named;
  }
}

}  // namespace
}  // namespace crosspoint::client
