#include "testing/memory_files.h"

#include <utility>

#include "base/assert.h"

namespace crosspoint::testing {
namespace {

constexpr unsigned open_to_others = 0006;
constexpr std::int64_t device = 1;

}  // namespace

MemoryFiles::File& MemoryFiles::at(const std::string& path) {
  const auto found = files_.find(path);
  CROSSPOINT_ASSERT(found != files_.end());
  return found->second;
}

void MemoryFiles::insert(const std::string& path, File file) {
  file.number = ++last_number_;
  file.written = file.changed = clock_.wall();
  files_.insert_or_assign(path, std::move(file));
}

void MemoryFiles::put(const std::string& path, std::string text, unsigned mode) {
  File file;
  file.text = std::move(text);
  file.mode = mode;
  insert(path, std::move(file));
}

void MemoryFiles::put_folder(const std::string& path) {
  File file;
  file.folder = true;
  insert(path, std::move(file));
}

void MemoryFiles::write_into(const std::string& path, std::string text) {
  auto& file = at(path);
  file.text = std::move(text);
  file.written = file.changed = clock_.wall();
}

void MemoryFiles::change_mode(const std::string& path, unsigned mode) {
  auto& file = at(path);
  file.mode = mode;
  file.changed = clock_.wall();
}

void MemoryFiles::set_time(const std::string& path, WallTime time) {
  auto& file = at(path);
  file.written = file.changed = time;
}

void MemoryFiles::remove(const std::string& path) { files_.erase(path); }

void MemoryFiles::break_file(const std::string& path, std::string reason) {
  at(path).broken = std::move(reason);
}

std::string MemoryFiles::text(const std::string& path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? std::string() : found->second.text;
}

unsigned MemoryFiles::mode(const std::string& path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? 0 : found->second.mode;
}

unsigned MemoryFiles::readings(const std::string& path) const {
  const auto found = readings_.find(path);
  return found == readings_.end() ? 0 : found->second;
}

Result<std::string, FileError> MemoryFiles::read(const std::string& path, const FileTerms& terms) const {
  ++readings_[path];
  const auto found = files_.find(path);
  if (found == files_.end()) return fail(FileError{FileError::Cause::absent, "No such file or directory"});
  const auto& file = found->second;
  if (file.folder) return fail(not_regular_file());
  if (terms.privacy == FilePrivacy::closed_to_others && (file.mode & open_to_others) != 0)
    return fail(file_open_to_everybody());
  if (!file.broken.empty()) return fail(FileError{FileError::Cause::unreadable, file.broken});
  if (file.text.size() > terms.bytes_max) return fail(too_large_file(terms.bytes_max));
  return file.text;
}

FileState MemoryFiles::state(const std::string& path) const {
  const auto found = files_.find(path);
  if (found == files_.end()) return {};
  const auto& file = found->second;
  return {device,
          file.number,
          static_cast<std::int64_t>(file.text.size()),
          file.written.time_since_epoch().count(),
          0,
          file.changed.time_since_epoch().count(),
          0};
}

Result<void, FileError> MemoryFiles::create(const std::string& path, std::string_view text) {
  if (files_.contains(path)) return fail(file_there_already());
  put(path, std::string(text));
  return {};
}

}  // namespace crosspoint::testing
