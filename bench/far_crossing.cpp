// What it costs the program that an event goes to many streams whose sockets are on another loop
// (net/far_streams.h): copied for each of them, or held in the segment that it lies in.
//
//   far_crossing [PAIRS]      5 unless said
//
// Two loops in two threads. The sockets take everything, and copy it once, as a kernel does; there is no
// system call but those by which the loops wake each other. A round is one event to every stream, and begins
// when all sockets have had the last. The figure is the processor time of both threads, in microseconds an
// event and stream; the ways take turns, and what counts is the ratio of a pair.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "net/far_streams.h"
#include "net/system_clock.h"
#include "net/system_loop.h"

namespace {

using namespace crosspoint;

class Socket final : public net::Stream {
 public:
  using Stream::write_some;
  Result<std::size_t, net::StreamError> write_some(std::span<const Bytes> pieces) override {
    static thread_local std::array<std::byte, 128 * 1024> kernel;
    std::size_t taken = 0;
    for (const Bytes piece: pieces) {
      std::memcpy(kernel.data(), piece.data(), piece.size());
      taken += piece.size();
    }
    return taken;
  }
  void start(net::StreamEvents&) override {}
  void await_writable() override {}
  void pause_reading() override {}
  void resume_reading() override {}
  void shutdown_write() override {}
  void reset_on_close() override {}
  net::Address peer_address() const override { return {}; }
  void detach() override {}
  void attach(net::Loop&) override {}
};

enum class Way { copied, shared };

class Bench {
 public:
  Bench(std::size_t streams, std::size_t bytes) : bytes_(bytes) {
    away_.post([this, streams] {
      for (std::size_t i = 0; i < streams; ++i) {
        far_.send(std::make_unique<Socket>(), [this](auto stream) { streams_.push_back(std::move(stream)); });
      }
    });
    wait([this, streams](auto done) { until(streams, std::move(done)); });
  }
  ~Bench() {
    wait([this](auto done) {
      streams_.clear();
      far_.settle(std::move(done));
    });
    home_.stop();
    away_.stop();
  }

  // Microseconds an event and stream.
  double measure(Way way, std::size_t rounds) {
    const double before = processor_seconds();
    wait([&](auto done) {
      rounds_left_ = rounds;
      way_ = way;
      done_ = std::move(done);
      next_round();
    });
    return (processor_seconds() - before) * 1e6 / static_cast<double>(rounds * streams_.size());
  }

 private:
  using Done = std::function<void()>;

  static double processor_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  }
  // Runs `begin` on the home loop, and sleeps until it says that it is done.
  void wait(const std::function<void(Done)>& begin) {
    std::atomic<bool> is_done = false;
    home_.post([&] {
      begin([&] {
        is_done = true;
        is_done.notify_one();
      });
    });
    is_done.wait(false);
  }
  void until(std::size_t streams, Done done) {
    if (streams_.size() == streams) return done();
    home_.post([this, streams, done = std::move(done)] { until(streams, done); });
  }
  void next_round() {
    if (rounds_left_-- == 0) return done_();
    if (segment_ && !segment_->shared()) segment_->rewind();
    if (!segment_ || segment_->room() < bytes_)
      segment_ = Segment::make(static_cast<std::uint32_t>(std::max<std::size_t>(bytes_, 64 * 1024)));
    const auto begin = segment_->size();
    segment_->append(Bytes(event_).first(bytes_));
    const Bytes piece(segment_->data() + begin, bytes_);
    const SegmentRef* const lies_in = way_ == Way::shared ? &segment_ : nullptr;
    for (const auto& stream: streams_) {
      if (stream->write_shared({&piece, 1}, {&lies_in, 1}) != bytes_) std::abort();
    }
    far_.settle([this] { next_round(); });
  }

  const std::size_t bytes_;
  const ByteVector event_ = ByteVector(128 * 1024, std::byte{'e'});
  net::SystemClock clock_;
  net::SystemLoop home_{clock_}, away_{clock_};
  net::FarStreams far_{home_, away_};
  std::vector<std::unique_ptr<net::Stream>> streams_;
  SegmentRef segment_;
  std::size_t rounds_left_ = 0;
  Way way_ = Way::copied;
  Done done_;
  std::jthread at_home_{[this] { home_.run(); }};
  std::jthread far_away_{[this] { away_.run(); }};
};

}  // namespace

int main(int count, char** words) {
  const int pairs = count > 1 ? std::max(1, std::atoi(words[1])) : 5;
  fmt::print(
      "| bytes | streams | copied | shared | shared / copied (median of pairs; min, max) "
      "|\n|---|---|---|---|---|\n");
  for (const std::size_t streams: {100U, 1000U}) {
    for (const std::size_t bytes: {128U, 512U, 1316U, 4096U, 16384U, 65536U}) {
      Bench bench(streams, bytes);
      const std::size_t rounds = std::max<std::size_t>(20, 40'000'000 / (streams * (bytes + 500)));
      for (const Way way: {Way::copied, Way::shared}) bench.measure(way, rounds / 4 + 1);
      std::vector<double> copied, shared, ratios;
      for (int i = 0; i < pairs; ++i) {
        copied.push_back(bench.measure(Way::copied, rounds));
        shared.push_back(bench.measure(Way::shared, rounds));
        ratios.push_back(shared.back() / copied.back());
      }
      for (auto* figures: {&copied, &shared, &ratios}) std::ranges::sort(*figures);
      const auto middle = static_cast<std::size_t>(pairs / 2);
      fmt::print("| {} | {} | {:.3f} | {:.3f} | {:.2f} ({:.2f}, {:.2f}) |\n", bytes, streams, copied[middle],
                 shared[middle], ratios[middle], ratios.front(), ratios.back());
    }
  }
}
