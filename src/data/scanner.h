#pragma once
// The inside of a Cursor: where it is, and what is open around it. One state for all spellings; each spelling
// is a Grammar, a class of static functions that read one thing each:
//
//   value(scanner, element, item)  one value: a scalar whole, of a container the beginning. `element` is the
//   type that
//                                  a UBJSON container has declared for all its elements, or 0.
//   key(scanner, item)             what stands before a value in a map
//   more(scanner, frame)           is there another item in this container? Steps over separators and the
//   end. finish(scanner)                what may come after the value
//
// Everything returns false after scanner.refuse(), which is final.

#include <algorithm>
#include <array>

#include "data/item.h"
#include "data/limits.h"

namespace crosspoint::data {

// A list or map that is open.
struct Frame {
  std::uint64_t left;    // items to come, where keys count too; unknown_count until the end is seen
  std::uint8_t element;  // see value()
  bool is_map;
  bool key_next;  // in a map: a key comes next, not a value
  bool is_first;  // nothing was read in it yet
};

enum class More : std::uint8_t { item, end, refused };

// Where it is; all of a Scanner but what is open.
struct Place {
  const std::byte* begin;
  const std::byte* at;
  const std::byte* end;
  std::size_t depth_max;
  std::size_t depth = 0;
  std::uint8_t element = 0;  // of the container that value() has just begun
  bool begun = false;
  bool broken = false;
  Refusal refusal{};
};

struct Scanner : Place {
  explicit Scanner(Bytes bytes, Limits limits)
      : Place{bytes.data(), bytes.data(), bytes.data() + bytes.size(), limits.depth_max} {}
  Scanner(const Scanner& other) : Place(other) { std::copy_n(other.frames.begin(), depth, frames.begin()); }
  Scanner& operator=(const Scanner& other) {
    Place::operator=(other);
    std::copy_n(other.frames.begin(), depth, frames.begin());
    return *this;
  }

  std::size_t left() const { return static_cast<std::size_t>(end - at); }
  std::size_t offset_of(const std::byte* where) const { return static_cast<std::size_t>(where - begin); }
  Frame& top() { return frames[depth - 1]; }

  bool refuse(Cause cause, const std::byte* where) {
    if (!broken) refusal = {cause, offset_of(where)};
    broken = true;
    return false;
  }
  bool cut_short() { return refuse(Cause::cut_short, end); }

  bool open(const Item& item, std::uint8_t element_type) {
    if (depth == depth_max) return refuse(Cause::too_deep, begin + item.at);
    const bool is_map = item.kind == Kind::map;
    std::uint64_t items = item.number;
    if (items != unknown_count) {
      // Each item has a byte at least. So nobody is promised more than was sent.
      if (items > left()) return cut_short();
      if (is_map) items *= 2;
      if (items > left()) return cut_short();
    }
    frames[depth++] = {
        .left = items, .element = element_type, .is_map = is_map, .key_next = is_map, .is_first = true};
    return true;
  }

  std::array<Frame, depth_capacity> frames;  // [0, depth) only: the rest is never written
};

// The next item of any spelling. After the last of all it says `end` again and again.
template <class Grammar>
[[gnu::always_inline]] inline bool next_item(Scanner& scanner, Item& item) {
  if (scanner.broken) return false;
  std::uint8_t element = 0;
  item.is_key = false;
  if (scanner.depth == 0) {
    if (scanner.begun) {
      item.kind = Kind::end;
      item.at = scanner.offset_of(scanner.at);
      return Grammar::finish(scanner);
    }
    scanner.begun = true;
  } else {
    Frame& frame = scanner.top();
    const More more = Grammar::more(scanner, frame);
    if (more == More::refused) return false;
    if (more == More::end) {
      --scanner.depth;
      item.kind = Kind::end;
      item.at = scanner.offset_of(scanner.at);
      return true;
    }
    frame.is_first = false;
    item.is_key = frame.is_map && frame.key_next;
    frame.key_next = !frame.key_next;
    element = frame.element;
  }
  item.spelling = Spelling::plain;
  if (!(item.is_key ? Grammar::key(scanner, item) : Grammar::value(scanner, element, item))) return false;
  if (item.kind != Kind::array && item.kind != Kind::map) return true;
  element = scanner.element;
  scanner.element = 0;
  return scanner.open(item, element);
}

// To the end of the innermost container that is open.
template <class Grammar>
inline bool skip_container(Scanner& scanner) {
  const std::size_t outside = scanner.depth - 1;
  Item item;
  while (scanner.depth > outside) {
    if (!next_item<Grammar>(scanner, item)) return false;
  }
  return true;
}

// The two of them for each spelling, in its .cpp; JSON's containers are passed over by skip_json.cpp.
bool next_json(Scanner& scanner, Item& item);
bool skip_json(Scanner& scanner);
bool next_msgpack(Scanner& scanner, Item& item);
bool skip_msgpack(Scanner& scanner);
bool next_cbor(Scanner& scanner, Item& item);
bool skip_cbor(Scanner& scanner);
bool next_ubjson(Scanner& scanner, Item& item);
bool skip_ubjson(Scanner& scanner);
bool next_bjdata(Scanner& scanner, Item& item);
bool skip_bjdata(Scanner& scanner);

}  // namespace crosspoint::data
