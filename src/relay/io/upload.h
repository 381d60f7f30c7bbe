#pragma once
// A transport stream that comes by HTTP, as jsmpeg's own relay took it: ffmpeg posts to http://…/<secret> for
// as long as it runs, and what it sends is published on one topic. That relay passed on whatever a read had
// brought; here a message is a picture, and whole packets (media/ts_chunker.h).
//
// The request is on the loop that accepted it, and the topic on its own: messages are posted there, and the
// sender waits while too many of their bytes have not been taken.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "fanout/frame_log.h"
#include "http/io/server.h"
#include "media/ts_chunker.h"
#include "net/loop.h"
#include "relay/client_report.h"
#include "relay/loop_report.h"
#include "relay/topic_report.h"

namespace crosspoint::relay {

class Gateway;

struct UploadSettings {
  std::string secret;       // one segment of a path
  std::string topic = "/";  // where jsmpeg's own page looks for it
  media::TsChunker::Settings chunker;
  std::size_t uploads_max = 64;                     // per loop; more is 503
  std::size_t waiting_bytes_max = 4 * 1024 * 1024;  // of one upload, posted and not taken
};

class Upload final : public http::BodySink {
 public:
  // `here` is the gateway of the request's loop, `owner` that of the topic's; everything referred to but the
  // request outlives the upload.
  Upload(Gateway& here, Gateway& owner, fanout::PublisherId id, const UploadSettings& settings,
         const http::Request& request);
  ~Upload() override;

  // The owner has published so many bytes.
  void on_taken(std::size_t bytes);
  // Ends it, with 403 and this reason. It may be gone when this returns.
  void end_stay(std::string_view reason);

  // Among those who are connected: somebody who sends and receives nothing.
  ClientReport report() const;
  void add_to(LoopReport& report) const;
  void add_to(TopicReport& report) const;

 private:
  void on_begin(http::BodyFlow& flow) override { flow_ = &flow; }
  void on_body(Bytes bytes) override;
  void on_chunk_end() override;
  void on_body_end(http::Responder responder) override;
  void on_body_aborted() override;

  void publish_ready();
  void end();

  Gateway& here_;
  Gateway& owner_;
  const fanout::PublisherId id_;
  const UploadSettings& settings_;
  media::TsChunker chunker_;
  net::Timer pause_timer_;  // a picture ends where the sender pauses
  http::BodyFlow* flow_ = nullptr;
  ClientReport about_;  // who sends, and since when
  Traffic sent_;
  std::size_t waiting_bytes_ = 0;
  bool paused_ = false;
};

}  // namespace crosspoint::relay
