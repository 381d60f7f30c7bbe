#pragma once
// The arguments of a call or a publication as somebody types them, as Args and Kwargs in JSON.
//
//   1 2.5 true null [1,2] {"a":1} "text"   what is JSON means what it says
//   text, lab-3, 2026-01-02                what is not is text
//   unit=mm on=true                        NAME=… goes by name; what follows is read like the others

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crosspoint::wamp::client {

struct Arguments {
  std::string args;    // a JSON list; empty: none
  std::string kwargs;  // a JSON map; empty: none
};

// `kwargs`: more of them, a JSON map; empty: none. The error is a sentence.
Result<Arguments, std::string> read_arguments(std::span<const std::string> words, std::string_view kwargs);

// Is it a name that may stand before "=": letters, digits and "_", no digit first?
bool is_keyword(std::string_view name);

// Text as JSON, quoted. What is not UTF-8 becomes U+FFFD.
std::string json_text(std::string_view text);

}  // namespace crosspoint::wamp::client
