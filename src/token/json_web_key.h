#pragma once
// JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037) out of a key set's text.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "token/verification_key.h"

namespace crosspoint::token {

struct JsonWebKeys {
  std::vector<VerificationKey> keys;
  std::vector<std::string>
      left_out;  // a sentence for each key that is not for verifying with what is allowed
};

// The error is a sentence about the first thing that cannot be right.
Result<JsonWebKeys, std::string> read_json_web_keys(std::string_view json, Algorithms allowed);

}  // namespace crosspoint::token
