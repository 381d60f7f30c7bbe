// `crosspoint init wamp`: a configuration to begin with, in a file that was not there before.
#include <fmt/core.h>

#include <array>

#include "base/base64.h"
#include "base/random.h"
#include "cli/commands.h"
#include "cli/startup.h"
#include "net/system_files.h"
#include "wamp/auth/settings_template.h"

namespace crosspoint::cli {
namespace {

std::string new_secret() {
  SystemRandom random;
  std::array<std::byte, 18> bytes;
  random.fill(bytes);
  return encode_base64(Base64::url, bytes);
}

}  // namespace

int init_wamp_command(const std::vector<std::string>& words) {
  const std::string path = words.empty() ? "wamp.toml" : words.front();
  net::SystemFiles files;
  // For its owner's eyes: there is a secret in it.
  if (const auto created = files.create(path, wamp::auth::settings_with_secret(new_secret())); !created)
    return complain_and_fail(fmt::format("{} cannot be written: {}", path, created.error().reason));
  announce(
      fmt::format("{0}: written, and for your eyes only: it holds a secret.\n"
                  "  crosspoint check {0}             after every change\n"
                  "  crosspoint serve --config {0}    WAMP at ws://127.0.0.1:8080/ws, realm lab\n"
                  "Whoever joins without a name is a visitor; \"operator\" joins by wampcra, with the secret "
                  "in the file, and\n"
                  "may do everything.",
                  path));
  return 0;
}

}  // namespace crosspoint::cli
