#pragma once
// What the program logs while a test looks: in memory, and on standard error again afterwards.
//
//   const LogText logged;
//   …
//   EXPECT_THAT(logged.text(), HasSubstr("the certificates in use stay"));

#include <string>
#include <string_view>

#include "base/log.h"

namespace crosspoint::testing {

class LogText {
 public:
  explicit LogText(log::Level level = log::Level::info);
  ~LogText();
  LogText(const LogText&) = delete;
  LogText& operator=(const LogText&) = delete;

  std::string text() const;
  std::size_t times(std::string_view words) const;

 private:
  int file_;  // in memory; the log writes to it by its name under /proc
};

}  // namespace crosspoint::testing
