#pragma once
// Numbers of things in sentences for people.

#include <cstdint>
#include <string>
#include <string_view>

namespace crosspoint {

// "0 sessions", "1 session", "2 sessions". The plural is the word with an s.
std::string counted(std::uint64_t number, std::string_view thing);
// The same with another plural: "1 of them is", "3 of them are".
std::string counted(std::uint64_t number, std::string_view one, std::string_view many);

// Behind a sentence that stands for as many others that were kept back: " (3 more like it)", and nothing for
// none.
std::string and_more(std::uint64_t number);

}  // namespace crosspoint
