// From the command line to one of the commands. Everything that was wrong with the line, the environment or
// the configuration file is said here, as sentences, before anything starts.

#include <fmt/core.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "base/log.h"
#include "cli/commands.h"
#include "config/command_line.h"

extern char** environ;

namespace crosspoint::cli {
namespace {

config::Environment environment() {
  config::Environment variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != text.npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

Result<std::string, std::string> read_file(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) return fail(std::string(std::strerror(errno)));
  std::string text;
  char buffer[16 * 1024];
  while (const auto got = std::fread(buffer, 1, sizeof buffer, file.get())) text.append(buffer, got);
  if (std::ferror(file.get()) != 0) return fail(std::string(std::strerror(errno)));
  return text;
}

int run(const config::Invocation& invocation) {
  if (invocation.command == "serve") return serve_command(invocation.settings, invocation.notes);
  if (invocation.command == "host") return host_command(invocation.settings, invocation.notes);
  if (invocation.command == "demo") return demo_command(invocation.settings, invocation.notes);
  return bench_command(invocation.settings, invocation.notes);
}

}  // namespace
}  // namespace crosspoint::cli

int main(int argc, char** argv) {
  using namespace crosspoint;
  const auto outcome = config::parse_command_line({.arguments = {argv + 1, argv + argc},
                                                   .environment = cli::environment(),
                                                   .read_file = cli::read_file,
                                                   .version = CROSSPOINT_VERSION});
  if (const auto* reply = std::get_if<config::Reply>(&outcome)) {
    std::fputs(reply->errors.c_str(), stderr);
    std::fputs(reply->output.c_str(), stdout);
    return reply->exit_status;
  }
  return cli::run(std::get<config::Invocation>(outcome));
}
