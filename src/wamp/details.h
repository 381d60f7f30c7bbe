#pragma once
// The Details of messages from the router: maps of which only what is said is there. Private to
// write_message.

#include <cstdint>
#include <string_view>

#include "data/writer.h"
#include "wamp/outgoing.h"

namespace crosspoint::wamp {

// How many keys a PassThrough becomes.
std::uint64_t pass_through_count(const PassThrough& pass_through);

// Writes a map whose size is known beforehand. What is false, zero or empty is left out, and must not have
// been counted.
class Details {
 public:
  Details(data::Writer& writer, std::uint64_t count) : writer_(writer) { writer_.begin_map(count); }
  ~Details() { end(); }
  Details(const Details&) = delete;
  Details& operator=(const Details&) = delete;

  void flag(std::string_view key, bool value);
  void natural(std::string_view key, std::uint64_t value);
  void text(std::string_view key, std::string_view value);
  void pass_through(const PassThrough& pass_through);
  void end();

 private:
  data::Writer& writer_;
  bool open_ = true;
};

void write_details(data::Writer& writer, const Event& event);
void write_details(data::Writer& writer, const Invocation& invocation);

}  // namespace crosspoint::wamp
