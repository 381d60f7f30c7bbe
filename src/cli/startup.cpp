#include "cli/startup.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/log.h"

namespace crosspoint::cli {

bool start_log(const config::Settings& settings, const std::vector<std::string>& notes) {
  log::Settings wanted;
  wanted.level = settings.pick<"log.level">(log::Level::trace, log::Level::debug, log::Level::info,
                                            log::Level::warning, log::Level::error, log::Level::off);
  wanted.format = settings.pick<"log.format">(log::Format::text, log::Format::json);
  wanted.file = settings.get<"log.file">();
  if (wanted.file == "stdout" || wanted.file == "STDOUT") wanted.file = "/dev/stdout";
  if (const auto problem = log::configure(wanted)) {
    complain(*problem + "; choose another file with --log-file");
    return false;
  }
  for (const auto& note: notes) log::warning("config", "{}", note);
  return true;
}

config::ReadFile reading(const Files& files) {
  return [&files](const std::string& path) -> Result<std::string, std::string> {
    auto text = files.read(path, {});
    if (!text) return fail(std::move(text.error().reason));
    return std::move(*text);
  };
}

Result<Configuration, std::string> read_configuration(const config::Inputs& inputs) {
  auto outcome = config::parse_command_line(inputs);
  if (auto* reply = std::get_if<config::Reply>(&outcome)) return fail(std::move(reply->errors));
  auto& invocation = std::get<config::Invocation>(outcome);
  return Configuration{std::move(invocation.settings), std::move(invocation.sections)};
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    log::warning("cli", "the limit of open descriptors stays at {}",
                 static_cast<std::uint64_t>(limit.rlim_cur));
  }
}

void keep_memory_private(const config::Settings& settings) {
  if (settings.get<"process.core-dumps">()) return;
  // A limit of no bytes is not enough where cores are piped to a program (core(5)).
  const rlimit none{0, 0};
  if (::prctl(PR_SET_DUMPABLE, 0) != 0 || ::setrlimit(RLIMIT_CORE, &none) != 0) {
    log::warning("cli", "a crash may write secrets to a core dump: {}", std::strerror(errno));
  }
}

void warn_of_root() {
  if (::geteuid() != 0) return;
  log::warning("cli", "this runs as root, which it need not: give it a user of its own");
}

void complain(std::string_view sentence) {
  std::fprintf(stderr, "crosspoint: %.*s\n", static_cast<int>(sentence.size()), sentence.data());
}

int complain_and_fail(std::string_view sentence) {
  complain(sentence);
  return 1;
}

void announce(std::string_view line) {
  std::printf("%.*s\n", static_cast<int>(line.size()), line.data());
  std::fflush(stdout);
}

StopSignals::StopSignals(net::SystemLoop& loop, std::function<void()> stop, std::function<void()> reload)
    : stop_(std::move(stop)),
      reload_(std::move(reload)),
      signals_(loop, [this](net::Signal signal) { on_signal(signal); }) {}

void StopSignals::on_signal(net::Signal signal) {
  if (signal == net::Signal::hangup) {
    if (reload_ && !stopping_) reload_();
    return;
  }
  if (std::exchange(stopping_, true)) std::_Exit(1);
  stop_();
}

}  // namespace crosspoint::cli
