// Passing over a JSON list or map: the grammar of scan_json.cpp once more, with the place in a register. What
// is only passed over is most of what comes, and each byte of it is looked at; fuzz/data_json holds the two
// against each other.
#include "base/utf8.h"
#include "data/json_text.h"
#include "data/scanner.h"
#include "data/string_scan.h"

namespace crosspoint::data {
namespace {

// Each function takes the place where it begins and gives the one where it ends; null after a refusal.
class JsonSkip {
 public:
  explicit JsonSkip(Scanner& scanner) : scanner_(scanner), end_(scanner.end) {}

  // To the end of the container that has just been entered.
  bool run() {
    bool is_map[depth_capacity + 1];  // of what is open, up to `depth`; the rest is never read
    std::size_t depth = scanner_.depth;
    const std::size_t outside = depth - 1;
    is_map[depth] = scanner_.top().is_map;
    bool is_first = true;
    const std::byte* at = scanner_.at;
    while (depth != outside) {
      at = to_sense(at);
      if (at == nullptr) return false;
      if (*at == static_cast<std::byte>(is_map[depth] ? '}' : ']')) {
        ++at;
        --depth;
        is_first = false;
        continue;
      }
      if (!is_first) at = pass(at, ',');
      if (at != nullptr && is_map[depth]) at = key(at);
      if (at == nullptr) return false;
      is_first = *at == std::byte{'{'} || *at == std::byte{'['};
      if (!is_first) {
        at = scalar(at);
        if (at == nullptr) return false;
        continue;
      }
      if (depth == scanner_.depth_max) return scanner_.refuse(Cause::too_deep, at);
      is_map[++depth] = *at == std::byte{'{'};
      ++at;
    }
    scanner_.at = at;
    scanner_.depth = outside;
    return true;
  }

 private:
  const std::byte* refuse(Cause cause, const std::byte* at) {
    scanner_.refuse(cause, at);
    return nullptr;
  }

  const std::byte* to_sense(const std::byte* at) {
    while (at < end_ && to_u8(*at) <= ' ') {
      const std::uint8_t c = to_u8(*at);
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return refuse(Cause::unexpected_byte, at);
      ++at;
    }
    return at < end_ ? at : refuse(Cause::cut_short, end_);
  }

  const std::byte* pass(const std::byte* at, char mark) {
    if (*at != static_cast<std::byte>(mark)) return refuse(Cause::unexpected_byte, at);
    return to_sense(at + 1);
  }

  const std::byte* key(const std::byte* at) {
    if (*at != std::byte{'"'}) return refuse(Cause::unexpected_byte, at);
    at = string(at);
    if (at != nullptr) at = to_sense(at);
    return at != nullptr ? pass(at, ':') : nullptr;
  }

  const std::byte* scalar(const std::byte* at) {
    switch (to_u8(*at)) {
      case '"': return string(at);
      case 't': return literal(at, "true");
      case 'f': return literal(at, "false");
      case 'n': return literal(at, "null");
      default: return number(at);
    }
  }

  const std::byte* literal(const std::byte* at, std::string_view word) {
    for (const char letter: word) {
      if (at == end_) return refuse(Cause::cut_short, end_);
      if (*at != static_cast<std::byte>(letter)) return refuse(Cause::unexpected_byte, at);
      ++at;
    }
    return at;
  }

  const std::byte* number(const std::byte* at) {
    const std::uint8_t first = to_u8(*at);
    if (first != '-' && (first < '0' || first > '9')) return refuse(Cause::unexpected_byte, at);
    const std::byte* const after = pass_number(at, end_);
    return after != nullptr ? after : refuse(Cause::bad_number, at);
  }

  [[gnu::always_inline]] const std::byte* string(const std::byte* at) {
    const std::byte* const inside = at + 1;
    bool ascii = true;
    at = find_string_special(inside, end_, ascii);
    if (at < end_ && *at == std::byte{'"'} && ascii) return at + 1;
    return string_with_care(inside);
  }

  // The rare ones: with escapes, beyond ASCII, wrong.
  const std::byte* string_with_care(const std::byte* inside) {
    bool ascii = true;
    const std::byte* at = find_string_special(inside, end_, ascii);
    while (at != end_ && *at == std::byte{'\\'}) {
      const std::byte* const after = pass_escape(at, end_, nullptr);
      if (after == nullptr) return refuse(Cause::bad_escape, at);
      at = find_string_special(after, end_, ascii);
    }
    if (at == end_) return refuse(Cause::cut_short, end_);
    if (*at != std::byte{'"'}) return refuse(Cause::control_character, at);
    const Bytes text{inside, at};
    Utf8Validator validator;
    const std::size_t good = ascii ? text.size() : validator.feed(text);
    if (good < text.size() || !validator.at_boundary()) return refuse(Cause::not_utf8, text.data() + good);
    return at + 1;
  }

  Scanner& scanner_;
  const std::byte* const end_;
};

}  // namespace

bool skip_json(Scanner& scanner) { return JsonSkip(scanner).run(); }

}  // namespace crosspoint::data
