#pragma once
// The node with token topics, a WAMP router on the same port, and its management realm, on a table-top.

#include <optional>

#include "management/io/node_management.h"
#include "secure_product.h"
#include "wamp/io/service.h"
#include "wamp/open_house.h"
#include "wamp_caller.h"

namespace crosspoint::journeys {

class ManagedProduct {
 public:
  static constexpr const char* realm = "crosspoint";
  explicit ManagedProduct(testing::World& world, std::size_t loops = 1, SecureProduct::Options options = {})
      : service_(world.loop(0), house_, house_, house_, 100, random_, {}),
        secure(world, completed(std::move(options), loops)) {
    management_.emplace(world.loop(0), service_.router(), secure.node(),
                        management::NodeManagementSettings{.realm = realm, .connections = &service_.node()});
  }

 private:
  SecureProduct::Options completed(SecureProduct::Options options, std::size_t loops) {
    options.loops = loops;
    options.rows.push_back(service_.node().websocket_row());
    return options;
  }

  SeededRandom random_{3};
  wamp::RealmLimits limits_;
  wamp::OpenHouse house_{limits_, random_};
  wamp::Service service_;

 public:
  SecureProduct secure;

 private:
  std::optional<management::NodeManagement> management_;
};

}  // namespace crosspoint::journeys
