#include "data/format.h"

namespace crosspoint::data {

std::string_view to_string(Format format) {
  switch (format) {
    case Format::json: return "json";
    case Format::msgpack: return "msgpack";
    case Format::cbor: return "cbor";
    case Format::ubjson: return "ubjson";
    case Format::bjdata: return "bjdata";
  }
  return "";
}

std::optional<Format> find_format(std::string_view name) {
  for (const Format format: formats) {
    if (to_string(format) == name) return format;
  }
  return std::nullopt;
}

}  // namespace crosspoint::data
