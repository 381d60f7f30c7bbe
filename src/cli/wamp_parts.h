#pragma once
// The WAMP router of `serve`, put together from the settings.

#include <memory>

#include "base/random.h"
#include "config/settings.h"
#include "net/address.h"
#include "net/loop.h"
#include "wamp/io/service.h"
#include "wamp/open_house.h"

namespace crosspoint::cli {

// `serve --dev`: every realm is there, and everybody may do everything in it.
class OpenWamp {
 public:
  OpenWamp(const config::Settings& settings, net::Loop& loop);
  wamp::Node& node() { return service_.node(); }

 private:
  SystemRandom random_;
  wamp::RealmLimits limits_;
  wamp::OpenHouse house_;
  wamp::Service service_;
};

// Null: not asked for, or not with this address. Only a loopback address or a Unix socket will do; why not is
// in the log.
std::unique_ptr<OpenWamp> open_wamp(const config::Settings& settings, const net::Endpoint& listen,
                                    net::Loop& loop);

}  // namespace crosspoint::cli
