#pragma once
// The six lists of a PUBLISH, prepared to be asked about many receivers: long lists and many subscribers
// must not multiply.

#include <optional>
#include <string_view>
#include <vector>

#include "wamp/options.h"
#include "wamp/participant.h"

namespace crosspoint::wamp {

class ReceiverFilter {
 public:
  // `lists` outlive it.
  explicit ReceiverFilter(const ReceiverLists& lists);
  // As lists.admit() has it.
  bool admit(const Participant& who) const;

 private:
  using Sessions = std::optional<std::vector<SessionId>>;  // sorted
  using Names = std::optional<std::vector<std::string_view>>;
  Sessions exclude_, eligible_;
  Names exclude_authid_, exclude_authrole_, eligible_authid_, eligible_authrole_;
};

// In all six together.
std::size_t entry_count(const ReceiverLists& lists);

}  // namespace crosspoint::wamp
