#include "cli/clip_feeder.h"

#include <fmt/core.h>

#include "base/assert.h"
#include "base/log.h"

// The clip, put into the program by the assembler (demo_clip.S.in).
extern "C" const std::byte crosspoint_demo_clip_begin[];
extern "C" const std::byte crosspoint_demo_clip_end[];

namespace crosspoint::cli {
namespace {

constexpr Duration retry_after = 1s;
// A host that takes nothing for so long has lost its way; pieces beyond are left out, whole.
constexpr std::size_t unsent_bytes_max = 1024 * 1024;

}  // namespace

ClipFeeder::ClipFeeder(net::Loop& loop, net::Network& network, const net::Endpoint& host, std::string path)
    : loop_(loop),
      network_(network),
      host_(host),
      path_(std::move(path)),
      feed_timer_(loop, [this] { feed(); }),
      retry_timer_(loop, [this] { connect(); }) {
  connect();
}

ClipFeeder::~ClipFeeder() = default;

void ClipFeeder::connect() {
  const Bytes clip(crosspoint_demo_clip_begin, crosspoint_demo_clip_end);
  auto looper = media::TsLooper::make(to_vector(clip));
  CROSSPOINT_ASSERT(looper.has_value());
  looper_ = std::move(*looper);
  connecting_ =
      network_.connect(loop_, host_, {}, 5s, [this](auto result) { on_connected(std::move(result)); });
}

void ClipFeeder::on_connected(Result<std::unique_ptr<net::Stream>, net::NetworkError> result) {
  if (!result) {
    log::warning("demo", "the clip cannot reach the host: {}", result.error().sentence);
    return retry_timer_.start_after(retry_after);
  }
  stream_ = std::move(*result);
  stream_->start(*this);
  unsent_.clear();
  append(unsent_, fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: crosspoint-demo\r\n"
                              "Content-Type: video/mp2t\r\nTransfer-Encoding: chunked\r\n\r\n",
                              path_, net::to_string(host_)));
  started_ = loop_.now();
  feed();
}

void ClipFeeder::lost() {
  feed_timer_.stop();
  retry_timer_.start_after(retry_after);
}

void ClipFeeder::feed() {
  while (const auto piece = looper_->next(loop_.now() - started_)) send_chunk(*piece);
  flush();
  feed_timer_.start_at(started_ + looper_->due());
}

void ClipFeeder::send_chunk(Bytes piece) {
  if (unsent_.size() + piece.size() > unsent_bytes_max) return;
  append(unsent_, fmt::format("{:x}\r\n", piece.size()));
  append(unsent_, piece);
  append(unsent_, "\r\n");
}

void ClipFeeder::flush() {
  if (unsent_.empty()) return;
  const auto took = stream_->write_some(Bytes(unsent_));
  if (!took) return lost();
  unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<std::ptrdiff_t>(*took));
  if (!unsent_.empty()) stream_->await_writable();
}

}  // namespace crosspoint::cli
