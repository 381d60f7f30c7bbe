#pragma once
// What a token says, for people to read. Nothing is verified.

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "token/refusal.h"

namespace crosspoint::token {

// Header and claims as JSON, the dates in words, and whether they lie in the past; ends with a newline. Other
// characters than ASCII are escaped: a token may come from anywhere, and this goes to a terminal. The error
// says why the token cannot be read.
Result<std::string, Refusal> inspect(std::string_view token, WallTime now);

}  // namespace crosspoint::token
