#pragma once
// A program's options (include/crosspoint/wamp_options.h) in the words of Link. The errors are sentences that
// name the option.

#include <crosspoint/wamp_options.h>

#include <memory>
#include <string>

#include "base/result.h"
#include "wamp/client/io/link.h"

namespace crosspoint::wamp::client {

// Everything that is made from the options before anything runs.
struct ProgramPlan {
  std::unique_ptr<net::TlsContext> tls;
  LinkSettings link;
};
Result<ProgramPlan, std::string> plan(const WampClientOptions& options);

CancelMode to_wamp(WampCancel mode);
SubscribeOrder to_wamp(std::string_view topic, const WampSubscribeOptions& options);
RegisterOrder to_wamp(std::string_view procedure, const WampRegisterOptions& options);
// Views of `how`, or nothing.
PassThrough to_wamp(const std::optional<WampPassthru>& how);
std::optional<WampPassthru> to_public(const PassThrough& how);
// Nothing: no list is there.
std::optional<ReceiverLists> lists_of(const WampPublishOptions& options);

}  // namespace crosspoint::wamp::client
