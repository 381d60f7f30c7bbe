#pragma once
// The router as one object of the program: its realms, its clients' connections, and the clock that calls
// time out by. On one loop; connections come from all of them (node.h).

#include <functional>

#include "wamp/io/node.h"
#include "wamp/router.h"

namespace crosspoint::wamp {

class Service final : private net::TurnEndHook, private net::Deadline {
 public:
  // All outlive it.
  Service(net::Loop& loop, Doorkeeper& doorkeeper, Gate& gate, RealmPolicy& policy, std::size_t realms_max,
          Random& random, NodeSettings settings);

  Node& node() { return node_; }
  Router& router() { return router_; }

 private:
  void on_turn_end() override;
  void on_due() override;

  Router router_;
  Node node_;
};

}  // namespace crosspoint::wamp
