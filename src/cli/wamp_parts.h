#pragma once
// The WAMP router of `serve`, put together from the settings: realms, roles and principals of [wamp], or,
// with --dev, realms that are open to everybody.

#include <memory>
#include <string>
#include <vector>

#include "access/io/deny_keeper.h"
#include "base/files.h"
#include "base/result.h"
#include "cli/access_parts.h"
#include "config/section.h"
#include "config/settings.h"
#include "net/address.h"
#include "net/loop.h"
#include "wamp/io/node.h"
#include "wamp/router.h"

namespace crosspoint::cli {

// A router with its connections, on one loop.
class WampParts {
 public:
  virtual ~WampParts() = default;
  virtual wamp::Node& node() = 0;
  virtual wamp::Router& router() = 0;
  // Where the node itself answers; empty: nowhere.
  virtual std::string management_realm() const = 0;

  // The configuration file has been read again. The error is a sentence, and then nothing has changed.
  virtual Result<void, std::string> change(const std::vector<config::SectionText>& sections) = 0;
  // Other keys for the relay's tokens. On the router's loop, as change().
  virtual void verify_with(std::shared_ptr<const token::Verifier>) {}
  // Hears of bookings that are cancelled; null: tokens open nothing here.
  virtual access::Door* door() { return nullptr; }
};

struct WampOrder {
  const config::Settings& settings;
  const std::vector<config::SectionText>& sections;  // of the configuration file
  const net::Endpoint& listen;
  bool secure = false;  // the listener speaks TLS
  net::Loop& loop;
  const Clock& clock;
  const Files& files;
  const AccessParts* access = nullptr;  // by what tokens are judged; null: there is nothing
};

bool has_wamp(const std::vector<config::SectionText>& sections);
// Some principal comes in by its certificate: the listener has to ask for it.
bool wants_client_certificates(const std::vector<config::SectionText>& sections);

// Why a [wamp] without a mistake would not be served, each with its place: a key that cannot be read, tokens
// that nothing verifies (`has_access`: token topics are asked for).
std::vector<std::string> wamp_start_problems(const Files& files,
                                             const std::vector<config::SectionText>& sections,
                                             bool has_access);

// Null: WAMP is not asked for, or, with --dev, not on this address. The error is a sentence about the
// configuration.
Result<std::unique_ptr<WampParts>, std::string> wamp_parts(const WampOrder& order);

}  // namespace crosspoint::cli
