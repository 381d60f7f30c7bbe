#include "testing/raw_client.h"

#include <utility>

namespace crosspoint::testing {

RawClient::RawClient(net::Loop& loop, net::Network& network, const net::Endpoint& endpoint,
                     const net::StreamOptions& options)
    : connecting_(network.connect(loop, endpoint, options, 10s,
                                  [this](auto result) { on_connected(std::move(result)); })) {}

RawClient::~RawClient() = default;

void RawClient::on_connected(Result<std::unique_ptr<net::Stream>, net::NetworkError> result) {
  connecting_.reset();
  if (!result) {
    connect_error_ = std::move(result).error();
    return;
  }
  stream_ = std::move(*result);
  if (!reading_) stream_->pause_reading();
  stream_->start(*this);
  flush();
}

void RawClient::send(Bytes bytes) {
  append(unsent_, bytes);
  if (connected()) flush();
}

std::string RawClient::take_received() { return std::exchange(received_, {}); }

void RawClient::flush() {
  while (unsent_bytes() > 0 && !failure_) {
    const auto taken = stream_->write_some(Bytes(unsent_).subspan(sent_));
    if (!taken) {
      failure_ = taken.error();
      return;
    }
    sent_ += *taken;
    if (*taken == 0) return stream_->await_writable();
  }
  unsent_.clear();
  sent_ = 0;
  if (finishing_ && !failure_) stream_->shutdown_write();
}

void RawClient::stop_reading() {
  reading_ = false;
  if (connected()) stream_->pause_reading();
}

void RawClient::resume_reading() {
  reading_ = true;
  if (connected()) stream_->resume_reading();
}

void RawClient::finish() {
  finishing_ = true;
  if (connected()) flush();
}

void RawClient::close() {
  connecting_.reset();
  stream_.reset();
}

void RawClient::reset() {
  if (connected()) stream_->reset_on_close();
  close();
}

}  // namespace crosspoint::testing
