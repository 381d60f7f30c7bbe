#include "relay/io/upload.h"

#include <utility>

#include "relay/io/gateway.h"

namespace crosspoint::relay {

namespace {

ClientReport sender_of(const http::Request& request, const UploadSettings& settings, fanout::PublisherId id,
                       const net::Loop& loop) {
  ClientReport about;
  about.topic = settings.topic;
  about.broadcaster = true;
  about.receives = false;
  about.connected = loop.now();
  about.connected_wall = loop.wall_now();
  about.remote_address = request.head.fields.find("X-Forwarded-For").value_or(net::to_string(request.peer));
  about.user_agent = request.head.fields.find("User-Agent").value_or("");
  about.id = id;
  return about;
}

}  // namespace

Upload::Upload(Gateway& here, Gateway& owner, fanout::PublisherId id, const UploadSettings& settings,
               const http::Request& request)
    : here_(here),
      owner_(owner),
      id_(id),
      settings_(settings),
      chunker_(settings.chunker),
      pause_timer_(here.loop(),
                   [this] {
                     chunker_.tick(here_.loop().now());
                     publish_ready();
                   }),
      about_(sender_of(request, settings, id, here.loop())) {
  owner_.loop().post([&owner = owner_, id = id_] { owner.begin_upload(id); });
}

Upload::~Upload() { here_.forget_upload(id_); }

void Upload::on_body(Bytes bytes) {
  chunker_.feed(bytes, here_.loop().now());
  publish_ready();
}

void Upload::on_chunk_end() {
  chunker_.chunk_end(here_.loop().now());
  publish_ready();
}

void Upload::publish_ready() {
  while (const auto message = chunker_.next()) {
    waiting_bytes_ += message->size();
    sent_ = {sent_.messages + 1, sent_.bytes + message->size(), here_.loop().now()};
    owner_.loop().post(
        [&owner = owner_, &here = here_, id = id_, bytes = ByteVector(message->begin(), message->end())] {
          owner.publish_upload(id, bytes);
          here.loop().post([&here, id, taken = bytes.size()] { here.on_upload_taken(id, taken); });
        });
  }
  if (const auto due = chunker_.due()) {
    pause_timer_.start_at(*due);
  } else {
    pause_timer_.stop();
  }
  if (!paused_ && flow_ != nullptr && waiting_bytes_ > settings_.waiting_bytes_max) {
    paused_ = true;
    flow_->pause();
  }
}

void Upload::on_taken(std::size_t bytes) {
  waiting_bytes_ -= bytes;
  if (flow_ == nullptr || waiting_bytes_ > settings_.waiting_bytes_max / 2) return;
  if (std::exchange(paused_, false)) flow_->resume();
}

void Upload::on_body_end(http::Responder responder) {
  chunker_.end();
  end();
  responder.respond(http::Response{});
}

// A packet that was cut off is left out: it would cost receivers the rhythm of 188 bytes.
void Upload::on_body_aborted() {
  if (const auto due = chunker_.due()) chunker_.tick(*due);
  end();
}

void Upload::end() {
  publish_ready();
  pause_timer_.stop();
  flow_ = nullptr;
  here_.forget_upload(id_);
  owner_.loop().post([&owner = owner_, id = id_] { owner.end_upload(id); });
}

void Upload::end_stay(std::string_view reason) {
  if (flow_ != nullptr) flow_->answer_now(http::text_response(403, std::string(reason) + "\n"));
}

ClientReport Upload::report() const {
  ClientReport report = about_;
  report.sent = sent_;
  return report;
}

void Upload::add_to(LoopReport& report) const {
  report.messages_in += sent_.messages;
  report.bytes_in += sent_.bytes;
}

void Upload::add_to(TopicReport& report) const { ++report.senders; }

}  // namespace crosspoint::relay
