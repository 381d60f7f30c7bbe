#pragma once
// One upload to /ts/NAME: the body of a request that goes on as long as ffmpeg does, cut into messages
// (media/ts_chunker.h) and published on the feed. One chunker for each upload: what is left of an old one is
// never joined to the next.
//
// At the end of the body it answers 200, empty, and is gone.

#include <memory>
#include <string_view>

#include "base/log.h"
#include "host/feeds.h"
#include "http/io/server.h"
#include "media/ts_chunker.h"
#include "net/loop.h"

namespace crosspoint::host {

struct IngestSettings {
  media::TsChunker::Settings chunker;
  Duration stalled_after = 2s;  // without a byte: said once in the log, and shown in the status
  std::size_t uploads_max = 256;
};

// What uploads share: how many there are, and how often the log may speak of them.
struct Uploads {
  std::size_t running = 0;
  log::LogLimit log_limit;
};

class Ingest final : public http::BodySink {
 public:
  // Everything referred to outlives it.
  Ingest(net::Loop& loop, Feeds& feeds, std::unique_ptr<Source> source, Uploads& uploads,
         const IngestSettings& settings);
  ~Ingest() override;

 private:
  void on_body(Bytes bytes) override;
  void on_chunk_end() override;
  void on_body_end(http::Responder responder) override;
  void on_body_aborted() override;

  void publish_ready();
  void end(std::string_view how);
  void watch_for_stall();

  net::Loop& loop_;
  Feeds& feeds_;
  std::unique_ptr<Source> source_;
  Uploads& uploads_;
  const IngestSettings& settings_;
  media::TsChunker chunker_;
  net::Timer pause_timer_;  // a frame ends where the sender pauses
  net::Timer stall_timer_;
  MonotonicTime last_byte_;
  std::uint64_t bytes_ = 0;
};

}  // namespace crosspoint::host
