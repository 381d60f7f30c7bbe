#pragma once
// The words that Options and Details of messages choose from, and the lists by which a PUBLISH picks its
// receivers.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wamp/ids.h"

namespace crosspoint::wamp {

// How a SUBSCRIBE's or REGISTER's URI is compared with that of a PUBLISH or CALL.
enum class Match : std::uint8_t { exact, prefix, wildcard };

// Which of several callees of one registration gets a CALL.
enum class Invoke : std::uint8_t { single, roundrobin, random, first, last };

// CANCEL.Options.mode: whether the callee is told, and whether the caller waits for it.
enum class CancelMode : std::uint8_t { skip, kill, killnowait };

std::string_view to_string(Match match);
std::string_view to_string(Invoke invoke);
std::string_view to_string(CancelMode mode);
std::optional<Match> find_match(std::string_view name);
std::optional<Invoke> find_invoke(std::string_view name);
std::optional<CancelMode> find_cancel_mode(std::string_view name);

// The six lists of a PUBLISH. A list that is absent lets everybody through; an empty list of those who may
// receive means nobody, an empty list of those who may not means nothing.
struct ReceiverLists {
  std::optional<std::vector<SessionId>> exclude, eligible;
  std::optional<std::vector<std::string>> exclude_authid, exclude_authrole;
  std::optional<std::vector<std::string>> eligible_authid, eligible_authrole;

  bool admit(SessionId session, std::string_view authid, std::string_view authrole) const;
};

}  // namespace crosspoint::wamp
