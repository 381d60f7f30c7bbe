#include "cli/line_input.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace crosspoint::cli {

LineInput::LineInput(std::function<void()> ready) : ready_(std::move(ready)) {
  if (::pipe2(wake_, O_CLOEXEC) != 0) wake_[0] = wake_[1] = -1;
  thread_ = std::thread([this] { run(); });
}

LineInput::~LineInput() {
  {
    const std::lock_guard lock(mutex_);
    leaving_ = true;
  }
  room_.notify_all();
  if (wake_[1] >= 0) ::close(wake_[1]);
  thread_.join();
  if (wake_[0] >= 0) ::close(wake_[0]);
}

void LineInput::run() {
  std::array<char, 65536> bytes;
  while (true) {
    std::array<pollfd, 2> waiting{{{STDIN_FILENO, POLLIN, 0}, {wake_[0], POLLIN, 0}}};
    if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return end(std::strerror(errno));
    if (waiting[1].revents != 0) return;
    if (waiting[0].revents == 0) continue;
    const auto got = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) return end(std::strerror(errno));
    if (got == 0) break;
    take_bytes(std::string_view(bytes.data(), static_cast<std::size_t>(got)));
    if (begun_.size() > line_bytes_max) return end("a line is longer than 16 MiB");
  }
  if (!begun_.empty()) push(std::move(begun_));
  end({});
}

void LineInput::take_bytes(std::string_view bytes) {
  for (auto at = bytes.find('\n'); at != bytes.npos; at = bytes.find('\n')) {
    begun_ += bytes.substr(0, at);
    if (begun_.ends_with('\r')) begun_.pop_back();
    push(std::exchange(begun_, {}));
    bytes.remove_prefix(at + 1);
  }
  begun_ += bytes;
}

void LineInput::push(std::string line) {
  {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return lines_.size() < lines_max || leaving_; });
    lines_.push_back(std::move(line));
    if (lines_.size() > 1) return;
  }
  ready_();
}

void LineInput::end(std::string trouble) {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    trouble_ = std::move(trouble);
  }
  ready_();
}

std::optional<std::string> LineInput::take() {
  std::optional<std::string> line;
  {
    const std::lock_guard lock(mutex_);
    if (lines_.empty()) return line;
    line = std::move(lines_.front());
    lines_.pop_front();
  }
  room_.notify_all();
  return line;
}

bool LineInput::at_end() const {
  const std::lock_guard lock(mutex_);
  return ended_ && lines_.empty();
}

std::string LineInput::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

}  // namespace crosspoint::cli
