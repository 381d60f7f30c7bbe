#include "cli/secret_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace crosspoint::cli {
namespace {

// Up to secret_file_bytes_max and one more, which says that there is too much.
Result<ByteVector, int> read_all(int descriptor) {
  ByteVector bytes(secret_file_bytes_max + 1);
  std::size_t size = 0;
  while (size < bytes.size()) {
    const auto got = ::read(descriptor, bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  bytes.resize(size);
  return bytes;
}

Result<crypto::SecretText, std::string> read_open(const std::string& path, int descriptor) {
  const auto problem = [&](std::string_view what) { return fail(fmt::format("the file {} {}", path, what)); };
  struct stat facts{};
  if (descriptor < 0 || ::fstat(descriptor, &facts) != 0)
    return problem(fmt::format("cannot be read: {}", std::strerror(errno)));
  if (!S_ISREG(facts.st_mode)) return problem("is no regular file");
  if ((facts.st_mode & (S_IROTH | S_IWOTH)) != 0)
    return problem("is open to everybody on this machine, and is not used; chmod o-rw it");
  auto bytes = read_all(descriptor);
  if (!bytes) return problem(fmt::format("cannot be read: {}", std::strerror(bytes.error())));
  auto text = as_text(*bytes);
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  crypto::SecretText secret(text);
  const bool too_long = bytes->size() > secret_file_bytes_max;
  crypto::wipe(*bytes);
  if (too_long) return problem("is longer than any secret");
  if (secret.empty()) return problem("is empty");
  return secret;
}

}  // namespace

Result<crypto::SecretText, std::string> read_secret_file(const std::string& path) {
  // Never waits: a pipe in the place of a file would hold up the program.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  auto secret = read_open(path, descriptor);
  if (descriptor >= 0) ::close(descriptor);
  return secret;
}

}  // namespace crosspoint::cli
