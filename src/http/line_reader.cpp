#include "http/line_reader.h"

#include <algorithm>

namespace crosspoint::http {

Result<std::optional<std::string_view>, LineError> LineReader::take(Bytes& input, std::size_t bytes_max) {
  if (handed_out_) partial_.clear();
  handed_out_ = false;

  const auto window =
      as_text(input.first(std::min(input.size(), bytes_max - std::min(bytes_max, partial_.size()))));
  const auto line_feed = window.find('\n');
  const std::size_t taken = line_feed == std::string_view::npos ? window.size() : line_feed + 1;
  input = input.subspan(taken);

  auto line = window.substr(0, taken);
  if (!partial_.empty() || line_feed == std::string_view::npos) {
    partial_.append(line);
    line = partial_;
  }
  if (line_feed == std::string_view::npos) {
    if (partial_.size() >= bytes_max) return fail(LineError::too_long);
    return std::optional<std::string_view>{};
  }
  handed_out_ = true;
  bytes_of_lines_ += line.size();
  const auto carriage_return = line.find('\r');
  if (carriage_return == std::string_view::npos || carriage_return + 2 != line.size()) {
    return fail(LineError::bad_ending);
  }
  line.remove_suffix(2);
  return std::optional(line);
}

void LineReader::reset() {
  std::string().swap(partial_);
  handed_out_ = false;
  bytes_of_lines_ = 0;
}

}  // namespace crosspoint::http
