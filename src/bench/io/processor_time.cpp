#include "bench/io/processor_time.h"

#include <dirent.h>
#include <fmt/core.h>

#include <cstdio>
#include <memory>

namespace crosspoint::bench {

double processor_seconds(int pid) {
  if (pid <= 0) return 0;
  const auto tasks = fmt::format("/proc/{}/task", pid);
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(tasks.c_str()), &::closedir);
  if (!directory) return 0;
  double nanoseconds = 0;
  while (const dirent* entry = ::readdir(directory.get())) {
    if (entry->d_name[0] == '.') continue;
    const auto path = fmt::format("{}/{}/schedstat", tasks, entry->d_name);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "r"), &std::fclose);
    unsigned long long ran = 0;
    if (file && std::fscanf(file.get(), "%llu", &ran) == 1) nanoseconds += static_cast<double>(ran);
  }
  return nanoseconds / 1e9;
}

}  // namespace crosspoint::bench
