#include "access/io/key_watch.h"

#include <utility>

#include "base/log.h"

namespace crosspoint::access {

KeyWatch::KeyWatch(net::Loop& loop, const Files& files, std::string file, token::Policy policy, Read read,
                   Use use)
    : file_(std::move(file)),
      policy_(std::move(policy)),
      read_(std::move(read)),
      use_(std::move(use)),
      changes_(files, {file_}),
      timer_(loop, [this] { look(); }) {
  timer_.start_after(look_every);
}

void KeyWatch::look() {
  if (changes_.settled()) read_again();
  timer_.start_after(look_every);
}

bool KeyWatch::read_again() {
  changes_.taken();
  auto keys = read_();
  if (!keys) {
    log::error("access", "{}; the keys in use stay", keys.error());
    return false;
  }
  for (const auto& warning: keys->warnings()) log::warning("access", "{}", warning);
  log::info("access", "tokens are verified with what is in {} now, keys: {}", file_, keys->size());
  use_(std::make_shared<const token::Verifier>(std::move(*keys), policy_));
  return true;
}

}  // namespace crosspoint::access
