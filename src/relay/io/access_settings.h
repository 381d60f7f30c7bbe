#pragma once
// What the access service is told: who signs tokens and for whom they must be, where codes lead, what is
// remembered.

#include <string>
#include <vector>

#include "access/answers.h"
#include "access/io/deny_store.h"
#include "token/verifier.h"

namespace crosspoint::relay {

struct AccessSettings {
  const token::Verifier* verifier = nullptr;  // outlives the node
  access::DenyStore* deny_store = nullptr;    // the same
  std::string audience;                       // what the verifier demands, for the words of a refusal
  std::string relay_url;  // where codes are to be presented, as clients see it: "wss://lab.example/relay", no
                          // final slash
  bool allow_no_booking = false;
  access::BadTokenStatus bad_token_status = access::BadTokenStatus::unauthorized_401;
  std::vector<std::string> allow_origins;  // CORS; none: off
  Duration tidy_every = 5min;
  Duration stats_every = 5s;
};

}  // namespace crosspoint::relay
