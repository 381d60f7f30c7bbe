// `crosspoint init wamp`: a configuration to begin with, in a file that was not there before.
#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/base64.h"
#include "base/random.h"
#include "cli/commands.h"
#include "cli/startup.h"
#include "wamp/auth/settings_template.h"

namespace crosspoint::cli {
namespace {

std::string new_secret() {
  SystemRandom random;
  std::array<std::byte, 18> bytes;
  random.fill(bytes);
  return encode_base64(Base64::url, bytes);
}

// For its owner's eyes: there is a secret in it.
Result<void, std::string> write_new_file(const std::string& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0 && errno == EEXIST)
    return fail(std::string("is there, and stays as it is; name another file"));
  if (file < 0) return fail(std::string(std::strerror(errno)));
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int error = errno;
  if (::close(file) == 0 && written) return {};
  ::unlink(path.c_str());
  return fail(std::string(std::strerror(error)));
}

}  // namespace

int init_wamp_command(const std::vector<std::string>& words) {
  const std::string path = words.empty() ? "wamp.toml" : words.front();
  if (const auto written = write_new_file(path, wamp::auth::settings_with_secret(new_secret())); !written) {
    return complain_and_fail(fmt::format("{}: {}", path, written.error()));
  }
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
