#include "mark.h"

#include <string>
#include <utility>

#include "data/value.h"

namespace crosspoint::simulation {
namespace {

using data::Value;

constexpr std::size_t long_filler_bytes = 600;  // as text in JSON it may be escaped, as bytes it is base64

std::uint64_t mixed(const Mark& mark) {
  std::uint64_t h = mark.who * 0x9e3779b97f4a7c15 + mark.what * 0xbf58476d1ce4e5b9 + mark.part;
  h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9;
  h = (h ^ (h >> 27)) * 0x94d049bb133111eb;
  return h ^ (h >> 31);
}

std::size_t filler_bytes(std::uint64_t h) {
  const auto kind = h % 1000;
  if (kind < 850) return h / 1000 % 40;
  if (kind < 990) return h / 1000 % long_filler_bytes;
  return 2000 + h / 1000 % 8000;
}

Value filler(const Mark& mark) {
  const auto h = mixed(mark);
  const auto size = filler_bytes(h);
  if (h >> 63 != 0) {
    ByteVector bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(h + i * 7);
    return bytes;
  }
  std::string text = "\"\\\u00e9\n";  // what formats escape, or count in other ways
  text.append(size, static_cast<char>('a' + h % 26));
  return text;
}

}  // namespace

bool is_long(const Mark& mark) { return filler_bytes(mixed(mark)) > long_filler_bytes; }

ByteVector spell(data::Format format, const Mark& mark) {
  return data::write_value(format, Value::Array{mark.who, mark.what, mark.part, filler(mark)});
}

std::optional<Mark> read_mark(const wamp::Payload& payload) {
  if (!payload.kwargs.empty()) return std::nullopt;
  const auto value = data::read_value(payload.format, payload.args);
  const auto* list = value ? value->array() : nullptr;
  if (list == nullptr || list->size() != 4) return std::nullopt;
  std::uint64_t numbers[3];
  for (std::size_t i = 0; i < 3; ++i) {
    const auto* natural = (*list)[i].natural();
    if (natural == nullptr) return std::nullopt;
    numbers[i] = *natural;
  }
  const Mark mark{numbers[0], numbers[1], numbers[2]};
  if (!((*list)[3] == filler(mark))) return std::nullopt;
  return mark;
}

}  // namespace crosspoint::simulation
