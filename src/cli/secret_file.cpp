#include "cli/secret_file.h"

#include <fmt/core.h>

#include <span>
#include <string_view>

namespace crosspoint::cli {

Result<crypto::SecretText, std::string> read_secret_file(const Files& files, const std::string& path) {
  auto read =
      files.read(path, {.bytes_max = secret_file_bytes_max, .privacy = FilePrivacy::closed_to_others});
  if (!read) return fail(fmt::format("the file {} cannot be used: {}", path, read.error().reason));
  std::string_view text = *read;
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  crypto::SecretText secret(text);
  crypto::wipe(std::as_writable_bytes(std::span(*read)));
  if (secret.empty()) return fail(fmt::format("the file {} is empty", path));
  return secret;
}

}  // namespace crosspoint::cli
