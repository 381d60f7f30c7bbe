#include "host/io/ingest.h"

#include <utility>

namespace crosspoint::host {

Ingest::Ingest(net::Loop& loop, Feeds& feeds, std::unique_ptr<Source> source, Uploads& uploads,
               const IngestSettings& settings)
    : loop_(loop),
      feeds_(feeds),
      source_(std::move(source)),
      uploads_(uploads),
      settings_(settings),
      chunker_(settings.chunker),
      pause_timer_(loop,
                   [this] {
                     chunker_.tick(loop_.now());
                     publish_ready();
                   }),
      stall_timer_(loop, [this] { watch_for_stall(); }),
      last_byte_(loop.now()) {
  ++uploads_.running;
  stall_timer_.start_after(settings_.stalled_after);
  log::debug("host", "feed {}: an upload begins", source_->feed().name());
}

Ingest::~Ingest() = default;

void Ingest::on_body(Bytes bytes) {
  last_byte_ = loop_.now();
  bytes_ += bytes.size();
  if (!stall_timer_.running()) {
    source_->set_stalled(false);
    stall_timer_.start_after(settings_.stalled_after);
  }
  chunker_.feed(bytes, loop_.now());
  publish_ready();
}

void Ingest::on_chunk_end() {
  chunker_.chunk_end(loop_.now());
  publish_ready();
}

void Ingest::publish_ready() {
  while (const auto message = chunker_.next())
    feeds_.publish(*source_, websocket::MessageType::binary, *message, loop_.now());
  if (const auto due = chunker_.due()) {
    pause_timer_.start_at(*due);
  } else {
    pause_timer_.stop();
  }
}

// The server keeps a sink for the rest of the turn, or longer when it is itself destroyed: by then nothing of
// the agent may be needed any more.
void Ingest::end(std::string_view how) {
  publish_ready();
  pause_timer_.stop();
  stall_timer_.stop();
  log::debug("host", "feed {}: an upload {} after {} bytes", source_->feed().name(), how, bytes_);
  source_.reset();
  --uploads_.running;
}

void Ingest::on_body_end(http::Responder responder) {
  chunker_.end();
  end("ended");
  responder.respond(http::Response{});
}

void Ingest::on_body_aborted() {
  // The packet that was cut off is of no use to anybody, and would cost receivers the rhythm of 188 bytes.
  if (chunker_.content() != media::TsChunker::Content::mpeg_ts) {
    chunker_.end();
  } else if (const auto due = chunker_.due()) {
    chunker_.tick(*due);
  }
  end("broke off");
}

// Runs once in a while, not once a piece: a feed brings thousands of those in a second.
void Ingest::watch_for_stall() {
  const auto due = last_byte_ + settings_.stalled_after;
  if (loop_.now() < due) return stall_timer_.start_at(due);
  source_->set_stalled(true);
  if (!uploads_.log_limit.admit(loop_.now())) return;
  log::warning("host", "feed {}: its upload is open but has brought nothing for {} ms",
               source_->feed().name(),
               std::chrono::duration_cast<std::chrono::milliseconds>(loop_.now() - last_byte_).count());
}

}  // namespace crosspoint::host
