#pragma once
// The REST interface of the agent: rules in and out, health, status. Statuses and bodies are those of the
// older agent, so that scripts written for it go on working; what it got wrong (a 500 for malformed JSON, an
// `all` that deleted nothing) is put right. No authentication: the address it listens on decides who may ask.
// Each change leaves a line in the log: what, and from which address.

#include <vector>

#include "host/io/commands.h"
#include "http/io/server.h"

namespace crosspoint::host {

// The commands outlive the routes.
std::vector<http::Route> rules_routes(Commands& commands);

}  // namespace crosspoint::host
