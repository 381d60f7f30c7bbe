#include "wamp/extra.h"

namespace crosspoint::wamp {
namespace {

struct WriteValue {
  data::Writer& writer;
  void operator()(std::nullptr_t) const { writer.null(); }
  void operator()(bool value) const { writer.boolean(value); }
  void operator()(std::int64_t value) const { writer.integer(value); }
  void operator()(const std::string& value) const { writer.string(value); }
};

}  // namespace

void write(data::Writer& writer, const Extra& extra) {
  writer.begin_map(extra.size());
  for (const auto& [name, value]: extra) {
    writer.key(name);
    std::visit(WriteValue{writer}, value);
  }
  writer.end_map();
}

}  // namespace crosspoint::wamp
