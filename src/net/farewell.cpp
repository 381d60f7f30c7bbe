#include "net/farewell.h"

#include <utility>

namespace crosspoint::net {
namespace {

constexpr Duration farewell_time_max = 10s;

}  // namespace

void Farewell::begin(Loop& loop, std::unique_ptr<Stream> stream, ByteVector bytes) {
  std::unique_ptr<Farewell> made(new Farewell(loop, std::move(stream), std::move(bytes)));
  auto& farewell = *made;
  loop.keep(std::move(made));
  farewell.timer_.start_after(farewell_time_max);
  farewell.stream_->start(farewell);
  farewell.stream_->resume_reading();
  farewell.stream_->await_writable();
}

Farewell::Farewell(Loop& loop, std::unique_ptr<Stream> stream, ByteVector bytes)
    : loop_(loop), stream_(std::move(stream)), bytes_(std::move(bytes)), timer_(loop, [this] {
        stream_->reset_on_close();
        leave();
      }) {}

void Farewell::on_writable() {
  const auto taken = stream_->write_some(Bytes(bytes_).subspan(written_));
  if (!taken) return leave();
  written_ += *taken;
  if (written_ == bytes_.size()) return leave();
  stream_->await_writable();
}

void Farewell::leave() {
  if (std::exchange(left_, true)) return;
  timer_.stop();
  loop_.dispose_kept(*this);
}

}  // namespace crosspoint::net
