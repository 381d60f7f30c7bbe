#pragma once
// Cuts an upload into messages: one per video frame wherever that can be seen, promptly, and without losing a
// byte. Sans-IO: bytes and times in, messages out. One chunker per upload, so that the bytes of an old upload
// are never joined to those of a new one.
//
// In MPEG-TS a message ends
//   1. where an HTTP chunk ends, if the bytes pending are whole packets (ffmpeg writes one chunk per frame,
//   in several
//      unaligned chunks of 32,768 bytes when the frame is larger);
//   2. where a new video PES packet begins (tables directly before it stay with it);
//   3. when no byte has come for the time of `silence`;
//   4. when `message_bytes_max` are pending.
// Messages hold whole packets: at 3 and 4 a packet that has not come whole yet stays behind. (At the end of
// the upload it goes out as it is; so do bytes before the first packet, as a message of their own.) In
// anything else only 3 and 4 apply. Which of the two an upload is, is decided on its own first bytes.
//
//   chunker.feed(bytes, now);
//   while (auto message = chunker.next()) publish(*message);
//   timer at chunker.due(), then chunker.tick(now) and the same loop.

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "media/table_watch.h"

namespace crosspoint::media {

class TsChunker {
 public:
  struct Settings {
    Duration silence = 2ms;
    std::size_t message_bytes_max =
        1'024'000;  // at least 1; less than a packet makes TS messages of one packet
  };
  enum class Content : std::uint8_t { undecided, mpeg_ts, other };

  TsChunker() : TsChunker(Settings{}) {}
  explicit TsChunker(const Settings& settings);

  void feed(Bytes bytes, MonotonicTime now);
  // An HTTP chunk ended after the bytes fed last.
  void chunk_end(MonotonicTime now);
  // The upload is over: everything pending becomes messages.
  void end();

  // When tick() wants to be called, unless more bytes come before; nothing: not until then.
  std::optional<MonotonicTime> due() const;
  void tick(MonotonicTime now);

  // The next whole message, valid until the next call of any other member than due(), content() and
  // pending_bytes(). To be called until it has nothing, after each feed(), chunk_end(), tick() and end():
  // that keeps memory at message_bytes_max and what was fed last.
  std::optional<Bytes> next();

  Content content() const { return content_; }
  std::size_t pending_bytes() const { return buffer_.size() - closed_; }

 private:
  void scan();
  void scan_packets();
  bool find_step();
  void look_at_packet();
  void lose_step();
  std::size_t publishable_end() const;
  void close_at(std::size_t end);
  void close_message(std::size_t end);
  std::size_t limit_cut() const;
  void enforce_limit();
  void compact();

  Settings settings_;
  ByteVector buffer_;
  std::vector<std::size_t> ends_;  // of closed messages, as offsets into buffer_
  std::size_t ends_taken_ = 0;     // so many of them have been handed out
  std::size_t taken_ = 0;          // buffer_[0, taken_) has been handed out
  std::size_t closed_ = 0;   // buffer_[taken_, closed_) is closed messages; from there on bytes are pending
  std::size_t scanned_ = 0;  // a packet begins here; those before have been looked at. May lie past the end
  std::size_t frame_begin_ = 0;  // where the tables begin that lie directly before scanned_; else scanned_
  std::uint32_t packets_in_step_ = 0;
  bool in_step_ = true;  // we know, or suppose, where packets begin
  Content content_ = Content::undecided;
  TableWatch tables_;
  std::optional<MonotonicTime> last_byte_;
};

}  // namespace crosspoint::media
