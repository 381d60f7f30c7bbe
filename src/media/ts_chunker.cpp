#include "media/ts_chunker.h"

#include <algorithm>

#include "base/assert.h"
#include "media/pes.h"
#include "media/sync.h"

namespace crosspoint::media {
namespace {

bool begins_picture(const PacketView& packet) {
  if (!packet.payload_unit_start() || packet.scrambled()) return false;
  const Bytes payload = packet.payload();
  return payload.size() >= 4 && read_big_endian(payload.first(3)) == 1 &&
         is_video_stream_id(to_u8(payload[3]));
}

}  // namespace

TsChunker::TsChunker(const Settings& settings) : settings_(settings) {
  CROSSPOINT_ASSERT(settings.message_bytes_max > 0);
}

void TsChunker::feed(Bytes bytes, MonotonicTime now) {
  compact();
  if (bytes.empty()) return;
  append(buffer_, bytes);
  last_byte_ = now;
  scan();
  enforce_limit();
}

void TsChunker::chunk_end(MonotonicTime) {
  const bool whole_packets = in_step_ && packets_in_step_ > 0 && scanned_ == buffer_.size();
  if (content_ != Content::other && whole_packets) close_at(buffer_.size());
}

void TsChunker::end() { close_at(buffer_.size()); }

std::optional<MonotonicTime> TsChunker::due() const {
  if (publishable_end() <= closed_) return std::nullopt;
  return *last_byte_ + settings_.silence;
}

void TsChunker::tick(MonotonicTime now) {
  const auto time = due();
  if (!time || now < *time) return;
  const std::size_t end = publishable_end();
  close_at(end);
  if (scanned_ < end) {
    // The first bytes of what may be a packet went out alone; the next one still begins where it would have
    // begun.
    scanned_ += in_step_ ? packet_bytes : end - scanned_;
    frame_begin_ = scanned_;
  }
}

std::optional<Bytes> TsChunker::next() {
  if (ends_taken_ == ends_.size()) return std::nullopt;
  const std::size_t end = ends_[ends_taken_++];
  const Bytes message = Bytes(buffer_).subspan(taken_, end - taken_);
  taken_ = end;
  return message;
}

// ---- where messages end ----

void TsChunker::close_at(std::size_t end) {
  while (end > closed_ && end - closed_ > settings_.message_bytes_max && limit_cut() < end)
    close_message(limit_cut());
  if (end > closed_) close_message(end);
}

void TsChunker::close_message(std::size_t end) {
  ends_.push_back(end);
  closed_ = end;
}

// Where a message ends that begins at closed_ and is as long as it may be. In TS it goes back to the
// beginning of a packet, unless that leaves nothing: then it is one packet.
std::size_t TsChunker::limit_cut() const {
  const std::size_t end = closed_ + settings_.message_bytes_max;
  if (!in_step_ || content_ != Content::mpeg_ts) return end;
  const std::size_t into_packet =
      (end % packet_bytes + packet_bytes - scanned_ % packet_bytes) % packet_bytes;
  return into_packet < settings_.message_bytes_max ? end - into_packet : end - into_packet + packet_bytes;
}

void TsChunker::enforce_limit() {
  const bool packets_only = in_step_ && content_ == Content::mpeg_ts;
  const std::size_t available = packets_only ? std::min(scanned_, buffer_.size()) : buffer_.size();
  while (pending_bytes() >= settings_.message_bytes_max && limit_cut() <= available)
    close_message(limit_cut());
}

// What a silence publishes. A packet that has begun waits for its end, once there is reason to believe that
// it is one.
std::size_t TsChunker::publishable_end() const {
  const bool believed =
      content_ == Content::mpeg_ts || (content_ == Content::undecided && packets_in_step_ > 0);
  return in_step_ && believed ? std::min(scanned_, buffer_.size()) : buffer_.size();
}

void TsChunker::compact() {
  if (taken_ == 0) return;
  const auto behind = [this](std::size_t offset) { return offset - std::min(offset, taken_); };
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(taken_));
  ends_.erase(ends_.begin(), ends_.begin() + static_cast<std::ptrdiff_t>(ends_taken_));
  for (std::size_t& end: ends_) end = behind(end);
  ends_taken_ = 0;
  closed_ = behind(closed_);
  scanned_ = behind(scanned_);
  frame_begin_ = behind(frame_begin_);
  taken_ = 0;
}

// ---- packets ----

void TsChunker::scan() {
  while (content_ != Content::other) {
    if (!in_step_ && !find_step()) return;
    scan_packets();
    if (in_step_) return;
  }
}

void TsChunker::scan_packets() {
  while (scanned_ < buffer_.size()) {
    if (buffer_[scanned_] != sync_byte) return lose_step();
    if (buffer_.size() - scanned_ < packet_bytes) return;
    look_at_packet();
    if (++packets_in_step_ >= sync_packets_expected) content_ = Content::mpeg_ts;
  }
}

void TsChunker::look_at_packet() {
  const PacketView packet{PacketBytes(buffer_.data() + scanned_, packet_bytes)};
  const std::size_t begin = scanned_;
  scanned_ += packet_bytes;
  const Pid pid = packet.pid();
  if (tables_.is_table(pid)) {
    tables_.on_packet(packet);
    return;
  }
  if (is_service_information(pid) || pid == pid_null) return;
  if (begins_picture(packet)) close_at(std::min(frame_begin_, begin));
  frame_begin_ = scanned_;
}

// No packet begins where one should. What was pending up to there is a message, what comes until packets
// begin again is another.
void TsChunker::lose_step() {
  if (content_ == Content::mpeg_ts) close_at(scanned_);
  in_step_ = false;
  packets_in_step_ = 0;
}

// Searches the beginning of packets from scanned_ on. False: more bytes are needed, or this is something
// else.
bool TsChunker::find_step() {
  const std::size_t enough = content_ == Content::mpeg_ts ? sync_packets_expected : sync_packets_searched;
  if (content_ == Content::undecided) scanned_ = closed_;
  while (scanned_ < buffer_.size()) {
    if (const auto found = find_sync(buffer_, scanned_, enough)) {
      close_at(*found);
      scanned_ = frame_begin_ = *found;
      in_step_ = true;
      content_ = Content::mpeg_ts;
      return true;
    }
    if (buffer_.size() - scanned_ < (enough + 1) * packet_bytes) return false;
    if (content_ == Content::undecided) {
      content_ = Content::other;
      return false;
    }
    scanned_ += packet_bytes;
  }
  return false;
}

}  // namespace crosspoint::media
