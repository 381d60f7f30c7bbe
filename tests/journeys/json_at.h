#pragma once
// Looking into JSON in a test without compiling a JSON library into each of them.

#include <string>

namespace crosspoint::journeys {

// What stands at a JSON pointer (RFC 6901) in a text, as compact JSON: "\"t1\"", "[]"; empty when there is
// nothing.
std::string at(const std::string& json, const std::string& pointer);
std::size_t size_of(const std::string& json);

}  // namespace crosspoint::journeys
