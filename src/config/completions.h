#pragma once
// Scripts that complete commands, flags and the words of choices.

#include <string>

namespace crosspoint::config {

std::string bash_completions();
std::string zsh_completions();

}  // namespace crosspoint::config
