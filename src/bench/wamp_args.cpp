#include "bench/wamp_args.h"

#include "data/cursor.h"
#include "data/writer.h"

namespace crosspoint::bench {
namespace {

bool is_empty_map(data::Format format, Bytes kwargs, std::string& room) {
  data::Cursor cursor(format, kwargs);
  if (!cursor.enter_map()) return false;
  const auto key = cursor.next_key(room);
  return key && !*key && cursor.finish();
}

}  // namespace

wamp::Payload write_args(data::Format format, std::string_view text, ByteVector& out) {
  out.clear();
  data::Writer writer(format, out);
  writer.begin_array(1);
  writer.string(text);
  writer.end_array();
  return {format, out, {}};
}

std::optional<std::string_view> read_args(const wamp::Payload& payload, std::string& room) {
  if (payload.args.empty()) return std::nullopt;
  if (!payload.kwargs.empty() && !is_empty_map(payload.format, payload.kwargs, room)) return std::nullopt;
  data::Cursor cursor(payload.format, payload.args);
  if (!cursor.enter_array()) return std::nullopt;
  const auto text = cursor.read_string(room);
  if (!text || !cursor.finish()) return std::nullopt;
  return *text;
}

}  // namespace crosspoint::bench
