#pragma once
// What of the messages meant for one receiver it is really given: the gate in front of every local client and
// every destination.
//
// Three things decide, and all of them are decided on whole messages:
//   - continuity: of a feed that carries MPEG-TS, a receiver that has missed something (it came late, was
//   muted, was cut off,
//     was too slow) goes on at the next access point and nowhere else, tables first, the gap announced;
//   - the bounds of its queue, by bytes and, for pictures, by age;
//   - poison: no text into a receiver of pictures.
// Messages that are not MPEG-TS need no continuity: each stands for itself.
//
// Pure: it is told how much waits, and answers. Whoever asks carries it out.

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "host/message.h"

namespace crosspoint::host {

// A queue below its bounds takes one more message, however large that is: so none is too large for an empty
// one.
struct QueueBounds {
  std::size_t bytes_max = 4 * 1024 * 1024;
  Duration picture_age_max = 2s;  // of the oldest byte that waits, when a message of a TS feed comes
};

// What waits to be written to the receiver now.
struct QueueState {
  std::size_t bytes = 0;
  Duration oldest_age{};
};

enum class TextAmongPictures : std::uint8_t { pass, withhold };

class Gate {
 public:
  struct Settings {
    QueueBounds bounds;
    TextAmongPictures text = TextAmongPictures::pass;
    // Nobody waits longer than this for an access point: some streams announce none.
    Duration access_wait_max = 15s;
  };

  enum class Verdict : std::uint8_t {
    give,      // as it is
    rewrite,   // instead of it, the bytes appended to `out`: it is where the receiver comes in
    withhold,  // not this one; it counts as dropped
    overflow,  // not a picture, and the queue is full
  };
  struct Ruling {
    Verdict verdict = Verdict::give;
    bool drop_waiting = false;  // first, throw away what waits and is not half written
  };

  explicit Gate(const Settings& settings) : settings_(settings) {}

  // `out` is appended to only for Verdict::rewrite.
  Ruling judge(const MessageFacts& facts, websocket::MessageType type, Bytes payload, const QueueState& queue,
               ByteVector& out);

  // The receiver is a new one: what the earlier one got does not count.
  void begin_anew() { feeds_.clear(); }

 private:
  struct Followed {
    FeedId feed = 0;
    std::uint64_t next_sequence = 0;
    MonotonicTime waiting_since{};
    bool flowing = false;         // it has everything up to next_sequence
    bool seen = false;            // it has got something of this feed
    std::uint8_t tail_bytes = 0;  // of a packet that was cut at the end of the last message given
  };
  Followed& follow(const MessageFacts& facts);
  bool is_full_for_pictures(const QueueState& queue) const;
  Verdict judge_picture(Followed& followed, const MessageFacts& facts, Bytes payload, ByteVector& out) const;

  Settings settings_;
  std::vector<Followed> feeds_;
};

}  // namespace crosspoint::host
