#include "wamp/io/service.h"

#include <utility>

namespace crosspoint::wamp {

Service::Service(net::Loop& loop, Doorkeeper& doorkeeper, Gate& gate, RealmPolicy& policy,
                 std::size_t realms_max, Random& random, NodeSettings settings)
    : Deadline(loop),
      router_(doorkeeper, gate, policy, realms_max, random),
      node_(loop, router_, random, std::move(settings)) {
  node_.after_messages(*this);
  router_.settle_by([this] { this->loop().at_turn_end(*this); });
}

// What the router called has been answered; and a message may have begun a call that has a timeout, or ended
// one.
void Service::on_turn_end() {
  router_.settle({loop().now(), loop().wall_now()});
  const auto due = router_.next_due();
  if (!due) {
    stop();
  } else if (!running() || this->due() != *due) {
    start_at(*due);
  }
}

void Service::on_due() {
  router_.on_time({loop().now(), loop().wall_now()});
  on_turn_end();
}

}  // namespace crosspoint::wamp
