#include "base/files.h"

#include <fmt/core.h>

namespace crosspoint {
namespace {

constexpr std::size_t kibibyte = 1024, mebibyte = 1024 * kibibyte;

std::string size_in_words(std::size_t bytes) {
  if (bytes % mebibyte == 0) return fmt::format("{} MiB", bytes / mebibyte);
  if (bytes % kibibyte == 0) return fmt::format("{} KiB", bytes / kibibyte);
  return fmt::format("{} bytes", bytes);
}

}  // namespace

FileError not_regular_file() { return {FileError::Cause::not_regular, "it is no regular file"}; }

FileError too_large_file(std::size_t bytes_max) {
  return {FileError::Cause::too_large, fmt::format("it is larger than {}", size_in_words(bytes_max))};
}

FileError file_open_to_everybody() {
  return {FileError::Cause::open_to_everybody, "it is open to everybody on this machine; chmod o-rw it"};
}

FileError file_there_already() {
  return {FileError::Cause::there_already, "it is there already, and stays as it is"};
}

}  // namespace crosspoint
