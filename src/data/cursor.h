#pragma once
// Goes through a value once, forwards, in whatever spelling it is, without building anything. What it has
// passed is known to be right: lengths, nesting, UTF-8, escapes, numbers. What lies ahead is not, until
// finish().
//
//   Cursor cursor(Format::json, message);
//   if (auto in = cursor.enter_array(); !in) return fail(in.error());
//   auto code = cursor.read_uint64();                      // [48,
//   auto request = cursor.read_uint64();                   //      7814135,
//   auto options = cursor.skip();                          //               {…},   raw
//   auto procedure = cursor.read_string(room);             //                      "com.example.add",
//   Bytes args;
//   if (*cursor.more()) args = *cursor.skip();             //                                         [1, 2]
//   …
//   if (auto end = cursor.finish(); !end) return fail(end.error());
//
// What is wrong with the bytes ends the reading: every later call repeats it. wrong_type and out_of_range do
// not: the cursor stands where it stood, and may read something else.
//
// Bytes and views that it hands out are good as long as the bytes it was given; where `room` is asked for, as
// long as neither is touched. `room` is used for text that is spelt with escapes or in chunks only.
//
// Nothing is allocated but in `room`. Pure; about 2 KiB; copying one marks a place to come back to.

#include <optional>
#include <string>
#include <string_view>

#include "data/format.h"
#include "data/item.h"
#include "data/limits.h"
#include "data/refusal.h"
#include "data/scanner.h"

namespace crosspoint::data {

class Cursor {
 public:
  // Bytes that are more than the limit are refused by the first call.
  Cursor(Format format, Bytes bytes, Limits limits = {});

  Format format() const { return format_; }

  // What comes next, without taking it: `end` is the end of the innermost list or map, or of the whole value.
  // A key is a `string`.
  Result<Kind, Refusal> peek();

  // Takes what comes next, whatever it is. A list or map is entered, an end is left.
  Result<Item, Refusal> next();
  // The same without a copy, for long walks: good until the next call; null after a refusal.
  const Item* step();
  // Why the bytes were refused, once they were.
  Refusal refusal() const { return scanner_.refusal; }

  // Takes what comes next, to its end, and gives the bytes that spell it: to be put into another message of
  // the same format (Writer::raw) or transcoded. Empty if they mean nothing elsewhere: an element of a UBJSON
  // container that declares one type for all. wrong_type at an end or a key.
  Result<Bytes, Refusal> skip();

  Result<void, Refusal> enter_array();
  Result<void, Refusal> enter_map();

  // Is there another element in this list? When not, the list is left: what comes next then belongs to what
  // was around it.
  Result<bool, Refusal> more();
  // The next key of this map, or nothing, and the map is left. Keys that are no text are refused, and that is
  // final.
  Result<std::optional<std::string_view>, Refusal> next_key(std::string& room);

  Result<bool, Refusal> read_bool();
  Result<std::int64_t, Refusal> read_int64();
  // JSON may write whole numbers as 7.0 or 7e0; elsewhere a real is no integer.
  Result<std::uint64_t, Refusal> read_uint64();
  Result<double, Refusal> read_double();  // integers too
  Result<std::string_view, Refusal> read_string(std::string& room);
  Result<Bytes, Refusal> read_binary(std::string& room);

  // That was all: the outermost list or map has nothing more, and nothing follows it but JSON's white space.
  Result<void, Refusal> finish();

  // How far it is: all before this was right.
  std::size_t offset() const { return have_item_ ? item_.at : scanner_.offset_of(scanner_.at); }

 private:
  // item_ is what comes next; false if the bytes are wrong.
  bool fill();
  bool skip_container();
  void refine() {
    if (item_.spelling == Spelling::json_escapes && item_.kind == Kind::string && !item_.is_key)
      refine_string();
  }
  void refine_string();
  // item_ is what comes next and of this kind; nothing if it is.
  std::optional<Refusal> expect(Kind kind);
  Refusal here(Cause cause) const { return {cause, item_.at}; }
  Result<void, Refusal> enter(Kind kind);
  // item_ is an integer, or is made one; nothing if it is.
  std::optional<Refusal> expect_whole_number();
  void make_whole();

  Format format_;
  bool have_item_ = false;
  bool spliceable_ = true;  // item_ has a spelling that stands for itself
  Bytes bytes_;
  Item item_;
  Scanner scanner_;
};

}  // namespace crosspoint::data
