#pragma once
// One access exchange for a command that waits for it: a token in, an address that opens a topic once out.

#include <string>

#include "client/io/access_exchange.h"
#include "client/io/token_source.h"
#include "net/system_loop.h"

namespace crosspoint::client {

// Turns `loop`, which nobody else turns meanwhile, until the answer is there: 10 s at most. `access` is http
// or https. The error is a sentence without token or code.
Result<http::Url, std::string> exchange_once(net::SystemLoop& loop, net::Network& network,
                                             const Outbound& outbound, const http::Url& access,
                                             const TokenSource& token);

// The whole address, with the code that is in its query: for whoever asked for it, never for a log.
std::string whole_address(const http::Url& url);

}  // namespace crosspoint::client
