#include "testing/log_text.h"

#include <fmt/core.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/assert.h"

namespace crosspoint::testing {

LogText::LogText(log::Level level) : file_(::memfd_create("log", MFD_CLOEXEC)) {
  CROSSPOINT_ASSERT(file_ >= 0);
  const auto problem = log::configure({.level = level, .file = fmt::format("/proc/self/fd/{}", file_)});
  CROSSPOINT_ASSERT(!problem);
}

LogText::~LogText() {
  log::configure({});
  ::close(file_);
}

std::string LogText::text() const {
  std::string text;
  char bytes[4096];
  for (ssize_t got = 0; (got = ::pread(file_, bytes, sizeof bytes, static_cast<off_t>(text.size()))) > 0;)
    text.append(bytes, static_cast<std::size_t>(got));
  return text;
}

std::size_t LogText::times(std::string_view words) const {
  const auto all = text();
  std::size_t times = 0;
  for (auto at = all.find(words); at != all.npos; at = all.find(words, at + 1)) ++times;
  return times;
}

}  // namespace crosspoint::testing
