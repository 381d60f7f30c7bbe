#include "config/arguments.h"

#include <fmt/core.h>

#include "config/nearest_name.h"

namespace crosspoint::config {
namespace {

bool takes_value(const KnownName& name) {
  const ValueType type = name.retired != nullptr ? name.retired->type : options[name.option].type;
  return type != ValueType::boolean;
}

// No flag begins like that, and arguments of a call may.
bool is_negative_number(std::string_view word) { return word[1] >= '0' && word[1] <= '9'; }

class Scanner {
 public:
  Scanner(std::string_view command, std::span<const std::string> words, const std::vector<KnownName>& known)
      : command_(command), words_(words), known_(known) {}

  Arguments scan() {
    while (at_ < words_.size()) {
      const std::string& word = words_[at_++];
      if (word == "--") {
        out_.positionals.insert(out_.positionals.end(), words_.begin() + static_cast<std::ptrdiff_t>(at_),
                                words_.end());
        break;
      }
      take(word);
    }
    return std::move(out_);
  }

 private:
  void take(const std::string& word) {
    if (word == "-h" || word == "--help") {
      out_.wants_help = true;
    } else if (word.size() > 1 && word.starts_with('-') && !is_negative_number(word)) {
      take_flag(word);
    } else if (!after_unknown_) {
      out_.positionals.push_back(word);
    }
  }

  void take_flag(const std::string& word) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const KnownName* known = find_name(known_, name);
    if (known == nullptr) return unknown(name);
    after_unknown_ = false;
    if (equals != std::string::npos) {
      if (known->negated) return problem(name, "takes no value");
      return add(*known, word.substr(equals + 1));
    }
    if (!takes_value(*known)) return add(*known, "true");
    const bool missing = at_ == words_.size() || words_[at_].starts_with("--");
    if (missing) return problem(name, "a value is missing");
    add(*known, words_[at_++]);
  }

  void unknown(const std::string& name) {
    after_unknown_ = true;
    const std::string text = printable(name);
    const std::string long_name = name.starts_with("--") ? name : "-" + name;
    problem(text, fmt::format("crosspoint {} has no such flag{}", command_,
                              hint(long_name, current_names(known_))));
  }

  void add(const KnownName& name, std::string value) { out_.flags.push_back({name, std::move(value)}); }
  void problem(const std::string& name, std::string_view what) {
    out_.problems.push_back({Layer::flags, fmt::format("{}: {}", name, what)});
  }

  std::string_view command_;
  std::span<const std::string> words_;
  const std::vector<KnownName>& known_;
  std::size_t at_ = 0;
  bool after_unknown_ = false;
  Arguments out_;
};

}  // namespace

Arguments scan_arguments(std::string_view command, std::span<const std::string> words,
                         const std::vector<KnownName>& known) {
  return Scanner(command, words, known).scan();
}

}  // namespace crosspoint::config
