#pragma once
// The histories of [wamp] that outlast the program, opened before anybody joins.

#include <memory>
#include <string>

#include "base/result.h"
#include "wamp/auth/settings.h"
#include "wamp/io/history_keeper.h"

namespace crosspoint::cli {

// Null: there are none. Waits for the disk. The error is a sentence that names the file.
Result<std::unique_ptr<wamp::HistoryKeeper>, std::string> open_histories(
    const wamp::auth::WampSettings& settings);

}  // namespace crosspoint::cli
