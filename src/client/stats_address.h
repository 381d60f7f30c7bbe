#pragma once
// How the reports of a relay are got, by the address that a user names. Pure.
//
//   https://lab.example/access                   asked at …/access/status, with a token of scope relay:stats
//   https://lab.example/access/status            the same
//   https://lab.example/access/session/stats     listened to: an address for topic `stats` is asked for
//   wss://lab.example/relay/session/stats?code=… listened to

#include "http/url.h"

namespace crosspoint::client {

enum class StatsWay { ask, listen };

struct StatsAddress {
  StatsWay way = StatsWay::ask;
  http::Url url;

  bool operator==(const StatsAddress&) const = default;
};

StatsAddress stats_address(http::Url url);

}  // namespace crosspoint::client
