#include "data/writer.h"

#include <charconv>
#include <cmath>
#include <system_error>

#include "data/encode.h"

namespace crosspoint::data {
namespace {

ubjson::Order order_of(Format format) {
  return format == Format::bjdata ? ubjson::Order::little : ubjson::Order::big;
}

double nearest_double(std::string_view decimal) {
  double value = 0;
  const auto [end, error] = std::from_chars(decimal.data(), decimal.data() + decimal.size(), value);
  if (error == std::errc{}) return value;
  return decimal.starts_with('-') ? -HUGE_VAL : HUGE_VAL;
}

}  // namespace

void Writer::separate() {
  if (after_value_ && format_ == Format::json) put(',');
  after_value_ = true;
}

void Writer::rewind(Mark mark) {
  out_.resize(mark.size);
  after_value_ = mark.after_value;
}

void Writer::begin_array(std::uint64_t count) {
  separate();
  after_value_ = false;
  switch (format_) {
    case Format::msgpack: return msgpack::array(count, out_);
    case Format::cbor: return cbor::head(cbor::Major::array, count, out_);
    case Format::json:
    case Format::ubjson:
    case Format::bjdata: return put('[');
  }
}

void Writer::begin_map(std::uint64_t count) {
  separate();
  after_value_ = false;
  switch (format_) {
    case Format::msgpack: return msgpack::map(count, out_);
    case Format::cbor: return cbor::head(cbor::Major::map, count, out_);
    case Format::json:
    case Format::ubjson:
    case Format::bjdata: return put('{');
  }
}

void Writer::end_array() {
  after_value_ = true;
  if (format_ != Format::msgpack && format_ != Format::cbor) put(']');
}

void Writer::end_map() {
  after_value_ = true;
  if (format_ != Format::msgpack && format_ != Format::cbor) put('}');
}

void Writer::key(std::string_view name) {
  separate();
  after_value_ = false;
  switch (format_) {
    case Format::json: json::string(name, out_); return put(':');
    case Format::msgpack: return msgpack::string(name, out_);
    case Format::cbor: return cbor::string(name, out_);
    case Format::ubjson:
    case Format::bjdata: return ubjson::key(name, order_of(format_), out_);
  }
}

void Writer::null() {
  separate();
  switch (format_) {
    case Format::json: return append(out_, "null");
    case Format::msgpack: return put(0xc0);
    case Format::cbor: return put(0xf6);
    case Format::ubjson:
    case Format::bjdata: return put('Z');
  }
}

void Writer::boolean(bool value) {
  separate();
  switch (format_) {
    case Format::json: return append(out_, value ? "true" : "false");
    case Format::msgpack: return put(value ? 0xc3 : 0xc2);
    case Format::cbor: return put(value ? 0xf5 : 0xf4);
    case Format::ubjson:
    case Format::bjdata: return put(value ? 'T' : 'F');
  }
}

void Writer::integer(std::int64_t value) {
  separate();
  switch (format_) {
    case Format::json: return json::integer(value, out_);
    case Format::msgpack: return msgpack::integer(value, out_);
    case Format::cbor: return cbor::integer(value, out_);
    case Format::ubjson:
    case Format::bjdata: return ubjson::integer(value, order_of(format_), out_);
  }
}

void Writer::natural(std::uint64_t value) {
  separate();
  switch (format_) {
    case Format::json: return json::natural(value, out_);
    case Format::msgpack: return msgpack::natural(value, out_);
    case Format::cbor: return cbor::head(cbor::Major::natural, value, out_);
    case Format::ubjson:
    case Format::bjdata: return ubjson::natural(value, order_of(format_), out_);
  }
}

void Writer::real(double value) {
  separate();
  switch (format_) {
    case Format::json: return json::real(value, out_);
    case Format::msgpack: return msgpack::real(value, out_);
    case Format::cbor: return cbor::real(value, out_);
    case Format::ubjson:
    case Format::bjdata: return ubjson::real(value, order_of(format_), out_);
  }
}

void Writer::string(std::string_view text) {
  separate();
  switch (format_) {
    case Format::json: return json::string(text, out_);
    case Format::msgpack: return msgpack::string(text, out_);
    case Format::cbor: return cbor::string(text, out_);
    case Format::ubjson:
    case Format::bjdata: return ubjson::string(text, order_of(format_), out_);
  }
}

void Writer::binary(Bytes bytes) {
  separate();
  switch (format_) {
    case Format::json: return json::binary(bytes, out_);
    case Format::msgpack: return msgpack::binary(bytes, out_);
    case Format::cbor: return cbor::binary(bytes, out_);
    case Format::ubjson:
    case Format::bjdata: return ubjson::binary(bytes, order_of(format_), out_);
  }
}

void Writer::big_integer(std::string_view decimal) {
  separate();
  switch (format_) {
    case Format::json: return append(out_, decimal);
    case Format::msgpack: return msgpack::real(nearest_double(decimal), out_);
    case Format::cbor: return cbor::big_integer(decimal, out_);
    case Format::ubjson:
    case Format::bjdata: return ubjson::high_precision(decimal, order_of(format_), out_);
  }
}

void Writer::raw(Bytes value) {
  separate();
  append(out_, value);
}

}  // namespace crosspoint::data
