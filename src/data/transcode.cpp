#include "data/transcode.h"

#include <string>
#include <vector>

#include "data/cursor.h"

namespace crosspoint::data {
namespace {

using Counts = std::vector<std::uint64_t>;

bool has_counts_in_front(Format format) { return format == Format::msgpack || format == Format::cbor; }

// How much is in each list and map, in the order in which they begin.
Result<Counts, Refusal> count_all(Cursor& cursor) {
  struct Open {
    std::size_t place;
    bool is_map;
  };
  Counts counts;
  std::vector<Open> open;
  counts.reserve(16);
  open.reserve(16);
  do {
    const Item* const item = cursor.step();
    if (item == nullptr) return fail(cursor.refusal());
    if (item->kind == Kind::end) {
      open.pop_back();
      continue;
    }
    // A pair is counted with its key.
    if (!open.empty() && (item->is_key || !open.back().is_map)) ++counts[open.back().place];
    if (item->kind == Kind::array || item->kind == Kind::map) {
      open.push_back({counts.size(), item->kind == Kind::map});
      counts.push_back(0);
    }
  } while (!open.empty());
  return counts;
}

class Transcoder {
 public:
  Transcoder(Cursor& from, Writer& to, const Counts& counts) : from_(from), to_(to), counts_(counts) {}

  Result<void, Refusal> run() {
    do {
      const Item* const item = from_.step();
      if (item == nullptr) return fail(from_.refusal());
      if (const auto put = item->is_key ? put_key(*item) : put_value(*item); !put) {
        return fail(Refusal{put.error(), item->at});
      }
    } while (!open_.empty());
    return from_.finish();
  }

 private:
  Result<void, Cause> put_key(const Item& item) {
    if (item.kind != Kind::string) return fail(Cause::not_a_text_key);
    to_.key(text_of(item, room_));
    return {};
  }

  Result<void, Cause> put_value(const Item& item) {
    switch (item.kind) {
      case Kind::null: to_.null(); return {};
      case Kind::boolean: to_.boolean(item.boolean); return {};
      case Kind::integer: put_integer(item); return {};
      case Kind::big_integer: return put_big_integer(item);
      case Kind::real: return put_real(item);
      case Kind::string: to_.string(text_of(item, room_)); return {};
      case Kind::binary: to_.binary(binary_of(item, room_)); return {};
      case Kind::array: open(item); return {};
      case Kind::map: open(item); return {};
      case Kind::foreign: return fail(Cause::no_equivalent);
      case Kind::end: close(); return {};
    }
    return {};
  }

  void put_integer(const Item& item) {
    if (item.negative) return to_.integer(static_cast<std::int64_t>(item.number));
    to_.natural(item.number);
  }

  Result<void, Cause> put_big_integer(const Item& item) {
    const auto decimal = decimal_of(item, room_);
    if (!decimal) return fail(decimal.error());
    if (to_.format() == Format::msgpack) return put_real(item);
    to_.big_integer(*decimal);
    return {};
  }

  Result<void, Cause> put_real(const Item& item) {
    if (item.spelling == Spelling::decimal && to_.format() == Format::json) {
      to_.raw(item.bytes);
      return {};
    }
    const auto value = double_of(item);
    if (!value) return fail(value.error());
    to_.real(*value);
    return {};
  }

  void open(const Item& item) {
    const bool is_map = item.kind == Kind::map;
    const std::uint64_t count = counts_.empty() ? item.number : counts_[opened_++];
    is_map ? to_.begin_map(count) : to_.begin_array(count);
    open_.push_back(is_map);
  }

  void close() {
    open_.back() ? to_.end_map() : to_.end_array();
    open_.pop_back();
  }

  Cursor& from_;
  Writer& to_;
  const Counts& counts_;
  std::size_t opened_ = 0;
  std::vector<bool> open_;  // maps
  std::string room_;
};

}  // namespace

Result<void, Refusal> transcode(Format from, Bytes value, Writer& to, Limits limits) {
  if (from == to.format()) {
    if (const auto good = check(from, value, limits); !good) return fail(good.error());
    to.raw(value);
    return {};
  }
  Cursor cursor(from, value, limits);
  Counts counts;
  // MessagePack always says how much is to come.
  if (has_counts_in_front(to.format()) && from != Format::msgpack) {
    Cursor ahead(from, value, limits);
    auto counted = count_all(ahead);
    if (!counted) return fail(counted.error());
    counts = std::move(*counted);
  }
  const Writer::Mark before = to.mark();
  auto done = Transcoder(cursor, to, counts).run();
  if (!done) to.rewind(before);
  return done;
}

Result<ByteVector, Refusal> transcode(Format from, Bytes value, Format to, Limits limits) {
  ByteVector out;
  out.reserve(value.size());
  Writer writer(to, out);
  if (const auto done = transcode(from, value, writer, limits); !done) return fail(done.error());
  return out;
}

Result<void, Refusal> check(Format format, Bytes value, Limits limits) {
  Cursor cursor(format, value, limits);
  if (const auto whole = cursor.skip(); !whole) return fail(whole.error());
  return cursor.finish();
}

}  // namespace crosspoint::data
