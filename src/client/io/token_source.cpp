#include "client/io/token_source.h"

#include <fmt/core.h>

#include <string_view>

namespace crosspoint::client {
namespace {

constexpr std::string_view white_space = " \t\r\n";
// A token and what editors leave around it.
constexpr std::size_t file_bytes_max = token_bytes_max + 1024;

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(white_space);
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(white_space) - begin + 1);
}

}  // namespace

Result<std::string, std::string> TokenFile::token() const {
  const auto problem = [&](std::string_view what) {
    return fail(fmt::format("the token file {} {}", path_, what));
  };
  const auto text =
      files_.read(path_, {.bytes_max = file_bytes_max, .privacy = FilePrivacy::closed_to_others});
  if (!text) return problem(fmt::format("cannot be used: {}", text.error().reason));
  auto token = trimmed(*text);
  if (const auto checked = check_token(token); !checked)
    return problem(fmt::format("holds no token: what it holds {}", checked.error()));
  return token;
}

}  // namespace crosspoint::client
