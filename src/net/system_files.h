#pragma once
// The machine's files. Nothing is kept between calls, so one may serve every thread.

#include "base/files.h"

namespace crosspoint::net {

class SystemFiles final : public Files {
 public:
  Result<std::string, FileError> read(const std::string& path, const FileTerms& terms) const override;
  FileState state(const std::string& path) const override;
  Result<void, FileError> create(const std::string& path, std::string_view text) override;
};

}  // namespace crosspoint::net
