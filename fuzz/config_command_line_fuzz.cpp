// Any words, variables and file (parts of the input between zero bytes: NAME=VALUE is a variable, the last
// part is the file node.toml): the answer is a command with settings, or a text with a status, never both and
// never neither.
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/assert.h"
#include "config/command_line.h"

using namespace crosspoint;

namespace {

std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find('\0');
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  config::Inputs inputs;
  auto parts = parts_of({reinterpret_cast<const char*>(data), size});
  const std::string file = std::move(parts.back());
  parts.pop_back();
  for (auto& part: parts) {
    const std::size_t equals = part.find('=');
    const bool is_variable = equals != std::string::npos && part[0] >= 'A' && part[0] <= 'Z';
    if (is_variable) {
      inputs.environment[part.substr(0, equals)] = part.substr(equals + 1);
    } else {
      inputs.arguments.push_back(std::move(part));
    }
  }
  inputs.read_file = [&file](const std::string& path) -> Result<std::string, std::string> {
    if (path != "node.toml") return fail(std::string("No such file or directory"));
    return file;
  };

  const auto outcome = config::parse_command_line(inputs);

  if (const auto* reply = std::get_if<config::Reply>(&outcome)) {
    CROSSPOINT_ASSERT(!reply->output.empty() || !reply->errors.empty());
    CROSSPOINT_ASSERT(reply->exit_status >= 0 && reply->exit_status <= 2);
    CROSSPOINT_ASSERT(reply->exit_status == 0 || !reply->errors.empty());
  } else {
    const auto& run = std::get<config::Invocation>(outcome);
    CROSSPOINT_ASSERT(config::find_command(run.command) != nullptr);
    CROSSPOINT_ASSERT(run.positionals.empty());
  }
  return 0;
}
