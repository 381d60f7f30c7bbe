#pragma once
// What may be asked of an agent, whoever asks: the REST routes (rules_api.h), and procedures in a WAMP realm
// (management/io/host_management.h). One implementation, so that both answer alike. Answers are JSON.
//
// Rules are shown without their tokens (docs/decisions/0012).

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "host/io/agent.h"

namespace crosspoint::host {

struct CommandFailure {
  enum class Kind : std::uint8_t {
    refused,         // the rule is none, or one too many
    no_such_stream,  // there is no rule of this name
    no_name,         // what was given cannot name a stream or a destination
  };
  Kind kind = Kind::refused;
  std::string sentence;
};
using CommandResult = Result<std::string, CommandFailure>;

class Commands {
 public:
  // `status` gives the answer of status(). All outlive it.
  Commands(Agent& agent, std::function<std::string()> status) : agent_(agent), status_(std::move(status)) {}

  std::string health() const { return "\"ok\""; }
  std::string status() const { return status_(); }

  // The rule, as it is kept.
  CommandResult set_stream(std::string_view json);
  CommandResult set_destination(std::string_view json);
  std::string streams() const;                           // {"name":["feed",…],…}
  std::string destinations() const;                      // {"id":{…},…}
  CommandResult stream(std::string_view name) const;     // its feeds
  CommandResult destination(std::string_view id) const;  // one that is not there: a rule of empty fields
  // "all" and "deleteAll" mean every one. The name that was given, or "deleteAll"; what is not there is
  // removed already.
  CommandResult remove_stream(std::string_view name);
  CommandResult remove_destination(std::string_view id);

 private:
  template <class Rule>
  CommandResult set(Result<Rule, std::string> rule);

  Agent& agent_;
  const std::function<std::string()> status_;
};

}  // namespace crosspoint::host
