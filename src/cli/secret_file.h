#pragma once
// A secret from a file, since the flags of a running program can be read by everybody on the machine.

#include <string>

#include "base/files.h"
#include "base/result.h"
#include "crypto/secret_text.h"

namespace crosspoint::cli {

inline constexpr std::size_t secret_file_bytes_max = 64 * 1024;

// Without the line's end behind it. A file that others than its owner's group may read or change is refused,
// as is what is no file. The error is a sentence, and holds nothing of the secret.
Result<crypto::SecretText, std::string> read_secret_file(const Files& files, const std::string& path);

}  // namespace crosspoint::cli
