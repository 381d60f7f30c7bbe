#pragma once
// What token topics need besides settings: the keys, the deny list on disk. Made from the options, before
// anything listens.

#include <memory>
#include <optional>
#include <string>

#include "access/io/deny_store.h"
#include "base/files.h"
#include "base/result.h"
#include "config/settings.h"
#include "net/address.h"
#include "relay/io/access_settings.h"
#include "relay/io/token_door.h"
#include "token/verifier.h"

namespace crosspoint::cli {

struct AccessParts {
  std::unique_ptr<access::DenyStore> deny_store;
  relay::AccessSettings settings;  // refers to it
  relay::TokenTopicSettings topics;
};

// Does anything that was set ask for token topics?
bool wants_token_topics(const config::Settings& settings);
// Everything; or what was wrong, and what to do about it. What is merely doubtful is logged.
Result<AccessParts, std::string> access_parts(const Files& files, const config::Settings& settings);
// The error of access_parts(), of settings that ask for token topics, without a trace: nothing is opened or
// logged.
Result<void, std::string> check_access(const Files& files, const config::Settings& settings);
// The keys that verify, as they are now.
Result<token::KeySet, std::string> read_keys(const Files& files, const config::Settings& settings);
// Where topics are when nobody says where.
net::Endpoint default_token_topic_endpoint();

}  // namespace crosspoint::cli
