#include "net/system_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "net/descriptor.h"
#include "net/uninterrupted.h"

namespace crosspoint::net {
namespace {

// Beyond what a string holds within itself: a secret is then in one piece of memory, which moves with it.
constexpr std::size_t reading_bytes_min = 64;

std::unexpected<FileError> system_refuses(int error) {
  if (error == ENXIO) return fail(not_regular_file());  // a socket
  const bool absent = error == ENOENT || error == ENOTDIR;
  return fail(
      FileError{absent ? FileError::Cause::absent : FileError::Cause::unreadable, std::strerror(error)});
}

// Up to `bytes_max`, and one more, which says that there is too much. Begins with what the file is said to
// hold: it may be growing, and files of the kernel's say 0.
Result<std::string, FileError> read_open(int descriptor, std::size_t bytes_said, std::size_t bytes_max) {
  std::string text;
  std::size_t size = 0;
  text.resize(std::clamp(bytes_said + 1, std::min(reading_bytes_min, bytes_max + 1), bytes_max + 1));
  while (size < text.size()) {
    const auto got =
        uninterrupted([&] { return ::read(descriptor, text.data() + size, text.size() - size); });
    if (got < 0) return system_refuses(errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
    if (size == text.size()) text.resize(std::min(2 * size, bytes_max + 1));
  }
  text.resize(size);
  return text;
}

bool write_whole(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto taken = uninterrupted([&] { return ::write(descriptor, text.data(), text.size()); });
    if (taken < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(taken));
  }
  return true;
}

}  // namespace

Result<std::string, FileError> SystemFiles::read(const std::string& path, const FileTerms& terms) const {
  // Without O_NONBLOCK the opening of a pipe would wait for its other end; without O_NOCTTY a terminal's
  // would make it ours.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat facts{};
  if (!file || ::fstat(file.get(), &facts) != 0) return system_refuses(errno);
  if (!S_ISREG(facts.st_mode)) return fail(not_regular_file());
  if (terms.privacy == FilePrivacy::closed_to_others && (facts.st_mode & (S_IROTH | S_IWOTH)) != 0)
    return fail(file_open_to_everybody());
  const auto bytes_said = static_cast<std::size_t>(facts.st_size);
  if (bytes_said > terms.bytes_max) return fail(too_large_file(terms.bytes_max));
  auto text = read_open(file.get(), bytes_said, terms.bytes_max);
  if (text && text->size() > terms.bytes_max) return fail(too_large_file(terms.bytes_max));
  return text;
}

FileState SystemFiles::state(const std::string& path) const {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return {};
  return {static_cast<std::int64_t>(found.st_dev),
          static_cast<std::int64_t>(found.st_ino),
          found.st_size,
          found.st_mtim.tv_sec,
          found.st_mtim.tv_nsec,
          found.st_ctim.tv_sec,
          found.st_ctim.tv_nsec};
}

Result<void, FileError> SystemFiles::create(const std::string& path, std::string_view text) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0600));
  if (!file && errno == EEXIST) return fail(file_there_already());
  if (!file) return system_refuses(errno);
  // A disk may take everything and say only then that it is full.
  if (write_whole(file.get(), text) && ::fsync(file.get()) == 0) return {};
  const int error = errno;
  ::unlink(path.c_str());
  return system_refuses(error);
}

}  // namespace crosspoint::net
