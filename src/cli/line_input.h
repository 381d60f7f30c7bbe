#pragma once
// Standard input, line by line, for a loop that has other things to do: a thread reads, and waits once so
// many lines wait to be taken.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace crosspoint::cli {

class LineInput {
 public:
  static constexpr std::size_t line_bytes_max = std::size_t{16}
                                                << 20;  // a longer one is the end, with trouble()
  static constexpr std::size_t lines_max = 100;         // that wait

  // `ready` is called in the reading thread, when there is something to take where nothing was, and at the
  // end.
  explicit LineInput(std::function<void()> ready);
  // Does not wait for more input.
  ~LineInput();
  LineInput(const LineInput&) = delete;
  LineInput& operator=(const LineInput&) = delete;

  // The next line, without its end. Nothing: none is there yet, or at_end().
  std::optional<std::string> take();
  bool at_end() const;
  std::string trouble() const;  // at the end: why, if that is not the end of the input

 private:
  void run();
  void take_bytes(std::string_view bytes);
  void push(std::string line);
  void end(std::string trouble);

  const std::function<void()> ready_;
  int wake_[2] = {-1, -1};  // a pipe; its end is the reader's
  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::deque<std::string> lines_;
  bool ended_ = false, leaving_ = false;
  std::string trouble_;
  std::string begun_;  // the reader's: a line whose end has not come
  std::thread thread_;
};

}  // namespace crosspoint::cli
