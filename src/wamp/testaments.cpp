#include "wamp/testaments.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace crosspoint::wamp {

std::optional<TestamentScope> find_testament_scope(std::string_view name) {
  if (name == "detached") return TestamentScope::detached;
  if (name == "destroyed") return TestamentScope::destroyed;
  return std::nullopt;
}

std::string_view to_string(TestamentScope scope) {
  return scope == TestamentScope::detached ? "detached" : "destroyed";
}

Testament::Testament(const Publish& message)
    : topic_(message.topic),
      exclude_me_(message.exclude_me),
      retain_(message.retain),
      disclose_me_(message.disclose_me),
      acknowledged_delivery_(message.acknowledged_delivery),
      lists_(message.lists),
      pass_through_(message.pass_through),
      payload_(message.payload) {}

Publish Testament::view() const {
  Publish message;
  message.topic = topic_;
  message.exclude_me = exclude_me_;
  message.retain = retain_;
  message.disclose_me = disclose_me_;
  message.acknowledged_delivery = acknowledged_delivery_;
  message.lists = lists_;
  message.pass_through = pass_through_.view();
  message.payload = payload_.view();
  return message;
}

std::size_t Testament::bytes() const {
  return sizeof(Testament) + topic_.size() + pass_through_.bytes() + payload_.bytes() +
         (lists_ ? bytes_of(*lists_) : 0);
}

Result<void, Testaments::Refusal> Testaments::add(TestamentScope scope, const Publish& message) {
  if (size() >= settings_.testaments_per_session_max) {
    ++counters_.too_many;
    return fail(Refusal::too_many);
  }
  Testament testament(message);
  if (bytes_ + testament.bytes() > settings_.testament_bytes_per_session_max) {
    ++counters_.too_large;
    return fail(Refusal::too_large);
  }
  bytes_ += testament.bytes();
  of(scope).push_back(std::move(testament));
  return {};
}

std::size_t Testaments::flush(TestamentScope scope) {
  auto& testaments = of(scope);
  const std::size_t flushed = testaments.size();
  for (const Testament& testament: testaments) bytes_ -= testament.bytes();
  testaments.clear();
  return flushed;
}

std::vector<Testament> Testaments::take() {
  bytes_ = 0;
  std::vector<Testament> all = std::exchange(detached_, {});
  std::ranges::move(std::exchange(destroyed_, {}), std::back_inserter(all));
  return all;
}

}  // namespace crosspoint::wamp
