// data::Cursor over UBJSON and BJData, which are told apart by the first byte: see data_target.h.
#include <cstdint>

#include "data_target.h"

using namespace crosspoint;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto format = (data[0] & 1) != 0 ? data::Format::bjdata : data::Format::ubjson;
  fuzz::read_value(format, std::as_bytes(std::span(data + 1, size - 1)));
  return 0;
}
