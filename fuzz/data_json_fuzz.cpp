// data::Cursor over JSON: see data_target.h.
#include <cstdint>

#include "data_target.h"

using namespace crosspoint;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::read_value(data::Format::json, std::as_bytes(std::span(data, size)));
  return 0;
}
