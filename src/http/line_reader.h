#pragma once
// Takes lines that end in CR LF out of bytes that arrive cut anywhere. A line that lies whole in the input is
// handed out where it lies; only a line that was cut is copied.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace crosspoint::http {

enum class LineError {
  too_long,
  bad_ending,  // LF without CR before it, or CR without LF behind it
};

class LineReader {
 public:
  // The next line without its ending, or nothing when more input is needed. Moves `input` behind what it
  // took. The line is valid until the next call and as long as the input's bytes. A line of more than
  // `bytes_max`, ending included, is too long; `bytes_max` must not change while a line is being collected.
  Result<std::optional<std::string_view>, LineError> take(Bytes& input, std::size_t bytes_max);

  // Bytes of all lines handed out since the last reset; the one that is being collected does not count.
  std::size_t bytes_of_lines() const { return bytes_of_lines_; }
  // What has come of the line that is being collected; after `too_long`, its first bytes.
  std::string_view partial() const { return partial_; }
  // Starts counting anew and gives the memory back.
  void reset();

 private:
  std::string partial_;
  bool handed_out_ = false;  // partial_ is the line that the last call returned
  std::size_t bytes_of_lines_ = 0;
};

}  // namespace crosspoint::http
