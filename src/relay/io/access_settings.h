#pragma once
// What the access service is told: who signs tokens and for whom they must be, where codes lead, what is
// remembered.

#include <memory>
#include <string>
#include <vector>

#include "access/answers.h"
#include "access/io/deny_keeper.h"
#include "access/io/deny_store.h"
#include "token/verifier.h"

namespace crosspoint::relay {

struct AccessSettings {
  std::shared_ptr<const token::Verifier> verifier;  // at first: see Node::verify_with
  access::DenyStore* deny_store = nullptr;          // outlives the node
  // What tokens open beside topics: told of bookings that are cancelled, as each loop's topics are. They
  // outlive the node.
  std::vector<access::Door*> other_doors = {};
  std::string audience;   // what the verifier demands, for the words of a refusal
  std::string relay_url;  // where codes are to be presented, as clients see it: "wss://lab.example/relay", no
                          // final slash
  bool allow_no_booking = false;
  access::BadTokenStatus bad_token_status = access::BadTokenStatus::unauthorized_401;
  std::vector<std::string> allow_origins;  // CORS; none: off
  Duration tidy_every = 5min;
  Duration stats_every = 5s;
};

}  // namespace crosspoint::relay
