#include "base/log.h"

#include <fcntl.h>
#include <poll.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <deque>
#include <mutex>

#include "base/audit.h"

namespace crosspoint::log {
namespace {

// Above every level of ours.
constexpr auto audit_level = spdlog::level::critical;

// Writes lines to a descriptor without ever waiting for whoever reads it. A line of at most PIPE_BUF bytes
// goes into a pipe whole or not at all, and poll() says beforehand whether there is room.
class PatientSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  PatientSink(int descriptor, bool owned) : descriptor_(descriptor), owned_(owned) {}
  ~PatientSink() override {
    put_waiting();
    if (owned_) ::close(descriptor_);
  }

  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    put_waiting();
    const bool ready = waiting_.empty() && takes_more();
    if (ready && dropped() != reported_) report_dropped();
    if (message.level == audit_level) {
      if (waiting_.size() < audit_lines_waiting_max) {
        waiting_.push_back(spelt(message));
        return put_waiting();
      }
    } else if (ready && put(spelt(message))) {
      return;
    }
    dropped_.fetch_add(1, std::memory_order_relaxed);
  }
  void flush_() override {}

  std::string spelt(const spdlog::details::log_msg& message) {
    spdlog::memory_buf_t formatted;
    formatter_->format(message, formatted);
    if (formatted.size() > line_bytes_max) {
      formatted.resize(line_bytes_max - 1);
      formatted.push_back('\n');
    }
    return {formatted.data(), formatted.size()};
  }
  void report_dropped() {
    put(fmt::format("(log: {} lines before this one could not be written in time)\n", dropped() - reported_));
    reported_ = dropped();
  }
  void put_waiting() {
    while (!waiting_.empty() && takes_more() && put(waiting_.front())) waiting_.pop_front();
  }

  bool takes_more() const {
    pollfd entry{descriptor_, POLLOUT, 0};
    return ::poll(&entry, 1, 0) == 1 && (entry.revents & POLLOUT) != 0;
  }
  // False: it was not written (a full disk).
  bool put(std::string_view line) {
    ssize_t wrote = -1;
    do {
      wrote = ::write(descriptor_, line.data(), line.size());
    } while (wrote < 0 && errno == EINTR);
    return wrote >= 0;
  }

  static constexpr std::size_t line_bytes_max = 4096;  // PIPE_BUF
  int descriptor_;
  bool owned_;
  std::atomic<std::uint64_t> dropped_ = 0;
  std::uint64_t reported_ = 0;
  std::deque<std::string> waiting_;  // of the audit
};

// A pattern's %* (padded) and %! (not): the level, or "audit".
class LevelWord final : public spdlog::custom_flag_formatter {
 public:
  explicit LevelWord(std::size_t width) : width_(width) {}
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& to) override {
    std::string word = "audit";
    if (message.level != audit_level) {
      const auto level = spdlog::level::to_string_view(message.level);
      word.assign(level.data(), level.size());
    }
    word.resize(std::max(word.size(), width_), ' ');
    to.append(word.data(), word.data() + word.size());
  }
  std::unique_ptr<spdlog::custom_flag_formatter> clone() const override {
    return std::make_unique<LevelWord>(width_);
  }

 private:
  const std::size_t width_;
};

// A JSON string's inside (RFC 8259 section 7); the message holds no bytes that a stranger chose unescaped.
std::string json_escaped(std::string_view text) {
  std::string out;
  for (const char c: text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out;
}

// One event is one line, whatever a peer put into the words it holds.
std::string one_line(std::string_view text) {
  std::string out(text);
  std::replace_if(out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return out;
}

struct State {
  std::shared_ptr<PatientSink> sink = std::make_shared<PatientSink>(STDERR_FILENO, false);
  std::shared_ptr<spdlog::logger> logger = std::make_shared<spdlog::logger>("crosspoint", sink);
  Format format = Format::text;
};
// The one thing in the program that is everybody's: where lines go. Made at first use, set by main before
// threads start.
State& state() {
  static State instance;
  return instance;
}
std::atomic<Level> threshold = Level::info;

std::string line_of(std::string_view room, std::string_view message) {
  if (state().format == Format::json)
    return fmt::format(R"("room":"{}","msg":"{}")", room, json_escaped(message));
  return fmt::format("{}: {}", room, one_line(message));
}

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::trace: return spdlog::level::trace;
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
    case Level::off: return spdlog::level::off;
  }
  return spdlog::level::off;
}

}  // namespace

std::optional<Level> parse_level(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  constexpr std::array<std::pair<std::string_view, Level>, 10> names{{{"trace", Level::trace},
                                                                      {"debug", Level::debug},
                                                                      {"info", Level::info},
                                                                      {"warning", Level::warning},
                                                                      {"warn", Level::warning},
                                                                      {"error", Level::error},
                                                                      {"fatal", Level::error},
                                                                      {"panic", Level::error},
                                                                      {"off", Level::off},
                                                                      {"none", Level::off}}};
  for (const auto& [name, level]: names) {
    if (name == lower) return level;
  }
  return std::nullopt;
}

std::string_view to_string(Level level) {
  switch (level) {
    case Level::trace: return "trace";
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
    case Level::off: return "off";
  }
  return "off";
}

std::optional<std::string> configure(const Settings& settings) {
  auto sink = state().sink;
  if (settings.file.empty()) {
    sink = std::make_shared<PatientSink>(STDERR_FILENO, false);
  } else {
    const int descriptor =
        ::open(settings.file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);
    if (descriptor < 0) {
      return fmt::format("cannot write the log to {}: {}", settings.file, std::strerror(errno));
    }
    sink = std::make_shared<PatientSink>(descriptor, true);
  }
  auto logger = std::make_shared<spdlog::logger>("crosspoint", sink);
  logger->set_level(to_spdlog(settings.level));
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<LevelWord>('*', std::size_t{7}).add_flag<LevelWord>('!', std::size_t{0});
  formatter->set_pattern(settings.format == Format::json
                             ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%!",%v})"
                             : "%Y-%m-%dT%H:%M:%S.%eZ %* %v");
  logger->set_formatter(std::move(formatter));
  state().sink = std::move(sink);
  state().logger = std::move(logger);
  state().format = settings.format;
  threshold = settings.level;
  return std::nullopt;
}

bool enabled(Level level) {
  return level >= threshold.load(std::memory_order_relaxed) && level != Level::off;
}

void write(Level level, std::string_view room, std::string_view message) {
  if (enabled(level)) state().logger->log(to_spdlog(level), line_of(room, message));
}

void write_audit(std::string_view room, std::string_view message) {
  if (threshold.load(std::memory_order_relaxed) == Level::off) return;
  state().logger->log(audit_level, line_of(room, message));
}

std::uint64_t lines_dropped() { return state().sink->dropped(); }

std::optional<std::uint64_t> LogLimit::admit(MonotonicTime now) {
  if (spoken_ == 0 || now - period_began_ >= period_) {
    period_began_ = now;
    spoken_ = 0;
  }
  if (spoken_ == burst_) {
    ++skipped_;
    return std::nullopt;
  }
  ++spoken_;
  return std::exchange(skipped_, 0);
}

}  // namespace crosspoint::log
