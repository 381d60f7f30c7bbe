#include "config/settings.h"

namespace crosspoint::config {

Settings::Settings() : sources_(options.size()) {
  values_.reserve(options.size());
  for (const Option& option: options) {
    // An unset integer or the like has no default; none of the table's is without one
    // (option_table_test.cpp).
    auto value = read_text(option, option.initial);
    CROSSPOINT_ASSERT(value.has_value());
    values_.push_back(std::move(*value));
  }
}

void Settings::set(std::size_t index, Value value, Source source) {
  CROSSPOINT_ASSERT(value.index() == values_[index].index());
  values_[index] = std::move(value);
  sources_[index] = std::move(source);
}

std::size_t Settings::choice_index(std::size_t option) const {
  const auto words = choice_words(options[option]);
  const auto found = std::find(words.begin(), words.end(), std::get<std::string>(values_[option]));
  CROSSPOINT_ASSERT(found != words.end());
  return static_cast<std::size_t>(found - words.begin());
}

}  // namespace crosspoint::config
