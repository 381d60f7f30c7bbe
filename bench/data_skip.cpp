// What it costs to read a CALL as the router reads it: the leading elements, the options by their keys, the
// arguments passed over and checked. In JSON, and the same in the other spellings. Nanoseconds for each
// message, the best of many rounds.
//
//   cmake --build --preset release --target data_skip && build/release/data_skip

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string_view>

#include "base/assert.h"
#include "data/cursor.h"
#include "data/known_keys.h"
#include "data/transcode.h"

using namespace crosspoint;
using namespace crosspoint::data;

namespace {

// 198 bytes.
constexpr std::string_view call =
    R"([48,7814135,{"disclose_me":true,"timeout":30000,"receive_progress":false},"com.example.device.set",)"
    R"(["channel-7",3.25,[1,2,3,4],"a text of medium length"],{"unit":"mV","hold":true,"tag":"012345678"}])";
static_assert(call.size() == 198);

struct Read {
  std::uint64_t request = 0;
  std::uint64_t timeout = 0;
  bool disclose = false;
  std::size_t uri_bytes = 0;
  std::size_t payload_bytes = 0;
};

Read read_call(Format format, Bytes message) {
  constexpr std::string_view keys[] = {"disclose_me", "timeout"};
  Read read;
  std::string room;
  Cursor cursor(format, message);
  CROSSPOINT_ASSERT(cursor.enter_array() && cursor.read_uint64().value_or(0) == 48);
  read.request = *cursor.read_uint64();
  CROSSPOINT_ASSERT(cursor.enter_map());
  KnownKeys options(cursor, keys);
  while (true) {
    const auto key = options.next();
    CROSSPOINT_ASSERT(key);
    if (!*key) break;
    if (**key == 0) {
      read.disclose = *cursor.read_bool();
    } else {
      read.timeout = *cursor.read_uint64();
    }
  }
  read.uri_bytes = cursor.read_string(room)->size();
  while (*cursor.more()) read.payload_bytes += cursor.skip()->size();
  CROSSPOINT_ASSERT(cursor.finish());
  return read;
}

template <class Work>
double best_nanoseconds(Work work) {
  using Clock = std::chrono::steady_clock;
  constexpr int rounds = 200;
  constexpr int times = 5000;
  double best = 1e9;
  for (int round = 0; round < rounds; ++round) {
    const auto begin = Clock::now();
    for (int i = 0; i < times; ++i) work();
    best = std::min(best, std::chrono::duration<double, std::nano>(Clock::now() - begin).count() / times);
  }
  return best;
}

}  // namespace

int main() {
  volatile std::size_t sink = 0;
  std::printf("%-8s %6s %12s %8s %14s\n", "", "bytes", "read a CALL", "check", "to msgpack");
  for (const Format format: formats) {
    const auto message = transcode(Format::json, as_bytes(call), format);
    CROSSPOINT_ASSERT(message);
    const double reading = best_nanoseconds([&] { sink = sink + read_call(format, *message).payload_bytes; });
    const double checking = best_nanoseconds([&] { sink = sink + (check(format, *message) ? 1 : 0); });
    const double transcoding =
        best_nanoseconds([&] { sink = sink + transcode(format, *message, Format::msgpack)->size(); });
    std::printf("%-8s %6zu %9.0f ns %5.0f ns %11.0f ns\n", std::string(to_string(format)).c_str(),
                message->size(), reading, checking, transcoding);
  }
  return 0;
}
