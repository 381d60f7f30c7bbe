#pragma once
// A host in a realm: every verb of its API as a procedure, registered through a connection that goes out, so
// that an operator or a page drives a host behind NAT. With the prefix "host.rig01.":
//
//   host.rig01.healthcheck         ()            "ok"
//   host.rig01.status              ()            as GET /api/status
//   host.rig01.stream.add          (rule)        the rule, as it is kept; also by keywords: stream, feeds
//   host.rig01.stream.list         (stream?)     {"name":["feed",…],…}; of one: its feeds
//   host.rig01.stream.delete       (stream)      its name; "all": every one
//   host.rig01.destination.add     (rule)        the same: id, stream, destination, token or token_file
//   host.rig01.destination.list    (id?)         {"id":{…},…}; of one: the rule
//   host.rig01.destination.delete  (id)          the id
//
// What is answered and refused is what REST says (host/io/commands.h). Rules are shown without their tokens.
// Each change leaves a line in the log: what, and by whom, as far as the router says it.
//
// The connection comes back, and so do the procedures; one that the router refuses is asked for again.

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/log.h"
#include "host/io/commands.h"
#include "management/host_verbs.h"
#include "wamp/client/io/link.h"

namespace crosspoint::management {

struct HostManagementSettings {
  wamp::client::LinkSettings link;
  std::string prefix;              // with its final dot
  Duration ask_again_after = 10s;  // for a procedure that was refused
};

class HostManagement final : private wamp::client::LinkEvents {
 public:
  // Everything referred to outlives it.
  HostManagement(net::Loop& loop, net::Network& network, Random& random, host::Commands& commands,
                 HostManagementSettings settings);
  ~HostManagement();

  void start() { link_.start(); }
  // GOODBYE; `left` is called in a later turn.
  void leave(std::function<void()> left);
  bool in_charge() const { return granted_.size() == host_verbs().size(); }  // all are registered

 private:
  // LinkEvents
  void on_joined(const wamp::client::Joined& joined) override;
  void on_ended(const wamp::client::Ending& ending) override;
  void on_granted(wamp::client::WishId wish) override;
  void on_denied(wamp::client::WishId wish, const wamp::client::Failure& failure) override;
  void on_invocation(wamp::client::WishId wish, const wamp::client::Invoked& invoked) override;
  void on_link_changed() override;
  void on_closed() override;

  void ask_for(HostVerb verb);
  void ask_again();

  host::Commands& commands_;
  const HostManagementSettings settings_;
  wamp::client::Link link_;
  std::map<wamp::client::WishId, HostVerb> wishes_;
  std::set<HostVerb> granted_, refused_;
  net::Timer ask_again_timer_;
  log::LogLimit log_limit_;
  std::function<void()> left_;
};

}  // namespace crosspoint::management
