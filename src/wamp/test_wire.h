#pragma once
// A wire on a table-top, for tests: keeps what was sent.

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "data/transcode.h"
#include "wamp/wire.h"

namespace crosspoint::wamp {

class TestWire final : public Wire {
 public:
  explicit TestWire(data::Format format = data::Format::json) : format_(format) {}

  data::Format format() const override { return format_; }
  WireKind kind() const override { return static_cast<WireKind>(format_); }
  std::size_t message_bytes_max() const override { return limit; }
  void send(Bytes message) override { note(message); }
  Span frame_for_many(Bytes message) override {
    ++frames_made;
    auto segment = Segment::make(static_cast<std::uint32_t>(message.size()));
    segment->append(message);
    return {std::move(segment), 0, static_cast<std::uint32_t>(message.size())};
  }
  void send_frame(const Span& frame, fanout::Keep keep) override {
    note(frame.bytes());
    kept.push_back(keep);
  }
  void pause_reading() override { ++paused; }
  void resume_reading() override { ++resumed; }
  void close(Farewell why) override { closed.push_back(why); }

  // What was sent since the last call, each as JSON.
  std::vector<std::string> take() { return std::exchange(sent_, {}); }

  std::size_t limit = std::size_t{1} << 24;
  int frames_made = 0, paused = 0, resumed = 0;
  std::vector<Farewell> closed;
  std::vector<fanout::Keep> kept;                   // of frames
  std::function<void(Bytes)> heard = [](Bytes) {};  // each, as it was spelt

 private:
  void note(Bytes message) {
    heard(message);
    const auto json = data::transcode(format_, message, data::Format::json);
    sent_.push_back(json ? crosspoint::to_string(Bytes(*json)) : "unreadable");
  }
  const data::Format format_;
  std::vector<std::string> sent_;
};

}  // namespace crosspoint::wamp
