#pragma once
// What one loop has to tell another in a turn, of all streams that the two share: noted as it happens, posted
// once, at the very end of the turn. Private to net/*.cpp (far_streams.h says what it is about).

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "net/address.h"
#include "net/loop.h"
#include "net/stream.h"

namespace crosspoint::net {

enum class FarNews : std::uint8_t {
  bytes,  // the next `value` bytes of the batch
  // to where the stream is used
  arrived,  // a new one: the next of the batch's arrivals
  taken,    // the socket took `value` bytes
  end,      // the peer's FIN
  failed,   // `value` is the StreamError
  // to where the socket is
  start,
  pause,
  resume,
  delivered,  // `value` bytes reached whoever uses the stream
  shut_down,
  close,  // `value` bytes were delivered since that was last told
  reset,  // close, with RST
};

struct FarNote {
  FarNews news;
  std::uint32_t line;  // the number of a stream, the same on both loops
  std::uint64_t value = 0;
};

struct FarArrival {
  Address peer;
  std::move_only_function<void(std::unique_ptr<Stream>)> arrived;
};

// Memory of batches that have been read, for later ones: given back to the heap, and so to the system, it
// would have to be found page by page again. Of one loop.
class FarSpares {
 public:
  static constexpr std::size_t bytes_max = 8 * 1024 * 1024;

  // Empty, with room for so many bytes, if the newest one has it.
  ByteVector take(std::size_t bytes);
  void keep(ByteVector chunk);
  std::size_t bytes() const { return bytes_; }

 private:
  std::vector<ByteVector> chunks_;
  std::size_t bytes_ = 0;
};

// A turn's worth, in the order in which it happened. The bytes of a note lie side by side.
class FarBatch {
 public:
  // Used for as long as bytes are added.
  explicit FarBatch(FarSpares& spares) : spares_(spares) {}

  void add(const FarNote& note) { notes_.push_back(note); }
  // Copies what `pieces` begin with, at most `bytes`. A note of its own unless the last one goes on with it.
  void add_bytes(std::uint32_t line, std::span<const Bytes> pieces, std::size_t bytes);

  std::span<const FarNote> notes() const { return notes_; }
  // What belongs to the next note of `bytes`, or `arrived`.
  MutableBytes take_bytes(std::size_t bytes);
  FarArrival take_arrival() { return std::move(arrivals[arrivals_taken_++]); }

  // Did it take more memory than a usual turn does?
  bool worth_keeping() const;
  void give_back(FarSpares& spares);

  std::vector<FarArrival> arrivals;

 private:
  // Never outgrown, so that what lies in it stays where it is.
  struct Chunk {
    ByteVector bytes;
    std::size_t taken = 0;
  };
  Chunk& chunk_for(std::size_t bytes);

  FarSpares& spares_;
  std::vector<FarNote> notes_;
  std::vector<Chunk> chunks_;
  std::size_t chunks_taken_ = 0;
  std::size_t arrivals_taken_ = 0;
};

class FarHearer {
 public:
  // On the loop that the batch was posted to, in a turn of its own.
  virtual void on_batch(FarBatch& batch) = 0;

 protected:
  ~FarHearer() = default;
};

class Courier final : private TurnEndHook {
 public:
  // Both loops outlive it; used on the first one's thread.
  Courier(Loop& from, Loop& to) : from_(from), to_(to), spares_(std::make_shared<FarSpares>()) {}
  // Who is told; not told any more once it has gone.
  void deliver_to(std::weak_ptr<FarHearer> hearer) { hearer_ = std::move(hearer); }

  void note(const FarNote& note) { batch().add(note); }
  void note_bytes(std::uint32_t line, std::span<const Bytes> pieces, std::size_t bytes) {
    batch().add_bytes(line, pieces, bytes);
  }
  void note_arrival(std::uint32_t line, FarArrival arrival);
  std::size_t spare_bytes() const { return spares_->bytes(); }

 private:
  FarBatch& batch();
  void on_turn_end() override;

  Loop& from_;
  Loop& to_;
  std::weak_ptr<FarHearer> hearer_;
  std::shared_ptr<FarSpares> spares_;  // what is on its way back may come later than the end
  std::unique_ptr<FarBatch> batch_;
};

}  // namespace crosspoint::net
