#pragma once
// What another implementation says of the same bytes: nlohmann::json, for tests and fuzz targets.

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "data/cursor.h"

namespace crosspoint::data {
namespace oracle {

using nlohmann::json;

inline json parsed(Format format, Bytes value) {
  const auto* const begin = reinterpret_cast<const std::uint8_t*>(value.data());
  const auto* const end = begin + value.size();
  switch (format) {
    case Format::json: return json::parse(begin, end, nullptr, false);
    case Format::msgpack: return json::from_msgpack(begin, end, true, false);
    case Format::cbor: return json::from_cbor(begin, end, true, false, json::cbor_tag_handler_t::ignore);
    case Format::ubjson: return json::from_ubjson(begin, end, true, false);
    case Format::bjdata: return json::from_bjdata(begin, end, true, false);
  }
  return json(json::value_t::discarded);
}

// One spelling for both: exact, and with what the two see differently made alike. Binary is a list of
// numbers, as the other reads UBJSON's.
inline void spell(const json& value, std::string& out) {
  switch (value.type()) {
    case json::value_t::binary:
      out += '[';
      for (const auto byte: value.get_binary()) out += std::to_string(byte) + ',';
      out += ']';
      return;
    case json::value_t::array:
      out += '[';
      for (const json& element: value) {
        spell(element, out);
        out += ',';
      }
      out += ']';
      return;
    case json::value_t::object:
      out += '{';
      for (const auto& [name, member]: value.items()) {
        out += json(name).dump() + ':';
        spell(member, out);
        out += ',';
      }
      out += '}';
      return;
    default: out += value.dump(-1, ' ', false, json::error_handler_t::strict);
  }
}

class Builder {
 public:
  Builder(Cursor& cursor, Bytes bytes) : cursor_(cursor), bytes_(bytes) {}

  std::optional<json> read() {
    const auto item = cursor_.next();
    return item ? built(*item) : std::nullopt;
  }

 private:
  std::optional<json> built(const Item& item) {
    if (differs(item)) return std::nullopt;
    switch (item.kind) {
      case Kind::null: return json(nullptr);
      case Kind::boolean: return json(item.boolean);
      case Kind::integer:
        if (item.negative) return json(static_cast<std::int64_t>(item.number));
        return json(item.number);
      case Kind::big_integer:
      case Kind::real: {
        const auto value = double_of(item);
        return value ? std::optional(json(*value)) : std::nullopt;
      }
      case Kind::string: return json(std::string(text_of(item, room_)));
      case Kind::binary: {
        const Bytes bytes = binary_of(item, room_);
        // Binary in JSON is a string to the other.
        if (cursor_.format() == Format::json) {
          return json(std::string(1, '\0') + encode_base64(Base64::standard, bytes));
        }
        const auto* const begin = reinterpret_cast<const std::uint8_t*>(bytes.data());
        return json::binary(std::vector<std::uint8_t>(begin, begin + bytes.size()));
      }
      case Kind::array: return list();
      case Kind::map: return object();
      case Kind::foreign:
      case Kind::end: break;
    }
    return std::nullopt;
  }

  // Of CBOR's integers the other takes those below -2^63 for others, and bignums for the bytes that they are
  // made of.
  bool differs(const Item& item) const {
    if (cursor_.format() != Format::cbor) return false;
    const bool is_tagged = to_u8(bytes_[item.at]) >> 5 == 6;
    return item.kind == Kind::big_integer || (item.kind == Kind::integer && is_tagged);
  }

  std::optional<json> list() {
    json elements = json::array();
    while (true) {
      const auto more = cursor_.more();
      if (!more) return std::nullopt;
      if (!*more) return elements;
      auto element = read();
      if (!element) return std::nullopt;
      elements.push_back(std::move(*element));
    }
  }

  // Of a key that comes twice both keep the last.
  std::optional<json> object() {
    json members = json::object();
    while (true) {
      const auto key = cursor_.next_key(room_);
      if (!key) return std::nullopt;
      if (!*key) return members;
      const std::string name(**key);
      auto member = read();
      if (!member) return std::nullopt;
      members[name] = std::move(*member);
    }
  }

  Cursor& cursor_;
  Bytes bytes_;
  std::string room_;
};

}  // namespace oracle

// Its reading of the value, in one spelling of its own; nothing if it refuses it.
inline std::optional<std::string> oracle_reads(Format format, Bytes value) {
  try {
    const nlohmann::json read = oracle::parsed(format, value);
    if (read.is_discarded()) return std::nullopt;
    std::string out;
    oracle::spell(read, out);
    return out;
  } catch (const nlohmann::json::exception&) {
    // Text that is not UTF-8, which it sees only here; counts beyond its memory.
    return std::nullopt;
  }
}

// Our reading of the value by cursor, in the same spelling; nothing if we refuse it, or if it holds what the
// other has no notion of.
inline std::optional<std::string> we_read(Format format, Bytes value) {
  Cursor cursor(format, value, {.depth_max = depth_capacity});
  const auto read = oracle::Builder(cursor, value).read();
  if (!read || !cursor.finish()) return std::nullopt;
  std::string out;
  oracle::spell(*read, out);
  return out;
}

}  // namespace crosspoint::data
